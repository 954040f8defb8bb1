// The number formats: every 16-bit pattern, every tie between neighbours, bounds on the grid.
#include "fill/cpu.h"
#include "fill/number.h"
#include "support/filling.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static uint16_t rounded(owi_dtype dtype, float value) {
    uint8_t bytes[2];
    owi_number_store(owi_cpu_kernels(), dtype, &value, 1, bytes);
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static double decoded(owi_dtype dtype, unsigned pattern) {
    const uint8_t bytes[2] = {(uint8_t)pattern, (uint8_t)(pattern >> 8)};
    return filling_decode(dtype, bytes);
}

// Each finite pattern comes back as itself; between it and the next, the lower half rounds down,
// the upper half up, and the tie to the even pattern. Infinity counts as the next number up.
static void check_exhaustively(owi_dtype dtype, unsigned infinity) {
    for (unsigned sign = 0; sign <= 0x8000; sign += 0x8000) {
        for (unsigned pattern = 0; pattern < infinity; pattern++) {
            const double here = fabs(decoded(dtype, pattern));
            const double step = pattern + 1 == infinity ? here - fabs(decoded(dtype, pattern - 1))
                                                        : fabs(decoded(dtype, pattern + 1)) - here;
            const float side = sign ? -1.0f : 1.0f, middle = (float)(here + step / 2);
            assert_true((double)middle == here + step / 2);
            const unsigned even = pattern % 2 == 0 ? pattern : pattern + 1;
            assert_int_equal(rounded(dtype, side * (float)here), sign | pattern);
            assert_int_equal(rounded(dtype, side * nextafterf(middle, 0)), sign | pattern);
            assert_int_equal(rounded(dtype, side * middle), sign | even);
            assert_int_equal(rounded(dtype, side * nextafterf(middle, INFINITY)),
                             sign | (pattern + 1));
        }
        assert_int_equal(rounded(dtype, sign ? -INFINITY : INFINITY), sign | infinity);
        assert_int_equal(rounded(dtype, sign ? -FLT_MAX : FLT_MAX), sign | infinity);
        for (unsigned pattern = infinity + 1; pattern < 0x8000; pattern++) {
            assert_true(isnan(decoded(dtype, rounded(dtype, (float)decoded(dtype, pattern)))));
        }
    }
}

static void check_level(const char *level) {
    check_exhaustively(OWI_DTYPE_FLOAT16, 0x7c00);
    check_exhaustively(OWI_DTYPE_BFLOAT16, 0x7f80);
    print_message("%s: all 16-bit patterns and ties hold\n", level);
}

static void test_sixteen_bits(void **state) {
    (void)state;
    filling_each_level(check_level);
}

// The vectorised loop, in one call of many lengths, against one value at a time.
static void test_lengths_and_alignment(void **state) {
    (void)state;
    float values[100];
    uint8_t bytes[3 + 2 * 100 + 1];
    for (int i = 0; i < 100; i++) {
        values[i] = (float)(i - 50) * 1.2345e-3f;
    }
    for (size_t count = 0; count <= 100; count++) {
        memset(bytes, 0xa5, sizeof bytes);
        owi_number_store(owi_cpu_kernels(), OWI_DTYPE_FLOAT16, values, count, bytes + 3);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(bytes[3 + 2 * i] | bytes[4 + 2 * i] << 8,
                             rounded(OWI_DTYPE_FLOAT16, values[i]));
        }
        assert_int_equal(bytes[2], 0xa5);
        assert_int_equal(bytes[3 + 2 * count], 0xa5);
    }
}

static void test_repeat(void **state) {
    (void)state;
    static uint8_t bytes[70000 * 8 + 1];
    const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                               OWI_DTYPE_BFLOAT16};
    for (size_t t = 0; t < 4; t++) {
        const size_t size = owi_dtype_size(types[t]);
        const uint64_t counts[] = {0, 1, 2, 3, 1000, 70000};
        for (size_t c = 0; c < 6; c++) {
            memset(bytes, 0xa5, sizeof bytes);
            owi_number_repeat(owi_cpu_kernels(), types[t], -0.375, counts[c], bytes);
            for (uint64_t i = 0; i < counts[c]; i++) {
                assert_true(filling_decode(types[t], bytes + i * size) == -0.375);
            }
            assert_int_equal(bytes[counts[c] * size], 0xa5);
        }
    }
}

// What stands right below and above a number, asked of libm.
static void test_between_float(void **state) {
    (void)state;
    const double bounds[][2] = {{-1, 1},        {0, 1},         {-0.1, 0.1}, {0.1, 0.3},
                                {-3e38, 3e38},  {-1e-45, 1e-3}, {1, 2},      {-1e300, 1e300},
                                {1e-40, 2e-40}, {-2, -1}};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        double least, greatest;
        owi_number_between(owi_cpu_kernels(), OWI_DTYPE_FLOAT, bounds[i][0], bounds[i][1], &least,
                           &greatest);
        assert_true(least > bounds[i][0] && greatest < bounds[i][1]);
        assert_true((double)(float)least == least || least < -FLT_MAX);
        assert_true((double)nextafterf((float)least, -INFINITY) <= bounds[i][0]);
        assert_true((double)nextafterf((float)greatest, INFINITY) >= bounds[i][1]);
    }
}

static void test_between_other_types(void **state) {
    (void)state;
    const owi_dtype types[] = {OWI_DTYPE_FLOAT16, OWI_DTYPE_BFLOAT16};
    const double bounds[][2] = {{-0.1, 0.1}, {0, 1}, {-1, 1}, {1e-7, 3e-5}, {-2.5, -0.3}};
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
            double least, greatest, below = -INFINITY, above = INFINITY;
            owi_number_between(owi_cpu_kernels(), types[t], bounds[i][0], bounds[i][1], &least,
                               &greatest);
            // By search through all patterns.
            for (unsigned pattern = 0; pattern < 0x10000; pattern++) {
                const double value = decoded(types[t], pattern);
                if (value > bounds[i][0] && value < bounds[i][1]) {
                    below = fmax(below, value);
                    above = fmin(above, value);
                }
            }
            assert_true(least == above && greatest == below);
        }
    }
    double least, greatest;
    owi_number_between(owi_cpu_kernels(), OWI_DTYPE_DOUBLE, -0.1, 0.1, &least, &greatest);
    assert_true(least == nextafter(-0.1, 0) && greatest == nextafter(0.1, 0));
    owi_number_between(owi_cpu_kernels(), OWI_DTYPE_BFLOAT16, 0.1, 0.1001, &least, &greatest);
    assert_true(least == greatest && least == decoded(OWI_DTYPE_BFLOAT16, 0x3dcd));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sixteen_bits),
        cmocka_unit_test(test_lengths_and_alignment),
        cmocka_unit_test(test_repeat),
        cmocka_unit_test(test_between_float),
        cmocka_unit_test(test_between_other_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
