// Sizes of element types, packed ones included.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/dtype.h"

static void test_bytes(void **state) {
    (void)state;
    static const struct {
        owi_dtype dtype;
        uint64_t elements, bytes;
    } rows[] = {
        {OWI_DTYPE_FLOAT, 3, 12},      {OWI_DTYPE_FLOAT16, 3, 6},      {OWI_DTYPE_BOOL, 9, 9},
        {OWI_DTYPE_COMPLEX128, 2, 32}, {OWI_DTYPE_INT4, 0, 0},         {OWI_DTYPE_INT4, 1, 1},
        {OWI_DTYPE_UINT4, 5, 3},       {OWI_DTYPE_INT2, 4, 1},         {OWI_DTYPE_UINT2, 5, 2},
        {OWI_DTYPE_FLOAT6E2M3, 3, 3},  {OWI_DTYPE_FLOAT6E3M2, 4, 3},   {OWI_DTYPE_FLOAT6E3M2, 5, 4},
        {OWI_DTYPE_FLOAT4E2M1, 17, 9}, {OWI_DTYPE_FLOAT8E8M0, 17, 17},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t bytes = 99;
        assert_true(owi_dtype_bytes(rows[i].dtype, rows[i].elements, &bytes));
        assert_int_equal(bytes, rows[i].bytes);
    }
}

static void test_overflow(void **state) {
    (void)state;
    uint64_t bytes;
    assert_true(owi_dtype_bytes(OWI_DTYPE_FLOAT, UINT64_MAX / 4, &bytes));
    assert_true(bytes == UINT64_MAX - 3);
    assert_false(owi_dtype_bytes(OWI_DTYPE_FLOAT, UINT64_MAX / 4 + 1, &bytes));
    assert_false(owi_dtype_bytes(OWI_DTYPE_DOUBLE, (uint64_t)1 << 61, &bytes));
    assert_false(owi_dtype_bytes(OWI_DTYPE_STRING, 1, &bytes));
    assert_false(owi_dtype_bytes((owi_dtype)99, 1, &bytes));
}

static void test_kinds(void **state) {
    (void)state;
    assert_true(owi_dtype_trainable(OWI_DTYPE_BFLOAT16));
    assert_false(owi_dtype_trainable(OWI_DTYPE_FLOAT8E5M2));
    assert_true(owi_dtype_integer(OWI_DTYPE_BOOL));
    assert_false(owi_dtype_integer(OWI_DTYPE_INT4));
    assert_int_equal(owi_dtype_size(OWI_DTYPE_INT4), 0);
    assert_int_equal(owi_dtype_size(OWI_DTYPE_FLOAT6E2M3), 0);
    assert_int_equal(owi_dtype_size(OWI_DTYPE_COMPLEX64), 8);
    assert_false(owi_dtype_known(0));
    assert_true(owi_dtype_known(28));
    assert_false(owi_dtype_known(29));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_overflow),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
