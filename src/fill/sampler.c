#include "fill/sampler.h"

#include "fill/bounded.h"
#include "fill/number.h"

#include <stdalign.h>
#include <string.h>

// The standard deviation of a standard normal held within +-2: sqrt(1 - 4 phi(2) / erf(sqrt 2)),
// phi the normal density.
static const double truncated_deviation = 0.8796256610342398;

owi_law owi_law_of(const owi_kernels *kernels, const owi_recipe *recipe, owi_dtype dtype) {
    owi_law law = {.shape = OWI_SHAPE_NORMAL, .scale = recipe->b, .shift = recipe->a};
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
    } else if (recipe->kind == OWI_RECIPE_BOUNDED) {
        const owi_bounded bounded = {recipe->a, recipe->b, recipe->c, recipe->d};
        const owi_bounded_shares shares = owi_bounded_share(&bounded);
        law.shape = OWI_SHAPE_BOUNDED;
        law.below = shares.below;
        law.above = shares.above;
        law.between = shares.between;
        owi_number_between(kernels, dtype, bounded.low, bounded.high, &law.low, &law.high);
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

// Makes up to `count` elements from `first` on, and returns how many. They are put at `room` when
// it is not NULL and they are whole superblocks, else into the block; *values is where they are.
static size_t make_block(const owi_kernels *kernels, owi_stream stream, const owi_law *law,
                         bool wide, uint64_t first, uint64_t count, block *own, void *room,
                         const void **values) {
    const size_t unit = wide ? OWI_SUPERBLOCK / 2 : OWI_SUPERBLOCK;
    const size_t most = wide ? OWI_BLOCK / 2 : OWI_BLOCK;
    const size_t skip = (size_t)(first % unit);
    const size_t made = count < most - skip ? (size_t)count : most - skip;
    const size_t superblocks = (skip + made + unit - 1) / unit;
    const bool in_place = room && skip == 0 && made % unit == 0;
    void *into = in_place ? room : &own->values;
    owi_transform *transform = (wide ? kernels->to_double : kernels->to_float)[law->shape];
    kernels->words(stream.key, stream.tag, first / unit, superblocks, own->words);
    transform(own->words, superblocks, law, into);
    *values = (uint8_t *)into + skip * (wide ? sizeof(double) : sizeof(float));
    return made;
}

void owi_sample(const owi_kernels *kernels, owi_stream stream, const owi_law *law, owi_dtype dtype,
                uint64_t first, uint64_t count, uint8_t *bytes) {
    const bool wide = dtype == OWI_DTYPE_DOUBLE;
    const size_t size = owi_dtype_size(dtype);
    block own;
    const void *values;
    for (uint64_t done = 0, made; done < count; done += made) {
        uint8_t *at = bytes + done * size;
        made = make_block(kernels, stream, law, wide, first + done, count - done, &own,
                          size < sizeof(float) ? NULL : at, &values);
        owi_number_store(kernels, dtype, values, (size_t)made, at);
    }
}

void owi_sample_values(const owi_kernels *kernels, owi_stream stream, const owi_law *law,
                       owi_dtype dtype, uint64_t first, uint64_t count, void *values) {
    const bool wide = dtype == OWI_DTYPE_DOUBLE;
    const size_t size = wide ? sizeof(double) : sizeof(float);
    block own;
    const void *part;
    for (uint64_t done = 0, made; done < count; done += made) {
        uint8_t *at = (uint8_t *)values + done * size;
        made = make_block(kernels, stream, law, wide, first + done, count - done, &own, at, &part);
        if (part != at) {
            memcpy(at, part, (size_t)made * size);
        }
    }
}
