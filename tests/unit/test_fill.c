// Boxes, runs, patterns, and that no way of cutting a tensor into ranges changes a byte.
#include "fill/fill.h"
#include "support/filling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                  OWI_DTYPE_BFLOAT16};

// Any cut must make the bytes of the uncut tensor, at any alignment, and touch nothing else.
static void check_cuts(const owi_filler *filler) {
    const size_t size = owi_dtype_size(filler->dtype);
    uint8_t *whole = filling_bytes(filler, 1);
    uint8_t *part = malloc((size_t)filler->elements * size + 2);
    uint64_t random = 12345;
    for (int cut = 0; cut < 60; cut++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const uint64_t first = (random >> 33) % filler->elements;
        random = random * 6364136223846793005u + 1442695040888963407u;
        const uint64_t most = cut % 3 == 0 ? 3 : filler->elements;
        uint64_t count = (random >> 33) % (most + 1);
        count = count < filler->elements - first ? count : filler->elements - first;
        memset(part, 0xa5, (size_t)filler->elements * size + 2);
        owi_fill_range(filler, first, count, part + 1);
        assert_memory_equal(part + 1, whole + first * size, (size_t)count * size);
        assert_int_equal(part[0], 0xa5);
        assert_int_equal(part[1 + count * size], 0xa5);
    }
    for (uint64_t e = 0; e < filler->elements && e < 3000; e++) {
        owi_fill_range(filler, e, 1, part);
        assert_memory_equal(part, whole + e * size, size);
    }
    free(whole);
    free(part);
}

static void test_cuts(void **state) {
    (void)state;
    const owi_recipe_kind kinds[] = {OWI_RECIPE_CONSTANT, OWI_RECIPE_NORMAL,   OWI_RECIPE_TRUNCATED,
                                     OWI_RECIPE_UNIFORM,  OWI_RECIPE_IDENTITY, OWI_RECIPE_DIRAC,
                                     OWI_RECIPE_ICNR,     OWI_RECIPE_BILINEAR};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t t = 0; t < 4; t++) {
            filling it;
            filling_make(&it, kinds[k], 0.125, 0.5, 4, types[t], 77, SHAPE(24, 23, 3, 5));
            check_cuts(&it.filler);
        }
    }
}

// ---- boxes -----------------------------------------------------------------------------------

enum { BOXES = 4 };

// A tensor of 6 x 10 x 8 in four boxes: three along the middle axis, the last of them cut again.
typedef struct boxed {
    owi_recipe recipes[BOXES];
    owi_filler filler;
} boxed;

static const int64_t boxed_shape[] = {6, 10, 8};
static const int64_t offsets[BOXES][3] = {{0, 0, 0}, {0, 3, 0}, {0, 7, 0}, {0, 7, 5}};
static const int64_t extents[BOXES][3] = {{6, 3, 8}, {6, 4, 8}, {6, 3, 5}, {6, 3, 3}};

static void make_boxed(boxed *it, owi_dtype dtype) {
    const owi_recipe_kind kinds[BOXES] = {OWI_RECIPE_NORMAL, OWI_RECIPE_UNIFORM, OWI_RECIPE_ICNR,
                                          OWI_RECIPE_CONSTANT};
    for (size_t i = 0; i < BOXES; i++) {
        it->recipes[i] = (owi_recipe){.kind = kinds[i],
                                      .a = 0.75,
                                      .b = 2,
                                      .c = 3,
                                      .offset = offsets[i],
                                      .extent = extents[i],
                                      .row_axes = 1,
                                      .groups = 1,
                                      .stream = (uint32_t)i};
    }
    it->filler = (owi_filler){.key = 5,
                              .dtype = dtype,
                              .rank = 3,
                              .shape = boxed_shape,
                              .elements = 480,
                              .recipes = it->recipes,
                              .recipe_count = BOXES};
}

static size_t box_at(size_t j, size_t k) {
    return j < 3 ? 0 : j < 7 ? 1 : k < 5 ? 2 : 3;
}

