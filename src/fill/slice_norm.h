// slice_norm.h: the norms of the slices of another tensor, as weight normalisation keeps them
// (Salimans & Kingma, "Weight normalization", 2016): with g = ||v|| the weight g v / ||v|| is v.
#ifndef OWI_FILL_SLICE_NORM_H
#define OWI_FILL_SLICE_NORM_H

#include "fill/fill.h"
#include "fill/kernels.h"

// Elements [first, first + count): the norms of as many slices of the recipe's source. The sum runs
// in the order of the source's elements, in double, so the bits do not depend on how it is cut.
void owi_slice_norms(const owi_kernels *kernels, const owi_recipe *recipe, owi_dtype dtype,
                     uint64_t first, uint64_t count, uint8_t *bytes);

#endif
