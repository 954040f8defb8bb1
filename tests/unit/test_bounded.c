// The normal between two bounds: shares, moments and values against libm.
#include "fill/bounded.h"
#include "fill/cpu.h"
#include "fill/kernels.h"
#include "support/filling.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// Wide, narrow, one-sided, on either side of the mean, where the normal has next to nothing.
static const owi_bounded laws[] = {
    {0, 1, -2, 2},           {0, 1, -1, 3},         {0, 1, 1, 2},   {0, 1, -INFINITY, 0},
    {0, 1, -INFINITY, 1e30}, {0, 1, -0.001, 0.002}, {0, 1, 6, 6.5}, {0, 1, -INFINITY, -9},
    {0, 1, 35, INFINITY},    {5, 0.5, 4.9, 5.1},    {-1, 2, 3, 4},  {0.3, 1e-3, 0.299, INFINITY},
    {0, 1e-30, -1e-30, 1},   {0, 1e30, -1, 2e30},
};

enum { LAWS = sizeof laws / sizeof *laws, COUNT = 65536 };

// The share of the standard normal below x.
static long double below(long double x) {
    return erfcl(-x * 0.707106781186547524400844362104849L) / 2;
}

static long double between(long double low, long double high) {
    return low > 0 ? below(-low) - below(-high) : below(high) - below(low);
}

static void test_shares(void **state) {
    (void)state;
    for (int i = -3700; i <= 900; i++) {
        const double x = i / 100.0 + 0.003;
        const owi_bounded_shares found = owi_bounded_share(&(owi_bounded){0, 1, -INFINITY, x});
        assert_true(fabsl(found.between / below(x) - 1) < 2e-13L);
        assert_true(fabsl(found.above / below(-x) - 1) < 2e-13L);
        assert_true(found.below == 0);
    }
    for (size_t i = 0; i < LAWS; i++) {
        const owi_bounded *law = &laws[i];
        const owi_bounded_shares found = owi_bounded_share(law);
        const long double low = ((long double)law->low - law->mean) / law->std;
        const long double high = ((long double)law->high - law->mean) / law->std;
        assert_true(fabsl(found.between / between(low, high) - 1) < 1e-12L);
        assert_true(found.between >= OWI_BOUNDED_LEAST);
    }
    assert_true(owi_bounded_share(&(owi_bounded){0, 1, 50, INFINITY}).between == 0);
    assert_true(owi_bounded_share(&(owi_bounded){0, 1, -90, -50}).between == 0);
}

// Mean and variance by the formulas with the densities at the bounds, where these keep digits.
static void test_moments(void **state) {
    (void)state;
    for (size_t i = 0; i < LAWS; i++) {
        const owi_bounded *law = &laws[i];
        const owi_bounded_moments found = owi_bounded_measure(law);
        const long double low = ((long double)law->low - law->mean) / law->std;
        const long double high = ((long double)law->high - law->mean) / law->std;
        const long double share = between(low, high), root = 0.398942280401432677939946L;
        const long double at_low = isinf(low) ? 0 : expl(-low * low / 2) * root / share;
        const long double at_high = isinf(high) ? 0 : expl(-high * high / 2) * root / share;
        const long double mean = at_low - at_high;
        const long double variance =
            1 + (isinf(low) ? 0 : low * at_low) - (isinf(high) ? 0 : high * at_high) - mean * mean;
        assert_true(fabsl((found.mean - law->mean) / law->std - mean) < 1e-9L);
        assert_true(fabsl(found.std / law->std / sqrtl(variance) - 1) < 1e-6L);
    }
    const owi_bounded_moments flat = owi_bounded_measure(&(owi_bounded){0, 1e6, -1, 1});
    assert_true(fabs(flat.std - sqrt(1.0 / 3)) < 1e-9 && fabs(flat.kurtosis - 1.8) < 1e-9);
    const owi_bounded_moments whole = owi_bounded_measure(&(owi_bounded){3, 2, -INFINITY, 1e9});
    assert_true(fabs(whole.std - 2) < 1e-9 && fabs(whole.kurtosis - 3) < 1e-9);
}

