#include "audit/sketch.h"

#include "base/half.h"

#include <math.h>
#include <string.h>

enum { LANES = 4 }; // sums that grow side by side, for SIMD; their order is fixed

// ---- bytes to numbers

static uint16_t half_at(const uint8_t *bytes, size_t index) {
    return (uint16_t)(bytes[2 * index] | bytes[2 * index + 1] << 8);
}

static void copy_numbers(const uint8_t *bytes, size_t size, size_t count, void *numbers) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    uint8_t *to = numbers;
    for (size_t i = 0; i < count * size; i++) {
        to[i / size * size + (size - 1 - i % size)] = bytes[i];
    }
#else
    memcpy(numbers, bytes, count * size);
#endif
}

// Numbers of any type but float64 as float32, exactly.
static void decode_narrow(owi_dtype dtype, const uint8_t *bytes, size_t count, float *values) {
    switch (dtype) {
    case OWI_DTYPE_FLOAT16:
        for (size_t i = 0; i < count; i++) {
            values[i] = owi_float_of_float16(half_at(bytes, i));
        }
        break;
    case OWI_DTYPE_BFLOAT16:
        for (size_t i = 0; i < count; i++) {
            values[i] = owi_float_of_bfloat16(half_at(bytes, i));
        }
        break;
    default: copy_numbers(bytes, sizeof *values, count, values);
    }
}

static void decode_both(owi_dtype dtype, const uint8_t *bytes, size_t count, double *wide,
                        float *narrow) {
    if (dtype == OWI_DTYPE_DOUBLE) {
        copy_numbers(bytes, sizeof *wide, count, wide);
        for (size_t i = 0; i < count; i++) {
            narrow[i] = (float)wide[i];
        }
        return;
    }
    decode_narrow(dtype, bytes, count, narrow);
    for (size_t i = 0; i < count; i++) {
        wide[i] = (double)narrow[i];
    }
}

void owi_decode(owi_dtype dtype, const uint8_t *bytes, size_t count, double *values) {
    float narrow[OWI_SKETCH_BLOCK];
    decode_both(dtype, bytes, count, values, narrow);
}

// ---- moments

typedef struct moments {
    uint64_t count;
    double mean, m2, m3, m4;
} moments;

// Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
// statistical moments", SAND2008-6212, equations 1.5 and 3.1.
static moments joined(const moments *a, const moments *b) {
    if (a->count == 0 || b->count == 0) {
        return a->count ? *a : *b;
    }
    double na = (double)a->count, nb = (double)b->count, n = na + nb, d = b->mean - a->mean;
    double dn = d / n, dn2 = dn * dn;
    moments sum = {.count = a->count + b->count};
    sum.mean = a->mean + nb * dn;
    sum.m2 = a->m2 + b->m2 + na * nb * d * dn;
    sum.m3 = a->m3 + b->m3 + na * nb * (na - nb) * d * dn2 + 3 * dn * (na * b->m2 - nb * a->m2);
    sum.m4 = a->m4 + b->m4 + na * nb * (na * na - na * nb + nb * nb) * d * dn * dn2 +
             6 * dn2 * (na * na * b->m2 + nb * nb * a->m2) + 4 * dn * (na * b->m3 - nb * a->m3);
    return sum;
}

static double total(const double *lanes) {
    double sum = 0;
    for (size_t i = 0; i < LANES; i++) {
        sum += lanes[i];
    }
    return sum;
}

// Sums of powers of the distance from a pivot near the mean, then moved to the mean.
static moments moments_of(const double *values, size_t count, double pivot) {
    double first[LANES] = {0}, second[LANES] = {0}, third[LANES] = {0}, fourth[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const double d = values[i + lane] - pivot, square = d * d;
            first[lane] += d;
            second[lane] += square;
            third[lane] += square * d;
            fourth[lane] += square * square;
        }
    }
    for (; i < count; i++) {
        const double d = values[i] - pivot, square = d * d;
        first[0] += d;
        second[0] += square;
        third[0] += square * d;
        fourth[0] += square * square;
    }
    const double n = (double)count, s = total(first) / n, s2 = total(second), s3 = total(third);
    return (moments){count, pivot + s, fmax(s2 - n * s * s, 0), s3 - 3 * s * s2 + 2 * n * s * s * s,
                     fmax(total(fourth) - 4 * s * s3 + 6 * s * s * s2 - 3 * n * s * s * s * s, 0)};
}

static void join(owi_sketch *sketch, const moments *more) {
    moments own = {sketch->count, sketch->mean, sketch->m2, sketch->m3, sketch->m4};
    moments sum = joined(&own, more);
    sketch->count = sum.count;
    sketch->mean = sum.mean;
    sketch->m2 = sum.m2;
    sketch->m3 = sum.m3;
    sketch->m4 = sum.m4;
}

