// shape.c: ranks and dims, as far as they follow without running anything. What does not follow
// stays unknown; nothing here ever fails.
#include "graph/graph.h"

#include <string.h>

typedef struct context {
    owi_arena *arena;
    const owi_node *node;
    owi_value *output;
} context;

static int64_t *new_dims(const context *at, size_t rank) {
    return owi_new(at->arena, int64_t, rank);
}

static void set(const context *at, size_t rank, const int64_t *dims) {
    at->output->ranked = true;
    at->output->rank = rank;
    at->output->dims = dims;
}

static const owi_value *ranked_input(const context *at, size_t input) {
    const owi_value *value = owi_input(at->node, input);
    return value && value->ranked ? value : NULL;
}

// Unknown plus, times or over anything is unknown.
static int64_t product(int64_t a, int64_t b) {
    int64_t result;
    return a == OWI_UNKNOWN || b == OWI_UNKNOWN || __builtin_mul_overflow(a, b, &result)
               ? OWI_UNKNOWN
               : result;
}

static void same(const context *at, size_t input) {
    const owi_value *value = ranked_input(at, input);
    if (value) {
        set(at, value->rank, value->dims);
    }
}

// The rank stays; where a dim was padded by what is known, that is known too.
static void pad(const context *at, bool only_rank) {
    const owi_value *x = ranked_input(at, 0);
    size_t count = 0;
    const int64_t *pads = only_rank ? NULL : owi_parameter_integers(at->node, 1, "pads", &count);
    if (!x) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        bool known = pads && count == 2 * x->rank && x->dims[i] != OWI_UNKNOWN &&
                     !__builtin_add_overflow(x->dims[i], pads[i], &dims[i]) &&
                     !__builtin_add_overflow(dims[i], pads[i + x->rank], &dims[i]);
        dims[i] = known ? dims[i] : OWI_UNKNOWN;
    }
    set(at, x->rank, dims);
}

static int64_t broadcast_dim(int64_t a, int64_t b) {
    if (a == 1) {
        return b;
    }
    return b == 1 || b == OWI_UNKNOWN ? a : a == OWI_UNKNOWN ? (b > 1 ? b : OWI_UNKNOWN) : a;
}

static const int64_t *broadcast_dims(const context *at, const int64_t *a, size_t a_rank,
                                     const int64_t *b, size_t b_rank, size_t rank) {
    int64_t *dims = new_dims(at, rank);
    for (size_t i = 0; i < rank; i++) {
        int64_t left = i + a_rank < rank ? 1 : a[i + a_rank - rank];
        int64_t right = i + b_rank < rank ? 1 : b[i + b_rank - rank];
        dims[i] = broadcast_dim(left, right);
    }
    return dims;
}

static void broadcast(const context *at) {
    const owi_value *first = ranked_input(at, 0);
    if (!first) {
        return;
    }
    size_t rank = first->rank;
    const int64_t *dims = first->dims;
    for (size_t i = 1; i < at->node->input_count; i++) {
        const owi_value *next = ranked_input(at, i);
        if (!next) {
            return;
        }
        size_t wider = rank > next->rank ? rank : next->rank;
        dims = broadcast_dims(at, dims, rank, next->dims, next->rank, wider);
        rank = wider;
    }
    set(at, rank, dims);
}

// Small enough that sums and products of two cannot overflow.
static bool modest(int64_t number) {
    return number >= 0 && number <= INT32_MAX;
}

// One spatial dim of a convolution or pool (ONNX, Conv): floor((n + pads - dilated) / stride) + 1.
static int64_t window_dim(const context *at, int64_t size, int64_t kernel, size_t axis) {
    size_t count;
    const int64_t *list = owi_attribute_integers(at->node, "strides", &count);
    int64_t stride = axis < count ? list[axis] : 1;
    list = owi_attribute_integers(at->node, "dilations", &count);
    int64_t dilation = axis < count ? list[axis] : 1;
    list = owi_attribute_integers(at->node, "pads", &count);
    int64_t before = axis < count / 2 ? list[axis] : 0;
    int64_t after = axis < count / 2 ? list[axis + count / 2] : 0;
    if (!modest(size) || !modest(kernel) || !modest(dilation) || !modest(before) ||
        !modest(after) || !modest(stride) || stride < 1) {
        return OWI_UNKNOWN;
    }
    const Onnx__AttributeProto *automatic = owi_attribute(at->node, "auto_pad");
    if (automatic && automatic->has_s && automatic->s.len > 4 &&
        memcmp(automatic->s.data, "SAME", 4) == 0) {
        return (size + stride - 1) / stride;
    }
    int64_t room = size + before + after - (dilation * (kernel - 1) + 1);
    if (owi_attribute_integer(at->node, "ceil_mode", 0)) {
        room += stride - 1;
    }
    return room < 0 ? OWI_UNKNOWN : room / stride + 1;
}

