// The distributions: accuracy against libm, moments, Kolmogorov-Smirnov, bounds, independence.
#include "fill/cpu.h"
#include "fill/sampler.h"
#include "support/filling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SAMPLES = 1000000 };

static const owi_key keys[] = {1, 2, 0xdeadbeef, 12345678901};
enum { KEYS = sizeof keys / sizeof *keys };

static double *samples(owi_recipe_kind kind, double a, double b, owi_dtype dtype, owi_key key) {
    filling it;
    filling_make(&it, kind, a, b, 0, dtype, key, SHAPE(SAMPLES));
    return filling_values(&it.filler, 1);
}

// ---- accuracy: the same words through libm in long double ------------------------------------

static void check_normal_accuracy(const char *level) {
    enum { COUNT = 4096 };
    uint32_t words[2 * COUNT];
    float narrow[COUNT];
    double wide[COUNT];
    const owi_law law = {.shape = OWI_SHAPE_NORMAL, .scale = 1};
    const long double turn = 6.283185307179586476925286766559L;
    owi_cpu_kernels()->words(99, 0, 0, 2 * COUNT / OWI_SUPERBLOCK, words);
    owi_cpu_kernels()->to_float[OWI_SHAPE_NORMAL](words, COUNT / OWI_SUPERBLOCK, &law, narrow);
    owi_cpu_kernels()->to_double[OWI_SHAPE_NORMAL](words, 2 * COUNT / OWI_SUPERBLOCK, &law, wide);
    double worst_narrow = 0, worst_wide = 0;
    for (size_t i = 0; i < COUNT; i++) {
        if (i % 32 < 16) {
            // The uniform is rounded to 24 bits: not an error of the transform.
            const long double u = ((float)(words[i] >> 1) + 0.5f) * 0x1p-31L;
            const long double radius = sqrtl(-2 * logl(u));
            const int32_t rest = (int32_t)(words[i + 16] << 2) >> 2;
            const long double angle =
                (words[i + 16] >> 30) * turn / 4 + (long double)rest * 0x1p-32L * turn;
            worst_narrow = fmax(worst_narrow, (double)fabsl(narrow[i] - radius * cosl(angle)));
            worst_narrow = fmax(worst_narrow, (double)fabsl(narrow[i + 16] - radius * sinl(angle)));
        }
        if (i % 16 < 8) {
            const uint64_t a = words[2 * i] | (uint64_t)words[2 * i + 1] << 32;
            const uint64_t b = words[2 * i + 16] | (uint64_t)words[2 * i + 17] << 32;
            const long double radius = sqrtl(-2 * logl(((a >> 11) + 0.5L) * 0x1p-53L));
            const long double rest = ((long double)(b << 2 >> 11) - 0x1p52L) * 0x1p-55L;
            const long double angle = ((b >> 62) / 4.0L + rest) * turn;
            worst_wide = fmax(worst_wide, (double)fabsl(wide[i] - radius * cosl(angle)));
            worst_wide = fmax(worst_wide, (double)fabsl(wide[i + 8] - radius * sinl(angle)));
        }
    }
    print_message("%s: normal, largest error %.2g (float32), %.2g (float64)\n", level, worst_narrow,
                  worst_wide);
    assert_true(worst_narrow < 1e-6);
    assert_true(worst_wide < 2e-15);
}

