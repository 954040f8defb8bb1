// What the audit measures, on samples whose answers are known, and what it concludes.
#include "audit/fit.h"
#include "audit/matrix.h"
#include "audit/sketch.h"
#include "support/filling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_near(double got, double expected, double room) {
    if (!(fabs(got - expected) <= room)) {
        fail_msg("%.17g where %.17g is expected", got, expected);
    }
}

// Finite numbers that all types hold exactly, as bytes of the type. Returns how many.
static size_t encode(owi_dtype dtype, const double *values, size_t count, uint8_t *bytes) {
    for (size_t i = 0; i < count; i++) {
        const float narrow = (float)values[i];
        uint32_t bits;
        memcpy(&bits, &narrow, sizeof bits);
        const uint32_t sign = bits >> 16 & 0x8000, rest = bits & 0x7fffffff;
        const uint16_t brief = (uint16_t)(bits >> 16);
        const uint16_t half = (uint16_t)(sign | (rest ? (rest - 0x38000000) >> 13 : 0));
        switch (dtype) {
        case OWI_DTYPE_DOUBLE: memcpy(bytes + 8 * i, &values[i], 8); break;
        case OWI_DTYPE_FLOAT: memcpy(bytes + 4 * i, &narrow, 4); break;
        case OWI_DTYPE_BFLOAT16: memcpy(bytes + 2 * i, &brief, 2); break;
        default: memcpy(bytes + 2 * i, &half, 2);
        }
    }
    return count;
}

static const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                  OWI_DTYPE_BFLOAT16};
enum { TYPES = sizeof types / sizeof *types };

static owi_sketch sketch; // too large for the stack

static void sketch_of(owi_dtype dtype, const double *values, size_t count) {
    uint8_t bytes[64 * 8];
    owi_sketch_reset(&sketch);
    owi_sketch_add(&sketch, dtype, bytes, encode(dtype, values, count, bytes));
}

static double skew(const owi_sketch *of) {
    const double n = (double)of->count, variance = of->m2 / n;
    return of->m3 / n / (variance * sqrt(variance));
}

static double kurtosis(const owi_sketch *of) {
    const double n = (double)of->count, variance = of->m2 / n;
    return of->m4 / n / (variance * variance);
}

// ---- moments

static void test_moments_of_each_type(void **state) {
    static const double steps[] = {1, 2, 3, 4, 5}, lopsided[] = {0, 0, 0, 1}, below[] = {-2, -0.5};
    (void)state;
    for (size_t i = 0; i < TYPES; i++) {
        sketch_of(types[i], steps, 5);
        assert_int_equal(sketch.count, 5);
        check_near(sketch.mean, 3, 0);
        check_near(owi_sketch_std(&sketch), sqrt(2), 1e-15);
        check_near(skew(&sketch), 0, 1e-15);
        check_near(kurtosis(&sketch), 1.7, 1e-14);
        check_near(sketch.min, 1, 0);
        check_near(sketch.max, 5, 0);
        sketch_of(types[i], lopsided, 4);
        check_near(sketch.mean, 0.25, 0);
        check_near(owi_sketch_std(&sketch), sqrt(3) / 4, 1e-15);
        check_near(skew(&sketch), 2 / sqrt(3), 1e-14);
        check_near(kurtosis(&sketch), 7.0 / 3, 1e-14);
        assert_int_equal(sketch.zeros, 3);
        sketch_of(types[i], below, 2);
        check_near(sketch.min, -2, 0);
        check_near(sketch.max, -0.5, 0);
        assert_int_equal(sketch.zeros, 0);
    }
}