// The share below each value must be the one it came from, give or take rounding of the value.
static void check_accuracy(const char *level) {
    static uint32_t words[COUNT];
    static double values[COUNT / 2];
    double worst = 0;
    for (size_t i = 0; i < LAWS; i++) {
        const owi_bounded *from = &laws[i];
        const owi_bounded_shares shares = owi_bounded_share(from);
        const owi_law law = {.shape = OWI_SHAPE_BOUNDED,
                             .scale = 1,
                             .low = -INFINITY,
                             .high = INFINITY,
                             .below = shares.below,
                             .above = shares.above,
                             .between = shares.between};
        owi_cpu_kernels()->words(i, 0, 0, COUNT / OWI_SUPERBLOCK, words);
        memset(words, 0, 8); // the ends of the range as well
        memset(words + 2, 0xff, 8);
        owi_cpu_kernels()->to_double[OWI_SHAPE_BOUNDED](words, COUNT / OWI_SUPERBLOCK, &law,
                                                        values);
        for (size_t k = 0; k < COUNT / 2; k++) {
            const uint64_t word = words[2 * k] | (uint64_t)words[2 * k + 1] << 32;
            const long double u = ((long double)(word >> 11) + 0.5L) * 0x1p-53L;
            const bool upper = values[k] > 0;
            const long double wanted =
                upper ? shares.above + (1 - u) * shares.between : shares.below + u * shares.between;
            const long double x = fabsl((long double)values[k]), got = below(-x);
            const long double slope = expl(-x * x / 2) * 0.398942280401432677939946L;
            worst = fmax(worst, (double)(fabsl(got - wanted) / slope / (x > 1 ? x : 1)));
        }
    }
    print_message("%s: bounded, largest error %.2g (float64)\n", level, worst);
    assert_true(worst < 4e-15);
}

static void test_accuracy(void **state) {
    (void)state;
    filling_each_level(check_accuracy);
}

static int ascending(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static void check_distribution(const owi_bounded *law, owi_dtype dtype, owi_key key) {
    filling it;
    filling_make(&it, OWI_RECIPE_BOUNDED, law->mean, law->std, law->low, dtype, key, SHAPE(COUNT));
    it.recipe.d = law->high;
    double *values = filling_values(&it.filler, 1), largest = 0;
    qsort(values, COUNT, sizeof *values, ascending);
    assert_true(values[0] > law->low && values[COUNT - 1] < law->high);
    const long double low = ((long double)law->low - law->mean) / law->std;
    const long double high = ((long double)law->high - law->mean) / law->std;
    for (int i = 0; i < COUNT; i++) {
        const long double x = ((long double)values[i] - law->mean) / law->std;
        const double share = (double)(between(low, x) / between(low, high));
        largest = fmax(largest, fmax(share - i / (double)COUNT, (i + 1) / (double)COUNT - share));
    }
    if (!(largest * sqrt(COUNT) < 2.2)) { // probability 1.2e-4
        fail_msg("[%g, %g] %s: distance %g", law->low, law->high, owi_dtype_name(dtype), largest);
    }
    free(values);
}

static void test_distribution(void **state) {
    (void)state;
    for (size_t i = 0; i < LAWS; i++) {
        check_distribution(&laws[i], OWI_DTYPE_DOUBLE, 2 * i);
        // Types with fewer digits tell narrow bounds apart less well.
        if (i < 9 && laws[i].high - laws[i].low > 0.1) {
            check_distribution(&laws[i], OWI_DTYPE_FLOAT, 2 * i + 1);
        }
    }
    check_distribution(&laws[1], OWI_DTYPE_FLOAT16, 99);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_accuracy),
        cmocka_unit_test(test_distribution),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