// ---- the sketch

void owi_sketch_reset(owi_sketch *sketch) {
    memset(sketch, 0, sizeof *sketch);
    sketch->min = INFINITY;
    sketch->max = -INFINITY;
}

// Takes out what is not finite; returns how many are left.
static size_t keep_finite(double *wide, float *narrow, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (isfinite(wide[i])) {
            wide[kept] = wide[i];
            narrow[kept++] = narrow[i];
        }
    }
    return kept;
}

// Whether all are finite, as far as float32 can tell.
static bool all_finite(const float *values, size_t count) {
    uint32_t bits, special = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(&bits, &values[i], sizeof bits);
        special |= (bits & 0x7fffffff) + 0x00800000; // the top bit: an exponent of all ones
    }
    return special < 0x80000000;
}

// The order of float32 numbers as that of integers, which compilers turn into SIMD.
static int32_t rank_of(float value) {
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? bits ^ 0x7fffffff : bits;
}

static double number_of_rank(int32_t rank) {
    return (double)owi_float_of_bits((uint32_t)(rank < 0 ? rank ^ 0x7fffffff : rank));
}

static void add_range(owi_sketch *sketch, const float *values, size_t count) {
    int32_t least = INT32_MAX, most = INT32_MIN;
    for (size_t i = 0; i < count; i++) {
        const int32_t rank = rank_of(values[i]);
        least = rank < least ? rank : least;
        most = rank > most ? rank : most;
    }
    sketch->min = fmin(sketch->min, number_of_rank(least));
    sketch->max = fmax(sketch->max, number_of_rank(most));
}

static void add_wide_range(owi_sketch *sketch, const double *values, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sketch->min = fmin(sketch->min, values[i]);
        sketch->max = fmax(sketch->max, values[i]);
    }
}

static uint64_t near_zero(const owi_sketch *sketch) {
    return sketch->bins[0] + sketch->bins[OWI_SKETCH_HALF];
}

static void add_bins(owi_sketch *sketch, const double *wide, const float *narrow, size_t count) {
    const uint64_t before = near_zero(sketch);
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &narrow[i], sizeof bits);
        sketch->bins[bits >> OWI_SKETCH_SHIFT]++;
    }
    for (size_t i = 0; near_zero(sketch) != before && i < count; i++) {
        sketch->zeros += wide[i] == 0;
    }
}

static void add_block(owi_sketch *sketch, owi_dtype dtype, const uint8_t *bytes, size_t count) {
    double wide[OWI_SKETCH_BLOCK];
    float narrow[OWI_SKETCH_BLOCK];
    decode_both(dtype, bytes, count, wide, narrow);
    if (!all_finite(narrow, count)) {
        size_t kept = keep_finite(wide, narrow, count);
        sketch->nonfinite += count - kept;
        count = kept;
    }
    if (count > 0) {
        const double pivot = sketch->count ? sketch->mean : wide[0];
        moments block = moments_of(wide, count, pivot);
        join(sketch, &block);
        if (dtype == OWI_DTYPE_DOUBLE) {
            add_wide_range(sketch, wide, count);
        } else {
            add_range(sketch, narrow, count);
        }
        add_bins(sketch, wide, narrow, count);
    }
}

void owi_sketch_add(owi_sketch *sketch, owi_dtype dtype, const uint8_t *bytes, size_t count) {
    const size_t size = owi_dtype_size(dtype);
    for (size_t part; count > 0; count -= part, bytes += part * size) {
        part = count < OWI_SKETCH_BLOCK ? count : OWI_SKETCH_BLOCK;
        add_block(sketch, dtype, bytes, part);
    }
}

void owi_sketch_merge(owi_sketch *sketch, const owi_sketch *other) {
    moments more = {other->count, other->mean, other->m2, other->m3, other->m4};
    sketch->zeros += other->zeros;
    sketch->nonfinite += other->nonfinite;
    sketch->min = fmin(sketch->min, other->min);
    sketch->max = fmax(sketch->max, other->max);
    join(sketch, &more);
    for (size_t i = 0; i < OWI_SKETCH_BINS; i++) {
        sketch->bins[i] += other->bins[i];
    }
}

double owi_sketch_edge(unsigned bin) {
    return (double)owi_float_of_bits((uint32_t)bin << OWI_SKETCH_SHIFT);
}

double owi_sketch_std(const owi_sketch *sketch) {
    return sketch->count ? sqrt(sketch->m2 / (double)sketch->count) : NAN;
}
