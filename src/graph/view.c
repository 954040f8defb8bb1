#include "graph/view.h"

#include <string.h>

typedef struct step {
    owi_arena *arena;
    const owi_view *in;
    const owi_node *node;
    size_t input, output;
    owi_view *out; // begins as a copy of *in
} step;

owi_view owi_view_whole(owi_arena *arena, size_t rank, const int64_t *dims) {
    owi_view_axis *axes = owi_new(arena, owi_view_axis, rank);
    int64_t stride = 1;
    for (size_t i = rank; i-- > 0;) {
        axes[i] = (owi_view_axis){0, dims[i], stride};
        stride *= dims[i];
    }
    owi_piece *piece = owi_new(arena, owi_piece, 1);
    piece->axes = axes;
    return (owi_view){rank, dims, piece, 1, 1, 0, true};
}

static const owi_value *output_of(const step *at) {
    return at->node->outputs[at->output];
}

// What is left when pieces cannot say it: the shape alone, if that is known.
static bool lose(const step *at) {
    const owi_value *output = output_of(at);
    at->out->exact = false;
    at->out->pieces = NULL;
    at->out->piece_count = 0;
    at->out->rank = output->ranked ? output->rank : 0;
    at->out->dims = output->ranked ? output->dims : NULL;
    return true;
}

static owi_piece *new_pieces(const step *at, size_t count) {
    owi_piece *pieces = owi_new(at->arena, owi_piece, count);
    at->out->pieces = pieces;
    at->out->piece_count = 0;
    return pieces;
}

static owi_view_axis *new_axes(const step *at, const owi_view_axis *from, size_t count,
                               size_t room) {
    owi_view_axis *axes = owi_new(at->arena, owi_view_axis, room);
    if (count) {
        memcpy(axes, from, count * sizeof *axes);
    }
    return axes;
}

static void set_shape(const step *at) {
    at->out->rank = output_of(at)->rank;
    at->out->dims = output_of(at)->dims;
}

static bool transpose(const step *at) {
    size_t count, rank = at->in->rank;
    const int64_t *perm = owi_attribute_integers(at->node, "perm", &count);
    if (!output_of(at)->ranked || (perm && count != rank)) {
        return lose(at);
    }
    owi_piece *pieces = new_pieces(at, at->in->piece_count);
    for (size_t p = 0; p < at->in->piece_count; p++) {
        owi_view_axis *axes = new_axes(at, NULL, 0, rank);
        uint64_t taken = 0;
        for (size_t i = 0; i < rank; i++) {
            int64_t from = perm ? owi_axis(perm[i], rank) : (int64_t)(rank - 1 - i);
            if (from == OWI_UNKNOWN || taken >> from & 1) {
                return lose(at);
            }
            taken |= (uint64_t)1 << from;
            axes[i] = at->in->pieces[p].axes[from];
        }
        pieces[at->out->piece_count++] = (owi_piece){at->in->pieces[p].base, axes};
    }
    set_shape(at);
    return true;
}

static bool regroup(const step *at) {
    const owi_value *output = output_of(at);
    if (!output->ranked) {
        return lose(at);
    }
    owi_piece *pieces = new_pieces(at, at->in->piece_count);
    for (size_t p = 0; p < at->in->piece_count; p++) {
        owi_view_axis *axes = new_axes(at, NULL, 0, output->rank);
        if (!owi_piece_regroup(&at->in->pieces[p], at->in->dims, at->in->rank, output->dims,
                               output->rank, axes)) {
            return lose(at);
        }
        pieces[at->out->piece_count++] = (owi_piece){at->in->pieces[p].base, axes};
    }
    set_shape(at);
    return true;
}

