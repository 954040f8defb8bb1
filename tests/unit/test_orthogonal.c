// Orthogonality, the Haar law, and that threads and CPU levels do not change a bit.
#include "fill/cpu.h"
#include "fill/fill.h"
#include "support/filling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// The largest deviation of the Gram matrix of the shorter side from gain^2 I. Element (i, k) stands
// at values[(i * columns + k) * step].
static double deviation(const double *values, int64_t rows, int64_t columns, int64_t step,
                        double gain) {
    const bool lying = rows < columns;
    const int64_t n = lying ? rows : columns, m = lying ? columns : rows;
    double worst = 0;
    for (int64_t i = 0; i < n; i++) {
        for (int64_t j = 0; j <= i; j++) {
            double sum = 0;
            for (int64_t k = 0; k < m; k++) {
                sum += lying ? values[(i * columns + k) * step] * values[(j * columns + k) * step]
                             : values[(k * columns + i) * step] * values[(k * columns + j) * step];
            }
            worst = fmax(worst, fabs(sum / (gain * gain) - (i == j)));
        }
    }
    return worst;
}

static const int64_t shapes[][2] = {{1, 1},    {1, 9},     {9, 1},    {3, 5},     {64, 64},
                                    {65, 130}, {257, 256}, {300, 70}, {129, 129}, {63, 64}};
enum { SHAPES = sizeof shapes / sizeof *shapes };

static void check_orthogonality(const char *level) {
    const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                               OWI_DTYPE_BFLOAT16};
    const double limits[] = {1e-6, 5e-15, 2e-3, 1.6e-2};
    for (int t = 0; t < 4; t++) {
        double worst = 0;
        for (int s = 0; s < SHAPES; s++) {
            filling it;
            filling_make(&it, OWI_RECIPE_ORTHOGONAL, 0, 1, 0, types[t], 11,
                         SHAPE(shapes[s][0], shapes[s][1]));
            double *values = filling_values(&it.filler, 2);
            worst = fmax(worst, deviation(values, shapes[s][0], shapes[s][1], 1, 1));
            free(values);
        }
        print_message("%s %s: largest |Q'Q - I| %.2g\n", level, owi_dtype_name(types[t]), worst);
        assert_true(worst < limits[t]);
    }
}

static void test_orthogonality(void **state) {
    (void)state;
    filling_each_level(check_orthogonality);
}

static void test_gain_and_flattening(void **state) {
    (void)state;
    filling it;
    filling_make(&it, OWI_RECIPE_ORTHOGONAL, 0, 1.5, 0, OWI_DTYPE_FLOAT, 4, SHAPE(5, 8, 3, 7));
    it.recipe.row_axes = 2; // 40 x 21
    double *values = filling_values(&it.filler, 1);
    assert_true(deviation(values, 40, 21, 1, 1.5) < 1e-6);
    free(values);
}

// Gates along the middle axis beside a constant: each box is orthogonal by itself, and no other.
static void test_boxes(void **state) {
    (void)state;
    const int64_t shape[] = {2, 40, 12};
    const int64_t offsets[][3] = {{0, 0, 0}, {0, 12, 0}, {1, 0, 0}, {1, 12, 0}, {0, 24, 0}};
    const int64_t gate[] = {1, 12, 12}, rest[] = {2, 16, 12};
    owi_recipe recipes[5];
    for (uint32_t i = 0; i < 5; i++) {
        recipes[i] = (owi_recipe){.kind = i < 4 ? OWI_RECIPE_ORTHOGONAL : OWI_RECIPE_CONSTANT,
                                  .a = 7,
                                  .b = 1,
                                  .offset = offsets[i],
                                  .extent = i < 4 ? gate : rest,
                                  .row_axes = 2,
                                  .groups = 1,
                                  .stream = i};
    }
    const owi_filler filler = {.key = 8,
                               .dtype = OWI_DTYPE_DOUBLE,
                               .rank = 3,
                               .shape = shape,
                               .elements = 960,
                               .recipes = recipes,
                               .recipe_count = 5};
    assert_true(owi_fill_is_whole(&filler));
    double *values = filling_values(&filler, 3);
    for (int i = 0; i < 4; i++) {
        const double *block = values + offsets[i][0] * 480 + offsets[i][1] * 12;
        assert_true(deviation(block, 12, 12, 1, 1) < 5e-15);
        assert_true(i == 0 || block[0] != values[0]);
    }
    for (int i = 0; i < 960; i++) {
        assert_true((i % 480 >= 288) == (values[i] == 7));
    }
    // The same tensor in another order of boxes, and the same gate alone: the same values.
    filling alone;
    filling_make(&alone, OWI_RECIPE_ORTHOGONAL, 0, 1, 0, OWI_DTYPE_DOUBLE, 8, SHAPE(12, 12));
    alone.recipe.stream = 3;
    double *own = filling_values(&alone.filler, 1);
    assert_memory_equal(own, values + 480 + 144, 144 * sizeof *own);
    free(own);
    free(values);
}