static void conv(const context *at) {
    const owi_value *x = ranked_input(at, 0), *w = ranked_input(at, 1);
    if (!x || !w || x->rank < 2 || w->rank != x->rank) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    dims[0] = x->dims[0];
    dims[1] = w->dims[0];
    for (size_t i = 2; i < x->rank; i++) {
        dims[i] = window_dim(at, x->dims[i], w->dims[i], i - 2);
    }
    set(at, x->rank, dims);
}

static void conv_transpose(const context *at) {
    const owi_value *x = ranked_input(at, 0), *w = ranked_input(at, 1);
    if (!x || !w || x->rank < 2 || w->rank != x->rank) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    dims[0] = x->dims[0];
    dims[1] = product(w->dims[1], owi_attribute_integer(at->node, "group", 1));
    for (size_t i = 2; i < x->rank; i++) {
        dims[i] = OWI_UNKNOWN; // output_padding, output_shape and auto_pad: nothing here needs it
    }
    set(at, x->rank, dims);
}

static void pool(const context *at, bool global) {
    const owi_value *x = ranked_input(at, 0);
    size_t count = 0;
    const int64_t *kernel = owi_attribute_integers(at->node, "kernel_shape", &count);
    if (!x || x->rank < 2 || (!global && count != x->rank - 2)) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    dims[0] = x->dims[0];
    dims[1] = x->dims[1];
    for (size_t i = 2; i < x->rank; i++) {
        dims[i] = global ? 1 : window_dim(at, x->dims[i], kernel[i - 2], i - 2);
    }
    set(at, x->rank, dims);
}

static void gemm(const context *at) {
    const owi_value *a = ranked_input(at, 0), *b = ranked_input(at, 1);
    int64_t *dims = new_dims(at, 2);
    bool left = owi_attribute_integer(at->node, "transA", 0) != 0;
    bool right = owi_attribute_integer(at->node, "transB", 0) != 0;
    dims[0] = a && a->rank == 2 ? a->dims[left] : OWI_UNKNOWN;
    dims[1] = b && b->rank == 2 ? b->dims[!right] : OWI_UNKNOWN;
    set(at, 2, dims);
}

static void matmul(const context *at) {
    const owi_value *a = ranked_input(at, 0), *b = ranked_input(at, 1);
    if (!a || !b || a->rank < 1 || b->rank < 1) {
        return;
    }
    if (a->rank == 1 || b->rank == 1) { // a vector's axis is contracted and gone
        const owi_value *wide = a->rank == 1 ? b : a;
        size_t rank = wide->rank - 1;
        int64_t *dims = new_dims(at, rank);
        for (size_t i = 0; i < rank; i++) {
            dims[i] = wide->dims[a->rank == 1 && i + 1 == rank ? i + 1 : i];
        }
        set(at, rank, dims);
        return;
    }
    size_t rank = a->rank > b->rank ? a->rank : b->rank;
    int64_t *dims = new_dims(at, rank);
    const int64_t *batch =
        broadcast_dims(at, a->dims, a->rank - 2, b->dims, b->rank - 2, rank - 2);
    for (size_t i = 0; i + 2 < rank; i++) {
        dims[i] = batch[i];
    }
    dims[rank - 2] = a->dims[a->rank - 2];
    dims[rank - 1] = b->dims[b->rank - 1];
    set(at, rank, dims);
}

