// sampler.h: random elements of a stream, any range of them.
#ifndef OWI_FILL_SAMPLER_H
#define OWI_FILL_SAMPLER_H

#include "fill/fill.h"
#include "fill/kernels.h"

// Streams of one key differ in their tag. Tag 0 is that of elements drawn by their place in the
// tensor; matrix `stream` of a tensor has the tag stream + 1.
typedef struct owi_stream {
    owi_key key;
    uint64_t tag;
} owi_stream;

// The distribution a recipe asks for, as numbers of this type. NORMAL, TRUNCATED, UNIFORM, ICNR.
owi_law owi_law_of(const owi_kernels *kernels, const owi_recipe *recipe, owi_dtype dtype);

// Elements [first, first + count) of the stream, little-endian.
//
// Element e of a float32 stream comes from word e of the generator (a normal one from words e and
// e ^ 16); 16-bit elements are the same, rounded. A float64 element comes from words 2e and 2e + 1.
void owi_sample(const owi_kernels *kernels, owi_stream stream, const owi_law *law, owi_dtype dtype,
                uint64_t first, uint64_t count, uint8_t *bytes);

// The same as values: float, or double for float64.
void owi_sample_values(const owi_kernels *kernels, owi_stream stream, const owi_law *law,
                       owi_dtype dtype, uint64_t first, uint64_t count, void *values);

#endif
