// boxes.c: back from a box of the seen tensor to boxes of the source.
#include "graph/view.h"

// The part of a piece inside a box, axis by axis. False when there is none.
static bool intersect(const owi_piece *piece, const owi_box *box, size_t rank, owi_view_axis *axes,
                      int64_t *base) {
    *base = piece->base;
    for (size_t i = 0; i < rank; i++) {
        const owi_view_axis *axis = &piece->axes[i];
        if (axis->extent == OWI_UNKNOWN) {
            return false;
        }
        int64_t low = axis->at > box->offset[i] ? axis->at : box->offset[i];
        int64_t axis_end = axis->at + axis->extent, box_end = box->offset[i] + box->extent[i];
        int64_t high = axis_end < box_end ? axis_end : box_end;
        if (high <= low) {
            return false;
        }
        axes[i] = (owi_view_axis){low, high - low, axis->stride};
        *base += (low - axis->at) * axis->stride;
    }
    return true;
}

// The source box that a piece covers: each of its axes must run along one axis of the source, and
// together they must cover a stretch of it without gaps.
static bool cover(const owi_view_axis *axes, size_t seen_rank, int64_t base, size_t rank,
                  const int64_t *dims, int64_t *offset, int64_t *extent) {
    int64_t stride = 1;
    for (size_t j = rank; j-- > 0; stride *= dims[j]) {
        int64_t span = 0, count = 1, backwards = 0;
        for (size_t i = 0; i < seen_rank; i++) {
            int64_t pace = axes[i].stride < 0 ? -axes[i].stride : axes[i].stride;
            if (axes[i].extent == 1 || pace < stride || pace >= stride * dims[j] || dims[j] == 1) {
                continue;
            }
            if (pace % stride) {
                return false;
            }
            span += (axes[i].extent - 1) * (pace / stride);
            count *= axes[i].extent;
            backwards += axes[i].stride < 0 ? (axes[i].extent - 1) * (pace / stride) : 0;
        }
        offset[j] = base / stride % dims[j] - backwards;
        extent[j] = count;
        if (span + 1 != count || offset[j] < 0 || offset[j] + count > dims[j]) {
            return false;
        }
    }
    return true;
}

size_t owi_view_boxes(owi_arena *arena, const owi_view *view, const owi_box *seen, size_t rank,
                      const int64_t *dims, owi_box *boxes, size_t room) {
    size_t count = 0;
    owi_view_axis *axes = owi_new(arena, owi_view_axis, view->rank);
    if (!view->exact) {
        return SIZE_MAX;
    }
    for (size_t p = 0; p < view->piece_count; p++) {
        int64_t base;
        if (!intersect(&view->pieces[p], seen, view->rank, axes, &base)) {
            continue;
        }
        int64_t *offset = owi_new(arena, int64_t, rank), *extent = owi_new(arena, int64_t, rank);
        if (count == room || !cover(axes, view->rank, base, rank, dims, offset, extent)) {
            return SIZE_MAX;
        }
        boxes[count++] = (owi_box){offset, extent};
    }
    return count;
}
