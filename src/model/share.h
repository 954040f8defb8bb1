// share.h: who writes what, when several processes write one file.
#ifndef OWI_MODEL_SHARE_H
#define OWI_MODEL_SHARE_H

#include "model/generator.h"
#include "model/layout.h"

// Shares begin and end at multiples of it in the file.
enum { OWI_STRETCH = 4 << 20 };

// Bytes [start, end) of a layout but for tensors that are made as a whole, and those of them that
// are marked.
typedef struct owi_share {
    uint64_t start, end;
    const bool *whole; // by segment; NULL: all
} owi_share;

// The whole layout.
owi_share owi_share_all(const owi_layout *layout);

// Share `index` of `count`: one stretch of about equal work for each. Tensors that are made as a
// whole go, the most work first, to whoever has least to do. Everything in it depends on the layout
// and the count alone.
owi_share owi_share_part(const owi_layout *layout, const owi_generator *generator, unsigned index,
                         unsigned count, owi_arena *arena);

// Bytes of the share, and floating-point operations of its whole tensors.
void owi_share_measure(const owi_share *share, const owi_layout *layout,
                       const owi_generator *generator, uint64_t *bytes, double *operations);

#endif