// Boxes cut out of columns: rows of the box do not lie end to end.
static void test_column_boxes(void **state) {
    (void)state;
    const int64_t shape[] = {100, 210}, offsets[][2] = {{0, 0}, {0, 70}, {0, 140}};
    const int64_t extent[] = {100, 70};
    owi_recipe recipes[3];
    for (uint32_t i = 0; i < 3; i++) {
        recipes[i] = (owi_recipe){.kind = OWI_RECIPE_ORTHOGONAL,
                                  .b = 1,
                                  .offset = offsets[i],
                                  .extent = extent,
                                  .row_axes = 1,
                                  .groups = 1,
                                  .stream = i};
    }
    const owi_filler filler = {.key = 8,
                               .dtype = OWI_DTYPE_FLOAT,
                               .rank = 2,
                               .shape = shape,
                               .elements = 21000,
                               .recipes = recipes,
                               .recipe_count = 3};
    double *values = filling_values(&filler, 2), block[7000];
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 7000; k++) {
            block[k] = values[k / 70 * 210 + i * 70 + k % 70];
        }
        assert_true(deviation(block, 100, 70, 1, 1) < 1e-6);
    }
    free(values);
}

static void test_delta(void **state) {
    (void)state;
    const int64_t cases[][2] = {{20, 6}, {6, 20}, {1, 1}};
    for (int s = 0; s < 3; s++) {
        filling it;
        filling_make(&it, OWI_RECIPE_DELTA_ORTHOGONAL, 0, 2, 0, OWI_DTYPE_FLOAT, 4,
                     SHAPE(cases[s][0], cases[s][1], 3, 4));
        double *values = filling_values(&it.filler, 1);
        assert_true(deviation(values + 6, cases[s][0], cases[s][1], 12, 2) < 1e-6);
        for (int64_t i = 0; i < cases[s][0] * cases[s][1] * 12; i++) {
            assert_true(i % 12 == 6 || values[i] == 0);
        }
        free(values);
    }
    // Without a kernel it is the plain orthogonal matrix.
    filling delta, plain;
    filling_make(&delta, OWI_RECIPE_DELTA_ORTHOGONAL, 0, 1, 0, OWI_DTYPE_FLOAT, 4, SHAPE(9, 5));
    filling_make(&plain, OWI_RECIPE_ORTHOGONAL, 0, 1, 0, OWI_DTYPE_FLOAT, 4, SHAPE(9, 5));
    uint8_t *one = filling_bytes(&delta.filler, 1), *other = filling_bytes(&plain.filler, 1);
    assert_memory_equal(one, other, 45 * 4);
    free(one);
    free(other);
}

static void test_threads(void **state) {
    (void)state;
    const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE};
    for (int t = 0; t < 2; t++) {
        filling it;
        filling_make(&it, OWI_RECIPE_ORTHOGONAL, 0, 1, 0, types[t], 21, SHAPE(400, 333));
        uint8_t *one = filling_bytes(&it.filler, 1);
        const unsigned threads[] = {0, 2, 3, 7};
        for (int i = 0; i < 4; i++) {
            uint8_t *more = filling_bytes(&it.filler, threads[i]);
            assert_memory_equal(one, more, 400 * 333 * owi_dtype_size(types[t]));
            free(more);
        }
        free(one);
    }
}

// ---- the Haar law ----------------------------------------------------------------------------

enum { MATRICES = 8000 };

static double determinant(const double *q, int n) {
    if (n == 2) {
        return q[0] * q[3] - q[1] * q[2];
    }
    return q[0] * (q[4] * q[8] - q[5] * q[7]) - q[1] * (q[3] * q[8] - q[5] * q[6]) +
           q[2] * (q[3] * q[7] - q[4] * q[6]);
}

static void check_haar(int n) {
    double squares[9] = {0}, fourths[9] = {0}, trace = 0, trace2 = 0, positive = 0;
    for (int matrix = 0; matrix < MATRICES; matrix++) {
        filling it;
        filling_make(&it, OWI_RECIPE_ORTHOGONAL, 0, 1, 0, OWI_DTYPE_FLOAT,
                     owi_key_make((uint64_t)matrix, "", "q"), SHAPE(n, n));
        double *q = filling_values(&it.filler, 1), diagonal = 0;
        for (int i = 0; i < n * n; i++) {
            squares[i] += q[i] * q[i] / MATRICES;
            fourths[i] += q[i] * q[i] * q[i] * q[i] / MATRICES;
            diagonal += i % (n + 1) == 0 ? q[i] : 0;
        }
        trace += diagonal / MATRICES;
        trace2 += diagonal * diagonal / MATRICES;
        positive += (determinant(q, n) > 0) / (double)MATRICES;
        free(q);
    }
    // E q^2 = 1/n, E q^4 = 3/(n (n + 2)), E q^8 = 105/(n (n + 2) (n + 4) (n + 6)).
    const double m2 = 1.0 / n, m4 = 3.0 / (n * (n + 2)), root = sqrt(MATRICES);
    const double m8 = 105.0 / (n * (n + 2) * (n + 4) * (n + 6));
    for (int i = 0; i < n * n; i++) {
        assert_true(fabs(squares[i] - m2) * root / sqrt(m4 - m2 * m2) < 4);
        assert_true(fabs(fourths[i] - m4) * root / sqrt(m8 - m4 * m4) < 4);
    }
    assert_true(fabs(trace) * root < 4);
    assert_true(fabs(trace2 - 1) * root < 4 * sqrt(2));
    assert_true(fabs(positive - 0.5) * root * 2 < 4);
}

static void test_haar(void **state) {
    (void)state;
    check_haar(2);
    check_haar(3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orthogonality), cmocka_unit_test(test_gain_and_flattening),
        cmocka_unit_test(test_boxes),         cmocka_unit_test(test_column_boxes),
        cmocka_unit_test(test_delta),         cmocka_unit_test(test_threads),
        cmocka_unit_test(test_haar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