static void test_not_finite_is_counted_apart(void **state) {
    static const uint16_t halves[] = {0x3c00, 0x7c00, 0xfc00, 0x7e01, 0x4000, 0x0001};
    static const uint16_t briefs[] = {0x3f80, 0x7f80, 0xff80, 0x7fc1, 0x4000, 0x0001};
    const double doubles[] = {1, INFINITY, -INFINITY, NAN, 2, 0};
    (void)state;
    owi_sketch_reset(&sketch);
    owi_sketch_add(&sketch, OWI_DTYPE_FLOAT16, (const uint8_t *)halves, 6);
    owi_sketch_add(&sketch, OWI_DTYPE_BFLOAT16, (const uint8_t *)briefs, 6);
    owi_sketch_add(&sketch, OWI_DTYPE_DOUBLE, (const uint8_t *)doubles, 6);
    assert_int_equal(sketch.count, 9);
    assert_int_equal(sketch.nonfinite, 9);
    assert_int_equal(sketch.zeros, 1); // the smallest subnormals are not
    check_near(sketch.mean, 1, 1e-7);
    check_near(sketch.max, 2, 0);
}

// float64 is not narrowed on the way: neither far numbers nor close ones.
static void test_doubles_are_whole(void **state) {
    static const double far[] = {1e300, -1e300, 5e-324}, close[] = {1, 1 + 0x1p-40};
    (void)state;
    sketch_of(OWI_DTYPE_DOUBLE, far, 3);
    assert_int_equal(sketch.count, 3);
    assert_int_equal(sketch.nonfinite, 0);
    assert_int_equal(sketch.zeros, 0);
    check_near(sketch.max, 1e300, 0);
    sketch_of(OWI_DTYPE_DOUBLE, close, 2);
    check_near(owi_sketch_std(&sketch), 0x1p-41, 1e-20);
}

// One pass in blocks, or in two sketches that are merged, against two passes; far from zero, where
// sums of squares would lose everything.
static void test_one_pass_is_as_good_as_two(void **state) {
    enum { COUNT = 5000 };
    static owi_sketch other;
    static float values[COUNT];
    double mean = 0, sums[5] = {0};
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        values[i] = 1000 + (float)((i * 37) % 101) / 64 + (i % 10 == 0 ? 3 : 0);
        mean += (double)values[i] / COUNT;
    }
    for (int i = 0; i < COUNT; i++) {
        for (int power = 2; power <= 4; power++) {
            sums[power] += pow((double)values[i] - mean, power);
        }
    }
    owi_sketch_reset(&sketch);
    owi_sketch_reset(&other);
    owi_sketch_add(&sketch, OWI_DTYPE_FLOAT, (const uint8_t *)values, 1777);
    owi_sketch_add(&other, OWI_DTYPE_FLOAT, (const uint8_t *)(values + 1777), COUNT - 1777);
    owi_sketch_merge(&sketch, &other);
    check_near(sketch.mean, mean, 1e-10);
    check_near(sketch.m2, sums[2], 1e-9 * sums[2]);
    check_near(sketch.m3, sums[3], 1e-8 * sums[2]);
    check_near(sketch.m4, sums[4], 1e-8 * sums[4]);
}

// ---- matrices

static double defect_of(int64_t rows, int64_t columns, const double *values, double *gain) {
    owi_matrix matrix;
    void *memory = malloc(owi_matrix_size((uint64_t)columns));
    assert_non_null(memory);
    owi_matrix_start(&matrix, (uint64_t)rows, (uint64_t)columns, memory);
    const size_t count = (size_t)(rows * columns), first = count / 3;
    owi_matrix_add(&matrix, values, first); // in pieces that end anywhere
    owi_matrix_add(&matrix, values + first, count - first);
    *gain = owi_matrix_gain(&matrix);
    const double defect = owi_matrix_defect(&matrix);
    free(memory);
    return defect;
}