static void einsum(const context *at) {
    owi_equation equation;
    if (!owi_einsum_equation(at->arena, at->node, &equation)) {
        return;
    }
    size_t rank = strlen(equation.output);
    int64_t *dims = new_dims(at, rank);
    for (size_t i = 0; i < rank; i++) {
        dims[i] = OWI_UNKNOWN;
        for (size_t k = 0; k < equation.operand_count; k++) {
            const owi_value *operand = ranked_input(at, k);
            const char *found = strchr(equation.operand[k], equation.output[i]);
            size_t axis = found ? (size_t)(found - equation.operand[k]) : SIZE_MAX;
            if (operand && axis < operand->rank && operand->dims[axis] != OWI_UNKNOWN) {
                dims[i] = operand->dims[axis];
            }
        }
    }
    set(at, rank, dims);
}

// Y of RNN, GRU, LSTM: [sequence, directions, batch, hidden] (layout 0).
static void recurrent(const context *at) {
    const owi_value *x = ranked_input(at, 0), *r = ranked_input(at, 2);
    if (at->output->output != 0 || !x || x->rank != 3) {
        return;
    }
    int64_t *dims = new_dims(at, 4);
    dims[0] = x->dims[0];
    dims[1] = r && r->rank == 3 ? r->dims[0] : OWI_UNKNOWN;
    dims[2] = x->dims[1];
    dims[3] = owi_attribute_integer(at->node, "hidden_size", OWI_UNKNOWN);
    set(at, 4, dims);
}

static void gather(const context *at) {
    const owi_value *data = ranked_input(at, 0), *indices = ranked_input(at, 1);
    if (!data || !indices) {
        return;
    }
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), data->rank);
    size_t rank = data->rank + indices->rank - 1;
    if (axis == OWI_UNKNOWN || rank > OWI_LIMIT_RANK) {
        return;
    }
    int64_t *dims = new_dims(at, rank), *to = dims;
    for (size_t i = 0; i < data->rank; i++) {
        if (i != (size_t)axis) {
            *to++ = data->dims[i];
            continue;
        }
        for (size_t k = 0; k < indices->rank; k++) {
            to[k] = indices->dims[k];
        }
        to += indices->rank;
    }
    set(at, rank, dims);
}

static void transpose(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    size_t count;
    const int64_t *perm = owi_attribute_integers(at->node, "perm", &count);
    if (!x || (perm && count != x->rank)) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        int64_t from = perm ? owi_axis(perm[i], x->rank) : (int64_t)(x->rank - 1 - i);
        if (from == OWI_UNKNOWN) {
            return;
        }
        dims[i] = x->dims[from];
    }
    set(at, x->rank, dims);
}

static void reshape(const context *at) {
    const owi_value *x = ranked_input(at, 0), *target = owi_input(at->node, 1);
    const int64_t *asked = target && target->known ? target->known->integers : NULL;
    size_t rank = asked ? target->known->count : 0;
    if (!asked) { // before opset 5 an attribute
        asked = owi_attribute_integers(at->node, "shape", &rank);
    }
    if (!asked || rank > OWI_LIMIT_RANK) {
        const owi_value *shape = ranked_input(at, 1);
        if (shape && shape->rank == 1 && shape->dims[0] >= 0 && shape->dims[0] <= OWI_LIMIT_RANK) {
            int64_t *unknown = new_dims(at, (size_t)shape->dims[0]);
            for (size_t i = 0; i < (size_t)shape->dims[0]; i++) {
                unknown[i] = OWI_UNKNOWN;
            }
            set(at, (size_t)shape->dims[0], unknown);
        }
        return;
    }
    int64_t *dims = new_dims(at, rank), rest = 1;
    size_t inferred = rank;
    for (size_t i = 0; i < rank; i++) {
        bool copied = asked[i] == 0 && !owi_attribute_integer(at->node, "allowzero", 0);
        dims[i] = copied ? (x && i < x->rank ? x->dims[i] : OWI_UNKNOWN) : asked[i];
        if (asked[i] == -1) {
            inferred = i;
            dims[i] = OWI_UNKNOWN;
        } else {
            rest = product(rest, dims[i]);
        }
    }
    int64_t total = x ? owi_extent(x->dims, 0, x->rank) : OWI_UNKNOWN;
    if (inferred < rank && total != OWI_UNKNOWN && rest != OWI_UNKNOWN && rest > 0) {
        dims[inferred] = total / rest;
    }
    set(at, rank, dims);
}