// Phi(z) - 1/2 of the result must be the uniform it came from.
static void check_truncated_accuracy(const char *level) {
    enum { COUNT = 4096 };
    uint32_t words[2 * COUNT];
    float narrow[COUNT];
    double wide[COUNT], worst_narrow = 0, worst_wide = 0;
    const owi_law law = {.shape = OWI_SHAPE_TRUNCATED, .scale = 1, .low = -2, .high = 2};
    const long double half = erfl(sqrtl(2)) / 2;
    owi_cpu_kernels()->words(98, 0, 0, 2 * COUNT / OWI_SUPERBLOCK, words);
    // The ends of the range and what is next to 0 as well.
    const uint32_t special[] = {0x80000000, 0x80000001, 0x7fffffff, 0, 1, 0xffffffff};
    memcpy(words, special, sizeof special);
    words[8] = words[9] = 0xffffffff;
    words[10] = words[11] = 0;
    owi_cpu_kernels()->to_float[OWI_SHAPE_TRUNCATED](words, COUNT / OWI_SUPERBLOCK, &law, narrow);
    owi_cpu_kernels()->to_double[OWI_SHAPE_TRUNCATED](words, 2 * COUNT / OWI_SUPERBLOCK, &law,
                                                      wide);
    for (size_t i = 0; i < COUNT; i++) {
        const long double q = ((int32_t)words[i] + 0.5L) * 0x1p-31L * half;
        const long double density = expl(-0.5L * narrow[i] * narrow[i]) * 0.3989422804014327L;
        const long double got = erfl(narrow[i] * 0.70710678118654752440L) / 2;
        worst_narrow = fmax(worst_narrow, (double)fabsl((got - q) / density));
        const uint64_t word = words[2 * i] | (uint64_t)words[2 * i + 1] << 32;
        const long double q2 = ((long double)(word >> 11) - 0x1p52L + 0.5L) * 0x1p-52L * half;
        const long double density2 = expl(-0.5L * wide[i] * wide[i]) * 0.3989422804014327L;
        const long double got2 = erfl(wide[i] * 0.70710678118654752440L) / 2;
        worst_wide = fmax(worst_wide, (double)fabsl((got2 - q2) / density2));
        assert_true(narrow[i] >= -2 && narrow[i] <= 2 && wide[i] >= -2 && wide[i] <= 2);
    }
    print_message("%s: truncated, largest error %.2g (float32), %.2g (float64)\n", level,
                  worst_narrow, worst_wide);
    assert_true(worst_narrow < 2e-6);
    assert_true(worst_wide < 4e-15);
}

static void test_accuracy(void **state) {
    (void)state;
    filling_each_level(check_normal_accuracy);
    filling_each_level(check_truncated_accuracy);
}

// ---- moments ---------------------------------------------------------------------------------

// Moments 0..12 of the standard distribution of each kind.
static void moments_of(owi_recipe_kind kind, double moments[13]) {
    const double density = exp(-2) / sqrt(6.283185307179586), mass = erf(sqrt(2));
    for (int k = 0; k <= 12; k++) {
        if (k % 2) {
            moments[k] = 0;
        } else if (kind == OWI_RECIPE_UNIFORM) {
            moments[k] = 1.0 / (k + 1);
        } else {
            moments[k] = k == 0 ? 1 : (k - 1) * moments[k - 2];
            if (k > 0 && kind == OWI_RECIPE_TRUNCATED) {
                moments[k] -= 2 * pow(2, k - 1) * density / mass;
            }
        }
    }
}

static void check_moments(owi_recipe_kind kind, owi_dtype dtype, owi_key key) {
    // Parameters for which the standard form is (value - mean) / scale.
    const double mean = 0.25, std = 0.5;
    const double scale = kind == OWI_RECIPE_TRUNCATED ? std / 0.8796256610342398 : std;
    double *values = kind == OWI_RECIPE_UNIFORM
                         ? samples(kind, mean - scale, mean + scale, dtype, key)
                         : samples(kind, mean, std, dtype, key);
    double moments[13], sums[7] = {0};
    moments_of(kind, moments);
    for (int i = 0; i < SAMPLES; i++) {
        const double x = (values[i] - mean) / scale;
        double power = 1;
        for (int k = 1; k <= 6; k++) {
            sums[k] += power *= x;
        }
    }
    for (int k = 1; k <= 6; k++) {
        const double deviation = sqrt((moments[2 * k] - moments[k] * moments[k]) / SAMPLES);
        const double z = (sums[k] / SAMPLES - moments[k]) / deviation;
        if (!(fabs(z) < 4)) {
            fail_msg("kind %d, %s, key %llu, moment %d: z = %.2f", kind, owi_dtype_name(dtype),
                     (unsigned long long)key, k, z);
        }
    }
    free(values);
}

static void test_moments(void **state) {
    (void)state;
    for (int i = 0; i < KEYS; i++) {
        for (int kind = OWI_RECIPE_NORMAL; kind <= OWI_RECIPE_UNIFORM; kind++) {
            check_moments((owi_recipe_kind)kind, OWI_DTYPE_FLOAT, keys[i]);
            check_moments((owi_recipe_kind)kind, OWI_DTYPE_DOUBLE, keys[i]);
            check_moments((owi_recipe_kind)kind, OWI_DTYPE_FLOAT16, keys[i]);
        }
    }
}