// Plain draws are those of the element's place in the tensor; ICNR's are the box's own.
static void test_boxes(void **state) {
    (void)state;
    for (size_t t = 0; t < 4; t++) {
        boxed it;
        make_boxed(&it, types[t]);
        check_cuts(&it.filler);
        filling normal, uniform, icnr;
        filling_make(&normal, OWI_RECIPE_NORMAL, 0.75, 2, 0, types[t], 5, SHAPE(6, 10, 8));
        filling_make(&uniform, OWI_RECIPE_UNIFORM, 0.75, 2, 0, types[t], 5, SHAPE(6, 10, 8));
        filling_make(&icnr, OWI_RECIPE_ICNR, 0.75, 2, 3, types[t], 5, SHAPE(6, 3, 5));
        icnr.recipe.stream = 2;
        double *values = filling_values(&it.filler, 1);
        double *plain[2] = {filling_values(&normal.filler, 1), filling_values(&uniform.filler, 1)};
        double *own = filling_values(&icnr.filler, 1);
        for (size_t e = 0; e < 480; e++) {
            const size_t i = e / 80, j = e / 8 % 10, k = e % 8, box = box_at(j, k);
            const double expected = box < 2    ? plain[box][e]
                                    : box == 2 ? own[(i * 3 + (j - 7)) * 5 + k]
                                               : 0.75;
            assert_true(values[e] == expected);
        }
        free(values);
        free(plain[0]);
        free(plain[1]);
        free(own);
    }
}

static void test_scalar_and_empty(void **state) {
    (void)state;
    filling it;
    filling_make(&it, OWI_RECIPE_CONSTANT, 0.25, 0, 0, OWI_DTYPE_FLOAT, 1, SHAPE(0));
    it.recipe.offset = it.recipe.extent = NULL;
    assert_int_equal(it.filler.elements, 1);
    double *values = filling_values(&it.filler, 1);
    assert_true(values[0] == 0.25);
    free(values);
    const int64_t empty[] = {3, 0, 5}, nowhere[] = {0, 0, 0};
    it.recipe = (owi_recipe){.kind = OWI_RECIPE_NORMAL,
                             .b = 1,
                             .offset = nowhere,
                             .extent = empty,
                             .row_axes = 1,
                             .groups = 1};
    it.filler.rank = 3;
    it.filler.shape = empty;
    it.filler.elements = 0;
    free(filling_bytes(&it.filler, 1));
    it.recipe.kind = OWI_RECIPE_ORTHOGONAL;
    free(filling_bytes(&it.filler, 2));
}

// A range deep in a tensor of many short runs costs no walk over the runs before it.
static void test_far_range(void **state) {
    (void)state;
    const int64_t shape[] = {INT64_C(1) << 40, 3}, offset[] = {0, 1};
    const int64_t extent[] = {INT64_C(1) << 40, 1}, left[] = {0, 0}, right[] = {0, 2};
    owi_recipe recipes[3];
    const int64_t *const places[] = {left, offset, right};
    for (int i = 0; i < 3; i++) {
        recipes[i] = (owi_recipe){.kind = OWI_RECIPE_CONSTANT,
                                  .a = i,
                                  .offset = places[i],
                                  .extent = extent,
                                  .row_axes = 1,
                                  .groups = 1};
    }
    const owi_filler filler = {.dtype = OWI_DTYPE_FLOAT,
                               .rank = 2,
                               .shape = shape,
                               .elements = UINT64_C(3) << 40,
                               .recipes = recipes,
                               .recipe_count = 3};
    uint8_t bytes[100 * 4];
    const uint64_t first = (UINT64_C(3) << 40) - 100;
    owi_fill_range(&filler, first, 100, bytes);
    for (uint64_t i = 0; i < 100; i++) {
        assert_true(filling_decode(OWI_DTYPE_FLOAT, bytes + 4 * i) == (double)((first + i) % 3));
    }
}

// ---- patterns --------------------------------------------------------------------------------

static void test_identity(void **state) {
    (void)state;
    const int64_t shapes[][3] = {{5, 5}, {3, 7}, {7, 3}, {4, 2}, {1, 1}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const int64_t rows = shapes[s][0], columns = shapes[s][1];
        filling it;
        filling_make(&it, OWI_RECIPE_IDENTITY, 0, 1.5, 0, OWI_DTYPE_FLOAT, 1, SHAPE(rows, columns));
        double *values = filling_values(&it.filler, 1);
        for (int64_t i = 0; i < rows * columns; i++) {
            assert_true(values[i] == (i / columns == i % columns ? 1.5 : 0));
        }
        free(values);
    }
    // Two axes of rows: 2 x 3 x 6 is 6 x 6.
    filling it;
    filling_make(&it, OWI_RECIPE_IDENTITY, 0, 1, 0, OWI_DTYPE_FLOAT, 1, SHAPE(2, 3, 6));
    it.recipe.row_axes = 2;
    double *values = filling_values(&it.filler, 1);
    for (int i = 0; i < 36; i++) {
        assert_true(values[i] == (i / 6 == i % 6));
    }
    free(values);
}

