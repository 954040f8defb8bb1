#include "fill/number.h"

#include <string.h>

// Turns numbers as they stand in memory into little-endian ones.
static void order_bytes(size_t size, size_t count, uint8_t *bytes) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (size_t i = 0; i < count; i++, bytes += size) {
        for (size_t low = 0, high = size - 1; low < high; low++, high--) {
            const uint8_t byte = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = byte;
        }
    }
#else
    (void)size, (void)count, (void)bytes;
#endif
}

void owi_number_store(const owi_kernels *kernels, owi_dtype dtype, const void *values, size_t count,
                      uint8_t *bytes) {
    const size_t size = owi_dtype_size(dtype);
    if (dtype == OWI_DTYPE_FLOAT16) {
        kernels->to_float16(values, count, bytes);
    } else if (dtype == OWI_DTYPE_BFLOAT16) {
        kernels->to_bfloat16(values, count, bytes);
    } else if (values != bytes) {
        memcpy(bytes, values, count * size);
    }
    order_bytes(size, count, bytes);
}

static void store_one(const owi_kernels *kernels, owi_dtype dtype, double value, uint8_t *bytes) {
    const float narrow = (float)value;
    owi_number_store(kernels, dtype, dtype == OWI_DTYPE_DOUBLE ? (void *)&value : (void *)&narrow,
                     1, bytes);
}

void owi_number_repeat(const owi_kernels *kernels, owi_dtype dtype, double value, uint64_t count,
                       uint8_t *bytes) {
    if (count == 0) {
        return;
    }
    const size_t size = owi_dtype_size(dtype), total = (size_t)count * size, most = 65536;
    store_one(kernels, dtype, value, bytes);
    for (size_t done = size, part; done < total; done += part) {
        part = done < most ? done : most;
        part = total - done < part ? total - done : part;
        memcpy(bytes + done, bytes, part);
    }
}

// ---- the numbers of a type in their order ----------------------------------------------------

// A type's bits: the sign, then exponent and mantissa, which count up with the magnitude.
typedef struct layout {
    unsigned bits, mantissa, bias;
} layout;

static layout layout_of(owi_dtype dtype) {
    switch (dtype) {
    case OWI_DTYPE_FLOAT16: return (layout){16, 10, 15};
    case OWI_DTYPE_BFLOAT16: return (layout){16, 7, 127};
    case OWI_DTYPE_DOUBLE: return (layout){64, 52, 1023};
    default: return (layout){32, 23, 127};
    }
}

// 2^exponent for any exponent of a normal double.
static double power_of_two(int exponent) {
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// The number of this rank: 0 is zero, 1 the smallest positive number, -1 the largest negative.
static double number_of(layout type, int64_t rank) {
    double value;
    const uint64_t magnitude = (uint64_t)(rank < 0 ? -rank : rank);
    const uint64_t exponent = magnitude >> type.mantissa;
    const uint64_t fraction = magnitude & ((UINT64_C(1) << type.mantissa) - 1);
    if (type.bits == 64) {
        memcpy(&value, &magnitude, sizeof value);
    } else {
        const uint64_t digits = fraction | (uint64_t)(exponent > 0) << type.mantissa;
        const int power = (int)(exponent > 0 ? exponent : 1) - (int)(type.bias + type.mantissa);
        value = (double)digits * power_of_two(power);
    }
    return rank < 0 ? -value : value;
}

static int64_t rank_of(const owi_kernels *kernels, owi_dtype dtype, double value) {
    const layout type = layout_of(dtype);
    uint8_t bytes[8];
    uint64_t bits = 0;
    store_one(kernels, dtype, value, bytes);
    for (unsigned i = 0; i < type.bits / 8; i++) {
        bits |= (uint64_t)bytes[i] << (8 * i);
    }
    const uint64_t sign = UINT64_C(1) << (type.bits - 1);
    const int64_t magnitude = (int64_t)(bits & (sign - 1));
    return bits & sign ? -magnitude : magnitude;
}

void owi_number_between(const owi_kernels *kernels, owi_dtype dtype, double low, double high,
                        double *least, double *greatest) {
    const layout type = layout_of(dtype);
    const int64_t infinity = (int64_t)(2 * type.bias + 1) << type.mantissa;
    const int64_t nearest = rank_of(kernels, dtype, low);
    int64_t first = nearest, last = rank_of(kernels, dtype, high);
    while (first < infinity && number_of(type, first) <= low) {
        first++;
    }
    while (last > -infinity && number_of(type, last) >= high) {
        last--;
    }
    *least = number_of(type, first <= last ? first : nearest);
    *greatest = number_of(type, first <= last ? last : nearest);
}