static void flatten(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    if (!x) {
        return;
    }
    int64_t axis = owi_attribute_integer(at->node, "axis", 1);
    axis = axis < 0 ? axis + (int64_t)x->rank : axis;
    if (axis < 0 || axis > (int64_t)x->rank) {
        return;
    }
    int64_t *dims = new_dims(at, 2);
    dims[0] = owi_extent(x->dims, 0, (size_t)axis);
    dims[1] = owi_extent(x->dims, (size_t)axis, x->rank);
    set(at, 2, dims);
}

static bool listed(const int64_t *axes, size_t count, size_t axis, size_t rank) {
    for (size_t i = 0; i < count; i++) {
        if (owi_axis(axes[i], rank) == (int64_t)axis) {
            return true;
        }
    }
    return false;
}

static void squeeze(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    size_t count, rank = 0;
    const int64_t *axes = owi_parameter_integers(at->node, 1, "axes", &count);
    if (!x || (!axes && owi_input(at->node, 1))) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        bool gone = axes ? listed(axes, count, i, x->rank) : x->dims[i] == 1;
        if (!axes && x->dims[i] == OWI_UNKNOWN) {
            return;
        }
        if (!gone) {
            dims[rank++] = x->dims[i];
        }
    }
    set(at, rank, dims);
}

static void unsqueeze(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    size_t count;
    const int64_t *axes = owi_parameter_integers(at->node, 1, "axes", &count);
    if (!x || !axes || x->rank + count > OWI_LIMIT_RANK) {
        return;
    }
    size_t rank = x->rank + count, from = 0;
    int64_t *dims = new_dims(at, rank);
    for (size_t i = 0; i < rank; i++) {
        bool added = listed(axes, count, i, rank);
        if (!added && from == x->rank) {
            return; // an axis listed twice
        }
        dims[i] = added ? 1 : x->dims[from++];
    }
    set(at, rank, dims);
}

static void slice(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    size_t count = owi_slice_count(at->node);
    if (!x || !count) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    memcpy(dims, x->dims, x->rank * sizeof *dims);
    for (size_t i = 0; i < count; i++) {
        int64_t axis = owi_slice_axis(at->node, i, x->rank), start, step, length;
        if (axis == OWI_UNKNOWN) {
            return;
        }
        bool bounded = owi_slice_bounds(at->node, i, x->dims[axis], &start, &step, &length);
        dims[axis] = bounded ? length : OWI_UNKNOWN;
    }
    set(at, x->rank, dims);
}

static void split(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    if (!x) {
        return;
    }
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), x->rank), start, length;
    if (axis == OWI_UNKNOWN) {
        return;
    }
    int64_t *dims = new_dims(at, x->rank);
    memcpy(dims, x->dims, x->rank * sizeof *dims);
    bool bounded =
        owi_split_bounds(at->node, at->output->output, x->dims[axis], &start, &length);
    dims[axis] = bounded ? length : OWI_UNKNOWN;
    set(at, x->rank, dims);
}

static void concat(const context *at) {
    const owi_value *first = ranked_input(at, 0);
    for (size_t i = 0; !first && i < at->node->input_count; i++) {
        first = ranked_input(at, i);
    }
    if (!first) {
        return;
    }
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), first->rank), total = 0;
    if (axis == OWI_UNKNOWN) {
        return;
    }
    int64_t *dims = new_dims(at, first->rank);
    memcpy(dims, first->dims, first->rank * sizeof *dims);
    for (size_t i = 0; i < at->node->input_count; i++) {
        const owi_value *part = ranked_input(at, i);
        int64_t size = part && part->rank == first->rank ? part->dims[axis] : OWI_UNKNOWN;
        total = size == OWI_UNKNOWN || total == OWI_UNKNOWN ||
                        __builtin_add_overflow(total, size, &total)
                    ? OWI_UNKNOWN
                    : total;
    }
    dims[axis] = total;
    set(at, first->rank, dims);
}

