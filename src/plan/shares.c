// shares.c: parts of a tensor that get something of their own.
#include "plan/rows.h"

#include <math.h>
#include <string.h>

static owi_box cut(owi_arena *arena, const owi_box *box, size_t rank, int64_t start,
                   int64_t length) {
    int64_t *offset = owi_new(arena, int64_t, rank), *extent = owi_new(arena, int64_t, rank);
    memcpy(offset, box->offset, rank * sizeof *offset);
    memcpy(extent, box->extent, rank * sizeof *extent);
    offset[0] = start;
    extent[0] = length;
    return (owi_box){offset, extent};
}

typedef struct share_list {
    owi_share *items;
    size_t count, capacity;
} share_list;

owi_share *owi_shares_clear_row(owi_arena *arena, const owi_tensor *tensor, const owi_share *shares,
                                size_t *count, int64_t zero_row) {
    share_list made = {0};
    share_list zeros = {0}; // last, so that the first share is what the tensor gets
    int64_t rows = tensor->rank ? tensor->dims[0] : 0;
    int64_t row = zero_row < 0 ? zero_row + rows : zero_row;
    if (row < 0 || row >= rows) {
        return NULL;
    }
    for (size_t i = 0; i < *count; i++) {
        const owi_box *box = &shares[i].box;
        int64_t start = box->offset[0], end = start + box->extent[0];
        int64_t bounds[] = {start, row, row + 1, end};
        if (row < start || row >= end) {
            *owi_push(arena, &made) = shares[i];
            continue;
        }
        for (size_t k = 0; k < 3; k++) {
            if (bounds[k] == bounds[k + 1]) {
                continue;
            }
            owi_share *share = owi_push(arena, k == 1 ? &zeros : &made);
            *share = shares[i];
            share->box = cut(arena, box, tensor->rank, bounds[k], bounds[k + 1] - bounds[k]);
            if (k == 1) {
                share->label = "zero_row";
                share->made.scheme = OWI_SCHEME_zeros;
                share->made.distribution = OWI_DISTRIBUTION_CONSTANT;
                share->made.std = share->made.value = 0;
                share->made.mean = share->made.low = share->made.high = NAN;
            }
        }
    }
    for (size_t i = 0; i < zeros.count; i++) {
        *owi_push(arena, &made) = zeros.items[i];
    }
    *count = made.count;
    return made.items;
}