// Convolving with it gives the input's channels back, group by group.
static void test_dirac(void **state) {
    (void)state;
    const int64_t cases[][3] = {{4, 4, 1}, {6, 3, 2}, {8, 2, 2}, {4, 1, 4}, {2, 5, 1}};
    for (size_t s = 0; s < sizeof cases / sizeof *cases; s++) {
        const int64_t outputs = cases[s][0], inputs = cases[s][1], groups = cases[s][2];
        filling it;
        filling_make(&it, OWI_RECIPE_DIRAC, 0, 2, 0, OWI_DTYPE_FLOAT16, 1,
                     SHAPE(outputs, inputs, 3, 4));
        it.recipe.groups = (uint32_t)groups;
        double *values = filling_values(&it.filler, 1);
        for (int64_t i = 0; i < outputs * inputs * 12; i++) {
            const int64_t m = i / 12 / inputs, c = i / 12 % inputs, y = i / 4 % 3, x = i % 4;
            const bool one = c == m % (outputs / groups) && y == 1 && x == 2;
            assert_true(values[i] == (one ? 2 : 0));
        }
        free(values);
    }
}

static void test_icnr(void **state) {
    (void)state;
    filling it, other;
    filling_make(&it, OWI_RECIPE_ICNR, 0, 1, 4, OWI_DTYPE_FLOAT, 3, SHAPE(20, 5, 3, 3));
    double *values = filling_values(&it.filler, 1);
    for (int row = 0; row < 20; row++) {
        for (int i = 0; i < 45; i++) {
            assert_true(values[row * 45 + i] == values[row / 4 * 4 * 45 + i]);
            assert_true(row < 4 || values[row * 45 + i] != values[(row - 4) * 45 + i]);
        }
    }
    filling_make(&other, OWI_RECIPE_ICNR, 0, 1, 4, OWI_DTYPE_FLOAT, 3, SHAPE(20, 5, 3, 3));
    other.recipe.stream = 1;
    double *others = filling_values(&other.filler, 1);
    assert_true(values[0] != others[0]);
    free(values);
    free(others);
}

// By 2: the four taps of linear interpolation; a depthwise and a full kernel.
static void test_bilinear(void **state) {
    (void)state;
    const double taps[] = {0.25, 0.75, 0.75, 0.25}, odd[] = {0.25, 0.75, 0.75};
    filling it;
    filling_make(&it, OWI_RECIPE_BILINEAR, 0, 0, 0, OWI_DTYPE_FLOAT, 1, SHAPE(3, 1, 4, 3));
    double *values = filling_values(&it.filler, 1);
    for (int i = 0; i < 36; i++) {
        assert_true(values[i] == taps[i / 3 % 4] * odd[i % 3]);
    }
    free(values);
    filling_make(&it, OWI_RECIPE_BILINEAR, 0, 0, 0, OWI_DTYPE_DOUBLE, 1, SHAPE(3, 3, 4, 4));
    values = filling_values(&it.filler, 1);
    for (int i = 0; i < 144; i++) {
        const bool same = i / 48 == i / 16 % 3;
        assert_true(values[i] == (same ? taps[i / 4 % 4] * taps[i % 4] : 0));
    }
    free(values);
}

static void test_constant_and_zero_deviation(void **state) {
    (void)state;
    for (size_t t = 0; t < 4; t++) {
        for (int kind = OWI_RECIPE_CONSTANT; kind <= OWI_RECIPE_UNIFORM; kind++) {
            filling it;
            const double b = kind == OWI_RECIPE_UNIFORM ? 0.375 : 0;
            filling_make(&it, (owi_recipe_kind)kind, 0.375, b, 0, types[t], 1, SHAPE(100));
            double *values = filling_values(&it.filler, 1);
            for (int i = 0; i < 100; i++) {
                assert_true(values[i] == 0.375);
            }
            free(values);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_boxes),
        cmocka_unit_test(test_far_range),
        cmocka_unit_test(test_scalar_and_empty),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_dirac),
        cmocka_unit_test(test_icnr),
        cmocka_unit_test(test_bilinear),
        cmocka_unit_test(test_constant_and_zero_deviation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
