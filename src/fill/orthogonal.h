// orthogonal.h: random orthogonal matrices, uniformly distributed (Haar).
#ifndef OWI_FILL_ORTHOGONAL_H
#define OWI_FILL_ORTHOGONAL_H

#include "fill/fill.h"
#include "fill/kernels.h"

// Makes an ORTHOGONAL or DELTA_ORTHOGONAL box of the tensor at `bytes` with up to `threads`
// threads. The shorter of rows and columns are orthonormal, times the gain. Of a delta box only
// the centre tap is written. OWI_SYSTEM when there is not enough memory.
owi_status owi_orthogonal(const owi_kernels *kernels, const owi_filler *filler,
                          const owi_recipe *recipe, unsigned threads, uint8_t *bytes,
                          owi_error *error);

#endif