// `b` of a truncated normal is its standard deviation, as drawn.
static void test_truncated_deviation(void **state) {
    (void)state;
    double *values = samples(OWI_RECIPE_TRUNCATED, 0, 0.02, OWI_DTYPE_FLOAT, 5);
    double sum = 0;
    for (int i = 0; i < SAMPLES; i++) {
        sum += values[i] * values[i];
        assert_true(fabs(values[i]) <= 2 * 0.02 / 0.8796256610342398);
    }
    assert_true(fabs(sqrt(sum / SAMPLES) / 0.02 - 1) < 0.002);
    free(values);
}

// ---- Kolmogorov-Smirnov ----------------------------------------------------------------------

static int ascending(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static double distribution(owi_recipe_kind kind, double x) {
    const double phi = 0.5 * erfc(-x / sqrt(2)), mass = erf(sqrt(2));
    return kind == OWI_RECIPE_NORMAL      ? phi
           : kind == OWI_RECIPE_TRUNCATED ? (phi - 0.5 * (1 - mass)) / mass
                                          : 0.5 * (x + 1);
}

static void test_kolmogorov(void **state) {
    (void)state;
    for (int kind = OWI_RECIPE_NORMAL; kind <= OWI_RECIPE_UNIFORM; kind++) {
        for (int i = 0; i < KEYS; i++) {
            const bool uniform = kind == OWI_RECIPE_UNIFORM;
            const double b = kind == OWI_RECIPE_TRUNCATED ? 0.8796256610342398 : 1;
            double *values = samples((owi_recipe_kind)kind, uniform ? -1 : 0, b,
                                     i % 2 ? OWI_DTYPE_DOUBLE : OWI_DTYPE_FLOAT, keys[i]);
            qsort(values, SAMPLES, sizeof *values, ascending);
            double largest = 0;
            for (int j = 0; j < SAMPLES; j++) {
                const double f = distribution((owi_recipe_kind)kind, values[j]);
                largest = fmax(largest, fmax(f - (double)j / SAMPLES, (j + 1.0) / SAMPLES - f));
            }
            print_message("kind %d, key %llu: sqrt(n) D = %.3f\n", kind,
                          (unsigned long long)keys[i], largest * 1000);
            assert_true(largest * 1000 < 1.95); // p = 0.001
            assert_true(largest * 1000 > 0.3);  // p = 0.99999: too even to be random
            free(values);
        }
    }
}

// ---- bounds ----------------------------------------------------------------------------------

static void test_uniform_bounds(void **state) {
    (void)state;
    const double bounds[][2] = {{-1, 1},           {0, 1},         {-0.1, 0.1},   {0.1, 0.3},
                                {1, 1.0009765625}, {1000, 1000.5}, {-3e38, 3e38}, {-1e-40, 1e-40}};
    const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_BFLOAT16};
    for (size_t t = 0; t < 3; t++) {
        for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
            const double low = bounds[i][0], high = bounds[i][1];
            if (types[t] == OWI_DTYPE_BFLOAT16 && (low >= 1 || high < 1e-38)) {
                continue; // few or none lie between
            }
            filling it;
            filling_make(&it, OWI_RECIPE_UNIFORM, low, high, 0, types[t], 3, SHAPE(200000));
            double *values = filling_values(&it.filler, 1), least = high, greatest = low;
            for (int j = 0; j < 200000; j++) {
                least = fmin(least, values[j]);
                greatest = fmax(greatest, values[j]);
            }
            assert_true(least > low && greatest < high);
            assert_true(least - low < (high - low) * 0.02);
            assert_true(high - greatest < (high - low) * 0.02);
            free(values);
        }
    }
}

