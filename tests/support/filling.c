#include "support/filling.h"

#include "fill/cpu.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void filling_make(filling *it, owi_recipe_kind kind, double a, double b, double c, owi_dtype dtype,
                  owi_key key, const int64_t *shape) {
    memset(it, 0, sizeof *it);
    uint64_t elements = 1;
    size_t rank = 0;
    for (; rank < FILLING_RANK && shape[rank]; rank++) {
        it->shape[rank] = shape[rank];
        elements *= (uint64_t)shape[rank];
    }
    it->recipe = (owi_recipe){.kind = kind,
                              .a = a,
                              .b = b,
                              .c = c,
                              .offset = it->offset,
                              .extent = it->shape,
                              .row_axes = rank > 0,
                              .groups = 1};
    it->filler = (owi_filler){.key = key,
                              .dtype = dtype,
                              .rank = rank,
                              .shape = it->shape,
                              .elements = elements,
                              .recipes = &it->recipe,
                              .recipe_count = 1};
}

uint8_t *filling_bytes(const owi_filler *filler, unsigned threads) {
    const size_t size = (size_t)filler->elements * owi_dtype_size(filler->dtype);
    uint8_t *bytes = malloc(size + 1);
    assert_non_null(bytes);
    memset(bytes, 0xa5, size + 1);
    if (owi_fill_is_whole(filler)) {
        owi_error error;
        assert_int_equal(owi_fill_whole(filler, threads, bytes, &error), OWI_OK);
    } else {
        owi_fill_range(filler, 0, filler->elements, bytes);
    }
    assert_int_equal(bytes[size], 0xa5);
    return bytes;
}

// sign, exponent and mantissa of any of the formats
static double decode(uint64_t bits, int exponent_bits, int mantissa_bits) {
    const int bias = (1 << (exponent_bits - 1)) - 1;
    const uint64_t mantissa = bits & ((UINT64_C(1) << mantissa_bits) - 1);
    const int exponent = (int)(bits >> mantissa_bits & ((UINT64_C(1) << exponent_bits) - 1));
    const double sign = bits >> (exponent_bits + mantissa_bits) & 1 ? -1 : 1;
    if (exponent == 2 * bias + 1) {
        return mantissa ? NAN : sign * INFINITY;
    }
    if (exponent == 0) {
        return sign * ldexp((double)mantissa, 1 - bias - mantissa_bits);
    }
    return sign * ldexp((double)(mantissa | UINT64_C(1) << mantissa_bits),
                        exponent - bias - mantissa_bits);
}

double filling_decode(owi_dtype dtype, const uint8_t *bytes) {
    uint64_t bits = 0;
    for (size_t i = 0; i < owi_dtype_size(dtype); i++) {
        bits |= (uint64_t)bytes[i] << (8 * i);
    }
    switch (dtype) {
    case OWI_DTYPE_FLOAT16: return decode(bits, 5, 10);
    case OWI_DTYPE_BFLOAT16: return decode(bits, 8, 7);
    case OWI_DTYPE_FLOAT: return decode(bits, 8, 23);
    default: return decode(bits, 11, 52);
    }
}

double *filling_values(const owi_filler *filler, unsigned threads) {
    uint8_t *bytes = filling_bytes(filler, threads);
    double *values = malloc((size_t)filler->elements * sizeof *values + 1);
    assert_non_null(values);
    for (uint64_t i = 0; i < filler->elements; i++) {
        values[i] = filling_decode(filler->dtype, bytes + i * owi_dtype_size(filler->dtype));
    }
    free(bytes);
    return values;
}

void filling_each_level(void (*test)(const char *level)) {
    for (size_t i = 0; owi_cpu_level(i); i++) {
        if (owi_cpu_force(owi_cpu_level(i))) {
            test(owi_cpu_level(i));
        } else {
            print_message("SKIPPED: this machine has no %s; its kernels were not tested\n",
                          owi_cpu_level(i));
        }
    }
    assert_true(owi_cpu_force(NULL));
}