// Cuts every piece to start, start + step, ... along one axis.
static void cut(const step *at, size_t axis, int64_t start, int64_t stride, int64_t length) {
    const owi_piece *old = at->out->pieces;
    size_t count = at->out->piece_count;
    owi_piece *pieces = new_pieces(at, count);
    for (size_t p = 0; p < count; p++) {
        owi_view_axis *axes = new_axes(at, old[p].axes, at->in->rank, at->in->rank);
        owi_view_axis *cut_axis = &axes[axis];
        int64_t low = cut_axis->at, high = low + cut_axis->extent - 1;
        int64_t near = stride > 0 ? low - start : start - high;
        int64_t far = stride > 0 ? high - start : start - low;
        int64_t pace = stride > 0 ? stride : -stride;
        int64_t first = near > 0 ? (near - 1) / pace + 1 : 0;
        int64_t last = far >= 0 ? far / pace : -1;
        last = last < length ? last : length - 1;
        if (first > last) {
            continue;
        }
        int64_t base = old[p].base + (start + first * stride - low) * cut_axis->stride;
        int64_t run = last > first ? cut_axis->stride * stride : 0;
        *cut_axis = (owi_view_axis){first, last - first + 1, run};
        pieces[at->out->piece_count++] = (owi_piece){base, axes};
    }
}

static bool slice(const step *at) {
    size_t count = owi_slice_count(at->node);
    if (!count || !output_of(at)->ranked) {
        return lose(at);
    }
    for (size_t i = 0; i < count; i++) {
        int64_t axis = owi_slice_axis(at->node, i, at->in->rank), start, stride, length;
        if (axis == OWI_UNKNOWN) {
            return lose(at);
        }
        if (!owi_slice_bounds(at->node, i, at->in->dims[axis], &start, &stride, &length)) {
            for (size_t p = 0; p < at->in->piece_count; p++) {
                if (at->in->pieces[p].axes[axis].stride != 0) {
                    return lose(at);
                }
            }
            continue; // the source does not vary along this axis
        }
        cut(at, (size_t)axis, start, stride, length);
    }
    set_shape(at);
    return true;
}

static bool split(const step *at) {
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), at->in->rank);
    int64_t start, length;
    if (axis == OWI_UNKNOWN || !output_of(at)->ranked || at->in->dims[axis] == OWI_UNKNOWN ||
        !owi_split_bounds(at->node, at->output, at->in->dims[axis], &start, &length)) {
        return lose(at);
    }
    cut(at, (size_t)axis, start, 1, length);
    set_shape(at);
    return true;
}

static bool concat(const step *at) {
    const owi_value *output = output_of(at);
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), at->in->rank), before = 0;
    if (axis == OWI_UNKNOWN || !output->ranked || output->rank != at->in->rank) {
        return lose(at);
    }
    for (size_t i = 0; i < at->input; i++) {
        const owi_value *part = owi_input(at->node, i);
        bool sized =
            part && part->ranked && part->rank == at->in->rank && part->dims[axis] != OWI_UNKNOWN;
        if (!sized || __builtin_add_overflow(before, part->dims[axis], &before)) {
            return lose(at);
        }
    }
    owi_piece *pieces = new_pieces(at, at->in->piece_count);
    for (size_t p = 0; p < at->in->piece_count; p++) {
        owi_view_axis *axes = new_axes(at, at->in->pieces[p].axes, at->in->rank, at->in->rank);
        if (__builtin_add_overflow(axes[axis].at, before, &axes[axis].at)) {
            return lose(at);
        }
        pieces[at->out->piece_count++] = (owi_piece){at->in->pieces[p].base, axes};
    }
    set_shape(at);
    return true;
}

static bool expand(const step *at) {
    const owi_value *output = output_of(at);
    if (!output->ranked || output->rank < at->in->rank) {
        return lose(at);
    }
    size_t added = output->rank - at->in->rank;
    owi_piece *pieces = new_pieces(at, at->in->piece_count);
    for (size_t p = 0; p < at->in->piece_count; p++) {
        owi_view_axis *axes = new_axes(at, NULL, 0, output->rank);
        for (size_t i = 0; i < output->rank; i++) {
            bool repeated = i < added || at->in->dims[i - added] == 1;
            axes[i] = repeated ? (owi_view_axis){0, output->dims[i], 0}
                               : at->in->pieces[p].axes[i - added];
        }
        pieces[at->out->piece_count++] = (owi_piece){at->in->pieces[p].base, axes};
    }
    set_shape(at);
    return true;
}

// Drops an axis that has been cut to one element.
static void drop_axis(const step *at, size_t axis) {
    owi_piece *pieces = owi_new(at->arena, owi_piece, at->out->piece_count);
    for (size_t p = 0; p < at->out->piece_count; p++) {
        owi_view_axis *axes = new_axes(at, at->out->pieces[p].axes, axis, at->in->rank);
        memcpy(axes + axis, at->out->pieces[p].axes + axis + 1,
               (at->in->rank - axis - 1) * sizeof *axes);
        pieces[p] = (owi_piece){at->out->pieces[p].base, axes};
    }
    at->out->pieces = pieces;
}