// The words at the very ends of the range, which no sample of a test's size meets.
static void check_extreme_words(const char *level) {
    (void)level;
    uint32_t words[OWI_SUPERBLOCK];
    for (int i = 0; i < OWI_SUPERBLOCK; i++) {
        words[i] = i % 2 ? 0x7fffffff : 0x80000000;
    }
    const owi_recipe recipe = {.kind = OWI_RECIPE_UNIFORM, .a = 0.1, .b = 0.3};
    owi_law law = owi_law_of(owi_cpu_kernels(), &recipe, OWI_DTYPE_FLOAT);
    float narrow[OWI_SUPERBLOCK];
    owi_cpu_kernels()->to_float[OWI_SHAPE_UNIFORM](words, 1, &law, narrow);
    assert_true((double)narrow[0] == law.low && law.low > 0.1 && law.low < 0.1 + 1e-8);
    assert_true((double)narrow[1] == law.high && law.high < 0.3 && law.high > 0.3 - 3e-8);
    for (int i = 0; i < OWI_SUPERBLOCK; i++) {
        words[i] = i % 4 < 2 ? 0 : 0xffffffff;
    }
    law = owi_law_of(owi_cpu_kernels(), &recipe, OWI_DTYPE_DOUBLE);
    double wide[OWI_SUPERBLOCK / 2];
    owi_cpu_kernels()->to_double[OWI_SHAPE_UNIFORM](words, 1, &law, wide);
    assert_true(wide[0] > 0.1 && wide[0] < 0.1 + 1e-15);
    assert_true(wide[1] < 0.3 && wide[1] > 0.3 - 1e-15);
    // No radius is infinite or not a number, whatever the word.
    const owi_law standard = {.shape = OWI_SHAPE_NORMAL, .scale = 1};
    for (int value = -1; value <= 1; value++) {
        memset(words, value, sizeof words);
        owi_cpu_kernels()->to_float[OWI_SHAPE_NORMAL](words, 1, &standard, narrow);
        owi_cpu_kernels()->to_double[OWI_SHAPE_NORMAL](words, 1, &standard, wide);
        for (int i = 0; i < OWI_SUPERBLOCK; i++) {
            assert_true(fabsf(narrow[i]) <= 6.67f && fabs(wide[i / 2]) <= 8.66);
        }
    }
}

static void test_extreme_words(void **state) {
    (void)state;
    filling_each_level(check_extreme_words);
}

// ---- independence ----------------------------------------------------------------------------

static double correlation(const double *x, const double *y, int lag, bool squares) {
    double sum = 0;
    for (int i = 0; i + lag < SAMPLES; i++) {
        sum += squares ? (x[i] * x[i] - 1) * (y[i + lag] * y[i + lag] - 1) / 2 : x[i] * y[i + lag];
    }
    return sum / sqrt(SAMPLES - lag);
}

static void test_independence(void **state) {
    (void)state;
    const owi_key neighbours[] = {
        owi_key_make(0, "", "layer.0.weight"), owi_key_make(0, "", "layer.1.weight"),
        owi_key_make(1, "", "layer.0.weight"), owi_key_make(0, "a", "layer.0.weight")};
    double *first = samples(OWI_RECIPE_NORMAL, 0, 1, OWI_DTYPE_FLOAT, neighbours[0]);
    for (int lag = 1; lag <= 32; lag++) {
        assert_true(fabs(correlation(first, first, lag, false)) < 4);
        assert_true(fabs(correlation(first, first, lag, true)) < 4);
    }
    for (int i = 1; i < 4; i++) {
        double *other = samples(OWI_RECIPE_NORMAL, 0, 1, OWI_DTYPE_FLOAT, neighbours[i]);
        for (int lag = 0; lag <= 2; lag++) {
            assert_true(fabs(correlation(first, other, lag, false)) < 4);
            assert_true(fabs(correlation(first, other, lag, true)) < 4);
        }
        free(other);
    }
    free(first);
}

// The narrow types are the float32 numbers, rounded.
static void test_types_agree(void **state) {
    (void)state;
    double *narrow = samples(OWI_RECIPE_NORMAL, 0, 0.02, OWI_DTYPE_FLOAT, 9);
    double *half = samples(OWI_RECIPE_NORMAL, 0, 0.02, OWI_DTYPE_FLOAT16, 9);
    double *brain = samples(OWI_RECIPE_NORMAL, 0, 0.02, OWI_DTYPE_BFLOAT16, 9);
    for (int i = 0; i < SAMPLES; i++) {
        assert_true(fabs(half[i] - narrow[i]) <= fabs(narrow[i]) * 0x1p-11 + 0x1p-25);
        assert_true(fabs(brain[i] - narrow[i]) <= fabs(narrow[i]) * 0x1p-8);
    }
    free(narrow);
    free(half);
    free(brain);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accuracy),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_truncated_deviation),
        cmocka_unit_test(test_kolmogorov),
        cmocka_unit_test(test_uniform_bounds),
        cmocka_unit_test(test_extreme_words),
        cmocka_unit_test(test_independence),
        cmocka_unit_test(test_types_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
