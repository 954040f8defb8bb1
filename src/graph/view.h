// view.h: how a tensor is seen at the end of a chain of views.
//
// A view is a list of pieces. Each piece is a strided box: it lies somewhere in the seen tensor and
// tells, axis by axis, how far apart in the source its neighbours are. So a Transpose permutes, a
// Slice cuts, a Concat moves, a Reshape regroups, and a chain of any length stays a few numbers:
// never anything per element.
#ifndef OWI_GRAPH_VIEW_H
#define OWI_GRAPH_VIEW_H

#include "graph/graph.h"

typedef struct owi_view_axis {
    int64_t at;     // where the piece begins on this axis of the seen tensor
    int64_t extent; // OWI_UNKNOWN: all of an axis of unknown size
    int64_t stride; // in elements of the source; 0: the source does not vary along this axis
} owi_view_axis;

typedef struct owi_piece {
    int64_t base; // element of the source that the piece begins with
    const owi_view_axis *axes;
} owi_piece;

typedef struct owi_view {
    size_t rank;
    const int64_t *dims; // of the seen tensor
    const owi_piece *pieces;
    size_t piece_count;
    double factor, shift; // seen = factor * source + shift
    bool exact;           // false: the chain went through something pieces cannot say
} owi_view;

// A box of a tensor: one offset and one extent for each axis.
typedef struct owi_box {
    const int64_t *offset, *extent;
} owi_box;

enum { OWI_LIMIT_PIECES = 4096 };

// A tensor as it is.
owi_view owi_view_whole(owi_arena *arena, size_t rank, const int64_t *dims);

// Whether the node shows what arrives at `input` in another way; then *seen is how its output
// number `output` shows it. False: the tensor arrives here.
bool owi_view_step(owi_arena *arena, const owi_view *view, const owi_node *node, size_t input,
                   size_t output, owi_view *seen);

// Regroups one piece from the shape `in` to the shape `out`, as Reshape does: walks both from the
// right, matching groups of equal extent, and stops at sizes that are not known; what is left must
// not vary with the source. False when strides cannot say it.
bool owi_piece_regroup(const owi_piece *piece, const int64_t *in, size_t in_rank,
                       const int64_t *out, size_t out_rank, owi_view_axis *axes);

// The boxes of the source (rank, dims) that are seen inside a box of the seen tensor, appended to
// `boxes`, which has room for `room`. Returns how many, or SIZE_MAX when they are not boxes.
size_t owi_view_boxes(owi_arena *arena, const owi_view *view, const owi_box *seen, size_t rank,
                      const int64_t *dims, owi_box *boxes, size_t room);

#endif
