#include "fill/sampler.h"

#include "fill/number.h"

#include <stdalign.h>
#include <string.h>

// The standard deviation of a standard normal held within +-2: sqrt(1 - 4 phi(2) / erf(sqrt 2)),
// phi the normal density.
static const double truncated_deviation = 0.8796256610342398;

owi_law owi_law_of(const owi_kernels *kernels, const owi_recipe *recipe, owi_dtype dtype) {
    owi_law law = {OWI_SHAPE_NORMAL, recipe->b, recipe->a, 0, 0};
    if (recipe->kind == OWI_RECIPE_TRUNCATED) {
        law.shape = OWI_SHAPE_TRUNCATED;
        law.scale = recipe->b / truncated_deviation;
        owi_number_between(kernels, dtype, law.shift - 2 * law.scale, law.shift + 2 * law.scale,
                           &law.low, &law.high);
    } else if (recipe->kind == OWI_RECIPE_UNIFORM) {
        law.shape = OWI_SHAPE_UNIFORM;
        law.scale = recipe->b / 2 - recipe->a / 2;
        law.shift = recipe->a / 2 + recipe->b / 2;
        owi_number_between(kernels, dtype, recipe->a, recipe->b, &law.low, &law.high);
    }
    return law;
}

// One pass: at most OWI_BLOCK words.
typedef struct block {
    alignas(64) uint32_t words[OWI_BLOCK];
    alignas(64) union {
        float narrow[OWI_BLOCK];
        double wide[OWI_BLOCK / 2];
    } values;
} block;

// Makes the superblocks around up to `count` elements from `first` on. Returns how many elements
// were made, and where they begin.
static size_t make_block(const owi_kernels *kernels, owi_stream stream, const owi_law *law,
                         bool wide, uint64_t first, uint64_t count, block *out,
                         const void **begin) {
    const size_t unit = wide ? OWI_SUPERBLOCK / 2 : OWI_SUPERBLOCK;
    const size_t most = wide ? OWI_BLOCK / 2 : OWI_BLOCK;
    const size_t skip = (size_t)(first % unit);
    const size_t made = count < most - skip ? (size_t)count : most - skip;
    const size_t superblocks = (skip + made + unit - 1) / unit;
    kernels->words(stream.key, stream.tag, first / unit, superblocks, out->words);
    owi_transform *transform = (wide ? kernels->to_double : kernels->to_float)[law->shape];
    transform(out->words, superblocks, law, &out->values);
    *begin =
        wide ? (const void *)(out->values.wide + skip) : (const void *)(out->values.narrow + skip);
    return made;
}

void owi_sample(const owi_kernels *kernels, owi_stream stream, const owi_law *law, owi_dtype dtype,
                uint64_t first, uint64_t count, uint8_t *bytes) {
    const size_t size = owi_dtype_size(dtype);
    block out;
    const void *values;
    for (uint64_t done = 0; done < count;) {
        const size_t made = make_block(kernels, stream, law, dtype == OWI_DTYPE_DOUBLE,
                                       first + done, count - done, &out, &values);
        owi_number_store(kernels, dtype, values, made, bytes + done * size);
        done += made;
    }
}

void owi_sample_values(const owi_kernels *kernels, owi_stream stream, const owi_law *law,
                       owi_dtype dtype, uint64_t first, uint64_t count, void *values) {
    const bool wide = dtype == OWI_DTYPE_DOUBLE;
    const size_t size = wide ? sizeof(double) : sizeof(float);
    block out;
    const void *begin;
    for (uint64_t done = 0; done < count;) {
        const size_t made =
            make_block(kernels, stream, law, wide, first + done, count - done, &out, &begin);
        memcpy((uint8_t *)values + done * size, begin, made * size);
        done += made;
    }
}
