// shape_views.c: dims of what Reshape, Slice, Concat and their kin show.
#include "graph/shape.h"

#include <string.h>

void owi_shape_transpose(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count;
    const int64_t *perm = owi_attribute_integers(at->node, "perm", &count);
    if (!x || (perm && count != x->rank)) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        int64_t from = perm ? owi_axis(perm[i], x->rank) : (int64_t)(x->rank - 1 - i);
        if (from == OWI_UNKNOWN) {
            return;
        }
        dims[i] = x->dims[from];
    }
    owi_shape_set(at, x->rank, dims);
}

void owi_shape_reshape(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0), *target = owi_input(at->node, 1);
    const int64_t *asked = target && target->known ? target->known->integers : NULL;
    size_t rank = asked ? target->known->count : 0;
    if (!asked) { // before opset 5 an attribute
        asked = owi_attribute_integers(at->node, "shape", &rank);
    }
    if (!asked || rank > OWI_LIMIT_RANK) {
        const owi_value *shape = owi_shape_input(at, 1);
        if (shape && shape->rank == 1 && shape->dims[0] >= 0 && shape->dims[0] <= OWI_LIMIT_RANK) {
            int64_t *unknown = owi_shape_dims(at, (size_t)shape->dims[0]);
            for (size_t i = 0; i < (size_t)shape->dims[0]; i++) {
                unknown[i] = OWI_UNKNOWN;
            }
            owi_shape_set(at, (size_t)shape->dims[0], unknown);
        }
        return;
    }
    int64_t *dims = owi_shape_dims(at, rank), rest = 1;
    size_t inferred = rank;
    for (size_t i = 0; i < rank; i++) {
        bool copied = asked[i] == 0 && !owi_attribute_integer(at->node, "allowzero", 0);
        dims[i] = copied ? (x && i < x->rank ? x->dims[i] : OWI_UNKNOWN) : asked[i];
        if (asked[i] == -1) {
            inferred = i;
            dims[i] = OWI_UNKNOWN;
        } else {
            rest = owi_shape_product(rest, dims[i]);
        }
    }
    int64_t total = x ? owi_extent(x->dims, 0, x->rank) : OWI_UNKNOWN;
    if (inferred < rank && total != OWI_UNKNOWN && rest != OWI_UNKNOWN && rest > 0) {
        dims[inferred] = total / rest;
    }
    owi_shape_set(at, rank, dims);
}

void owi_shape_flatten(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    if (!x) {
        return;
    }
    int64_t axis = owi_attribute_integer(at->node, "axis", 1);
    axis = axis < 0 ? axis + (int64_t)x->rank : axis;
    if (axis < 0 || axis > (int64_t)x->rank) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, 2);
    dims[0] = owi_extent(x->dims, 0, (size_t)axis);
    dims[1] = owi_extent(x->dims, (size_t)axis, x->rank);
    owi_shape_set(at, 2, dims);
}

static bool listed(const int64_t *axes, size_t count, size_t axis, size_t rank) {
    for (size_t i = 0; i < count; i++) {
        if (owi_axis(axes[i], rank) == (int64_t)axis) {
            return true;
        }
    }
    return false;
}

void owi_shape_squeeze(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count, rank = 0;
    const int64_t *axes = owi_parameter_integers(at->node, 1, "axes", &count);
    if (!x || (!axes && owi_input(at->node, 1))) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        bool gone = axes ? listed(axes, count, i, x->rank) : x->dims[i] == 1;
        if (!axes && x->dims[i] == OWI_UNKNOWN) {
            return;
        }
        if (!gone) {
            dims[rank++] = x->dims[i];
        }
    }
    owi_shape_set(at, rank, dims);
}

void owi_shape_unsqueeze(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count;
    const int64_t *axes = owi_parameter_integers(at->node, 1, "axes", &count);
    if (!x || !axes || x->rank + count > OWI_LIMIT_RANK) {
        return;
    }
    size_t rank = x->rank + count, from = 0;
    int64_t *dims = owi_shape_dims(at, rank);
    for (size_t i = 0; i < rank; i++) {
        bool added = listed(axes, count, i, rank);
        if (!added && from == x->rank) {
            return; // an axis listed twice
        }
        dims[i] = added ? 1 : x->dims[from++];
    }
    owi_shape_set(at, rank, dims);
}

void owi_shape_slice(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count = owi_slice_count(at->node);
    if (!x || !count) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    memcpy(dims, x->dims, x->rank * sizeof *dims);
    for (size_t i = 0; i < count; i++) {
        int64_t axis = owi_slice_axis(at->node, i, x->rank), start, step, length;
        if (axis == OWI_UNKNOWN) {
            return;
        }
        bool bounded = owi_slice_bounds(at->node, i, x->dims[axis], &start, &step, &length);
        dims[axis] = bounded ? length : OWI_UNKNOWN;
    }
    owi_shape_set(at, x->rank, dims);
}

void owi_shape_split(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    if (!x) {
        return;
    }
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), x->rank), start, length;
    if (axis == OWI_UNKNOWN) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    memcpy(dims, x->dims, x->rank * sizeof *dims);
    bool bounded = owi_split_bounds(at->node, at->output->output, x->dims[axis], &start, &length);
    dims[axis] = bounded ? length : OWI_UNKNOWN;
    owi_shape_set(at, x->rank, dims);
}

void owi_shape_concat(const owi_shape_context *at) {
    const owi_value *first = owi_shape_input(at, 0);
    for (size_t i = 0; !first && i < at->node->input_count; i++) {
        first = owi_shape_input(at, i);
    }
    if (!first) {
        return;
    }
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), first->rank), total = 0;
    if (axis == OWI_UNKNOWN) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, first->rank);
    memcpy(dims, first->dims, first->rank * sizeof *dims);
    for (size_t i = 0; i < at->node->input_count; i++) {
        const owi_value *part = owi_shape_input(at, i);
        int64_t size = part && part->rank == first->rank ? part->dims[axis] : OWI_UNKNOWN;
        total = size == OWI_UNKNOWN || total == OWI_UNKNOWN ||
                        __builtin_add_overflow(total, size, &total)
                    ? OWI_UNKNOWN
                    : total;
    }
    dims[axis] = total;
    owi_shape_set(at, first->rank, dims);
}

void owi_shape_expand(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0), *target = owi_input(at->node, 1);
    if (!x || !target || !target->known || !target->known->integers ||
        target->known->count > OWI_LIMIT_RANK) {
        return;
    }
    size_t rank = x->rank > target->known->count ? x->rank : target->known->count;
    owi_shape_set(at, rank,
                  owi_shape_broadcast(at, x->dims, x->rank, target->known->integers,
                                      target->known->count, rank));
}

void owi_shape_reduce(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count, rank = 0;
    const int64_t *axes = owi_parameter_integers(at->node, 1, "axes", &count);
    if (!x || (!axes && owi_input(at->node, 1))) {
        return;
    }
    bool keep = owi_attribute_integer(at->node, "keepdims", 1) != 0;
    int64_t *dims = owi_shape_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        bool reduced = !axes || listed(axes, count, i, x->rank);
        if (!reduced || keep) {
            dims[rank++] = reduced ? 1 : x->dims[i];
        }
    }
    owi_shape_set(at, rank, dims);
}