// Gather is a view when its indices are known and walk in even steps, as 0, 1, 2 or a single one.
static bool gather(const step *at) {
    const owi_value *indices = owi_input(at->node, 1);
    size_t count;
    const int64_t *list = owi_known_integers(indices, &count);
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), at->in->rank);
    if (!list || !count || axis == OWI_UNKNOWN || !indices->ranked || indices->rank > 1 ||
        at->in->dims[axis] == OWI_UNKNOWN) {
        return false;
    }
    int64_t size = at->in->dims[axis], first = owi_axis(list[0], (size_t)size);
    int64_t second = count > 1 ? owi_axis(list[1], (size_t)size) : first + 1;
    if (first == OWI_UNKNOWN || second == OWI_UNKNOWN || second == first) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (owi_axis(list[i], (size_t)size) != first + (int64_t)i * (second - first)) {
            return false;
        }
    }
    if (!output_of(at)->ranked) {
        return lose(at);
    }
    cut(at, (size_t)axis, first, second - first, (int64_t)count);
    if (indices->rank == 0) {
        drop_axis(at, (size_t)axis);
    }
    set_shape(at);
    return true;
}

// A constant factor or addend between tensor and slot.
static bool scale_or_shift(const step *at) {
    const owi_op *op = at->node->op;
    const owi_value *output = output_of(at);
    double number;
    if (at->node->input_count != 2 || (op->signal == OWI_SIGNAL_DIV && at->input != 0) ||
        !owi_known_scalar(owi_input(at->node, 1 - at->input), &number) || !output->ranked ||
        output->rank != at->in->rank) {
        return false;
    }
    if (op->view == OWI_VIEW_SHIFT) {
        at->out->shift += number;
    } else {
        double factor = op->signal == OWI_SIGNAL_DIV ? 1 / number : number;
        at->out->factor *= factor;
        at->out->shift *= factor;
    }
    return true;
}

// What a file says of a shape may contradict what the view knows: then the view knows nothing.
static bool fits(const owi_view *view) {
    for (size_t p = 0; p < view->piece_count; p++) {
        for (size_t i = 0; i < view->rank; i++) {
            const owi_view_axis *axis = &view->pieces[p].axes[i];
            int64_t size = view->dims[i] == OWI_UNKNOWN ? OWI_LIMIT_ELEMENTS : view->dims[i];
            bool all = axis->extent == OWI_UNKNOWN && view->dims[i] == OWI_UNKNOWN;
            if (axis->at < 0 || axis->at > size ||
                (!all && (axis->extent < 0 || axis->extent > size - axis->at))) {
                return false;
            }
        }
    }
    return true;
}

static bool step_exactly(const step *at) {
    switch (at->node->op->view) {
    case OWI_VIEW_TRANSPOSE: return transpose(at);
    case OWI_VIEW_REGROUP: return regroup(at);
    case OWI_VIEW_SLICE: return slice(at);
    case OWI_VIEW_SPLIT: return split(at);
    case OWI_VIEW_CONCAT: return concat(at);
    case OWI_VIEW_GATHER: return gather(at);
    default: return expand(at);
    }
}

bool owi_view_step(owi_arena *arena, const owi_view *view, const owi_node *node, size_t input,
                   size_t output, owi_view *seen) {
    owi_spend(arena, OWI_COST_USE + input + output);
    *seen = *view;
    step at = {arena, view, node, input, output, seen};
    bool data_only = input == 0;
    switch (node->op->view) {
    case OWI_VIEW_NONE: return false;
    case OWI_VIEW_SCALE:
    case OWI_VIEW_SHIFT: return scale_or_shift(&at);
    case OWI_VIEW_IDENTITY: return data_only && output == 0;
    case OWI_VIEW_GATHER:
        if (!view->exact) {
            return false;
        }
        break;
    default: break;
    }
    if (node->op->view != OWI_VIEW_CONCAT && !data_only) {
        return false;
    }
    if (!view->exact) {
        return lose(&at);
    }
    return step_exactly(&at) && (fits(seen) || lose(&at));
}