static void expand(const context *at) {
    const owi_value *x = ranked_input(at, 0), *target = owi_input(at->node, 1);
    if (!x || !target || !target->known || !target->known->integers ||
        target->known->count > OWI_LIMIT_RANK) {
        return;
    }
    size_t rank = x->rank > target->known->count ? x->rank : target->known->count;
    set(at, rank,
        broadcast_dims(at, x->dims, x->rank, target->known->integers, target->known->count, rank));
}

static void reduce(const context *at) {
    const owi_value *x = ranked_input(at, 0);
    size_t count, rank = 0;
    const int64_t *axes = owi_parameter_integers(at->node, 1, "axes", &count);
    if (!x || (!axes && owi_input(at->node, 1))) {
        return;
    }
    bool keep = owi_attribute_integer(at->node, "keepdims", 1) != 0;
    int64_t *dims = new_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        bool reduced = !axes || listed(axes, count, i, x->rank);
        if (!reduced || keep) {
            dims[rank++] = reduced ? 1 : x->dims[i];
        }
    }
    set(at, rank, dims);
}

static void vector(const context *at, int64_t length) {
    int64_t *dims = new_dims(at, 1);
    dims[0] = length;
    set(at, 1, dims);
}

static void from_input(const context *at) {
    const owi_value *shape = owi_input(at->node, 0);
    if (shape && shape->known && shape->known->integers && shape->known->count <= OWI_LIMIT_RANK) {
        set(at, shape->known->count, shape->known->integers);
    }
}

static void apply(const context *at, owi_shape_rule rule) {
    const owi_value *x = ranked_input(at, 0);
    switch (rule) {
    case OWI_SHAPE_SAME: same(at, 0); break;
    case OWI_SHAPE_SECOND: same(at, 1); break;
    case OWI_SHAPE_RANK: pad(at, true); break;
    case OWI_SHAPE_PAD: pad(at, false); break;
    case OWI_SHAPE_BROADCAST: broadcast(at); break;
    case OWI_SHAPE_CONV: conv(at); break;
    case OWI_SHAPE_CONV_TRANSPOSE: conv_transpose(at); break;
    case OWI_SHAPE_POOL: pool(at, false); break;
    case OWI_SHAPE_GLOBAL_POOL: pool(at, true); break;
    case OWI_SHAPE_GEMM: gemm(at); break;
    case OWI_SHAPE_MATMUL: matmul(at); break;
    case OWI_SHAPE_EINSUM: einsum(at); break;
    case OWI_SHAPE_RECURRENT: recurrent(at); break;
    case OWI_SHAPE_GATHER: gather(at); break;
    case OWI_SHAPE_TRANSPOSE: transpose(at); break;
    case OWI_SHAPE_RESHAPE: reshape(at); break;
    case OWI_SHAPE_FLATTEN: flatten(at); break;
    case OWI_SHAPE_SQUEEZE: squeeze(at); break;
    case OWI_SHAPE_UNSQUEEZE: unsqueeze(at); break;
    case OWI_SHAPE_SLICE: slice(at); break;
    case OWI_SHAPE_SPLIT: split(at); break;
    case OWI_SHAPE_CONCAT: concat(at); break;
    case OWI_SHAPE_EXPAND: expand(at); break;
    case OWI_SHAPE_REDUCE: reduce(at); break;
    case OWI_SHAPE_SHAPE: vector(at, x ? (int64_t)x->rank : OWI_UNKNOWN); break;
    case OWI_SHAPE_RANGE: vector(at, OWI_UNKNOWN); break;
    case OWI_SHAPE_FROM_INPUT: from_input(at); break;
    case OWI_SHAPE_CONSTANT:
    case OWI_SHAPE_UNKNOWN: break;
    }
}

void owi_shape_infer(owi_graph *graph, owi_node *node) {
    for (size_t i = 0; i < node->output_count; i++) {
        owi_value *output = node->outputs[i];
        bool first = i == 0 || node->op->shape == OWI_SHAPE_SPLIT;
        if (output && !output->ranked && first && output->producer == node) {
            apply(&(context){&graph->model->arena, node, output}, node->op->shape);
        }
    }
}