static void test_orthogonality_is_seen(void **state) {
    static const int64_t shapes[][2] = {{64, 64}, {30, 90}, {90, 30}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        filling it;
        double gain;
        filling_make(&it, OWI_RECIPE_ORTHOGONAL, 0, 3, 0, OWI_DTYPE_DOUBLE, 5,
                     SHAPE(shapes[i][0], shapes[i][1]));
        double *values = filling_values(&it.filler, 1);
        check_near(defect_of(shapes[i][0], shapes[i][1], values, &gain), 0, 1e-13);
        check_near(gain, 3, 1e-12);
        values[7] += 0.1; // one element of thousands
        assert_true(defect_of(shapes[i][0], shapes[i][1], values, &gain) > 1e-4);
        free(values);
        filling_make(&it, OWI_RECIPE_NORMAL, 0, 1, 0, OWI_DTYPE_DOUBLE, 5,
                     SHAPE(shapes[i][0], shapes[i][1]));
        values = filling_values(&it.filler, 1);
        const double random = defect_of(shapes[i][0], shapes[i][1], values, &gain);
        assert_true(random > 0.1 && random < 3); // four probes are few
        free(values);
    }
}

// ---- conclusions

typedef struct question {
    owi_recipe_kind kind;
    double a, b;
    const char *fits, *not ; // a scheme that must be named, one that must not
} question;

static bool names(uint64_t set, const char *scheme) {
    for (size_t i = 0; i < owi_fit_count(); i++) {
        if (set >> i & 1 && strcmp(owi_fit_name(i), scheme) == 0) {
            return true;
        }
    }
    return false;
}

// What fits values of 64 x 100, times a factor.
static uint64_t fits_of(const question *asked, owi_dtype dtype, double factor) {
    filling it;
    filling_make(&it, asked->kind, factor * asked->a, factor * asked->b, 0, dtype, 3,
                 SHAPE(64, 100));
    uint8_t *bytes = filling_bytes(&it.filler, 1);
    double *values = filling_values(&it.filler, 1);
    void *memory = malloc(owi_matrix_size(100));
    owi_matrix matrix;
    owi_sketch_reset(&sketch);
    owi_sketch_add(&sketch, dtype, bytes, 6400);
    owi_matrix_start(&matrix, 64, 100, memory);
    owi_matrix_add(&matrix, values, 6400);
    const owi_sample sample = {&sketch, &matrix, dtype, false};
    const owi_fit_question fit = {&sample, 100, 64, false, false};
    const uint64_t set = owi_fit(&fit);
    free(memory);
    free(values);
    free(bytes);
    return set;
}

static void test_schemes_are_told_apart(void **state) {
    static const question questions[] = {
        {OWI_RECIPE_NORMAL, 0, 0.1, "lecun_normal", "lecun_uniform"},
        {OWI_RECIPE_NORMAL, 0, 0.125, "lecun_normal fan_out", "lecun_normal"},
        {OWI_RECIPE_NORMAL, 0, 0.02, "normal(0, 0.02)", "truncated_normal(0, 0.02) corrected"},
        {OWI_RECIPE_TRUNCATED, 0, 0.1, "lecun_normal truncated", "lecun_normal"},
        {OWI_RECIPE_UNIFORM, -0.1, 0.1, "torch default", "xavier_uniform"},
        {OWI_RECIPE_ORTHOGONAL, 0, 1, "orthogonal", "lecun_normal"},
        {OWI_RECIPE_CONSTANT, 1, 0, "ones", "zeros"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        for (size_t k = 0; k < TYPES; k++) {
            const uint64_t set = fits_of(&questions[i], types[k], 1);
            if (!names(set, questions[i].fits) || names(set, questions[i].not )) {
                fail_msg("%s in %s: the set is %llx", questions[i].fits, owi_dtype_name(types[k]),
                         (unsigned long long)set);
            }
            // An orthogonal matrix is one at any gain; all else has a scale.
            const bool scaled = names(fits_of(&questions[i], types[k], 1.1), questions[i].fits);
            assert_int_equal(scaled, questions[i].kind == OWI_RECIPE_ORTHOGONAL);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_of_each_type),
        cmocka_unit_test(test_not_finite_is_counted_apart),
        cmocka_unit_test(test_doubles_are_whole),
        cmocka_unit_test(test_one_pass_is_as_good_as_two),
        cmocka_unit_test(test_orthogonality_is_seen),
        cmocka_unit_test(test_schemes_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
