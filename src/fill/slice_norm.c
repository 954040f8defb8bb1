#include "fill/slice_norm.h"

#include "fill/number.h"

enum { CHUNK = 1024 };

static double sqrt_exact(double square) {
    return __builtin_sqrt(square); // one instruction, correctly rounded (IEEE 754)
}

// The squares of a stretch of the source, summed in order.
static double add_squares(const owi_filler *source, uint64_t first, uint64_t count, double sum) {
    owi_filler wide = *source;
    bool real64 = source->dtype == OWI_DTYPE_DOUBLE;
    wide.dtype = real64 ? OWI_DTYPE_DOUBLE : OWI_DTYPE_FLOAT; // 16-bit types draw as float32
    for (uint64_t part; count; first += part, count -= part) {
        union {
            double wide[CHUNK];
            float narrow[CHUNK];
        } values;
        part = count < CHUNK ? count : CHUNK;
        owi_fill_range(&wide, first, part, &values);
        for (uint64_t i = 0; i < part; i++) {
            double value = real64 ? values.wide[i] : (double)values.narrow[i];
            sum += value * value;
        }
    }
    return sum;
}

// An orthogonal source cannot be made in stretches, but the norms of its slices are known: gain
// where the slices are the shorter side, the mean of what they share where not.
static double norm_of_orthogonal(const owi_filler *source, uint64_t slices) {
    uint64_t rest = source->elements / slices;
    double share = rest < slices ? (double)rest / (double)slices : 1;
    return source->recipes[0].b * sqrt_exact(share);
}

static double norm_of(const owi_recipe *recipe, uint64_t slice) {
    const owi_filler *source = recipe->source;
    uint64_t slices = (uint64_t)source->shape[recipe->row_axes], inner = 1;
    if (owi_fill_is_whole(source)) {
        return norm_of_orthogonal(source, slices);
    }
    for (size_t i = recipe->row_axes + 1; i < source->rank; i++) {
        inner *= (uint64_t)source->shape[i];
    }
    double sum = 0;
    for (uint64_t outer = 0; outer < source->elements / (slices * inner); outer++) {
        sum = add_squares(source, (outer * slices + slice) * inner, inner, sum);
    }
    return sqrt_exact(sum);
}

void owi_slice_norms(const owi_kernels *kernels, const owi_recipe *recipe, owi_dtype dtype,
                     uint64_t first, uint64_t count, uint8_t *bytes) {
    for (uint64_t i = 0; i < count; i++) {
        owi_number_repeat(kernels, dtype, norm_of(recipe, first + i), 1,
                          bytes + i * owi_dtype_size(dtype));
    }
}
