// pattern.h: boxes whose values are not random: identity, dirac, bilinear, and the zeros around the
// centre tap of a delta-orthogonal one.
#ifndef OWI_FILL_PATTERN_H
#define OWI_FILL_PATTERN_H

#include "fill/fill.h"
#include "fill/kernels.h"

// The centre of a convolution's kernel: axes 2 and up of the box, flattened. Even axes take the
// tap behind the middle.
uint64_t owi_centre_tap(const owi_recipe *recipe, size_t rank);

// Elements [first, first + count) of the box, in the box's own numbering.
void owi_pattern(const owi_kernels *kernels, const owi_filler *filler, const owi_recipe *recipe,
                 uint64_t first, uint64_t count, uint8_t *bytes);

#endif
