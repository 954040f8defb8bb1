// shape.c: ranks and dims, as far as they follow without running anything. What does not follow
// stays unknown; nothing here ever fails.
#include "graph/shape.h"

#include <string.h>

int64_t *owi_shape_dims(const owi_shape_context *at, size_t rank) {
    return owi_new(at->arena, int64_t, rank);
}

// A dim that cannot be, by a hostile attribute or an overflow, is unknown: whoever computes with
// dims relies on their range.
void owi_shape_set(const owi_shape_context *at, size_t rank, const int64_t *dims) {
    int64_t *possible = NULL;
    if (rank > OWI_LIMIT_RANK) {
        return;
    }
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] == OWI_UNKNOWN || (dims[i] >= 0 && dims[i] <= OWI_LIMIT_ELEMENTS)) {
            continue;
        }
        if (!possible) {
            possible = owi_shape_dims(at, rank);
            memcpy(possible, dims, rank * sizeof *dims);
        }
        possible[i] = OWI_UNKNOWN;
    }
    at->output->ranked = true;
    at->output->rank = rank;
    at->output->dims = possible ? possible : dims;
}

const owi_value *owi_shape_input(const owi_shape_context *at, size_t input) {
    const owi_value *value = owi_input(at->node, input);
    return value && value->ranked ? value : NULL;
}

int64_t owi_shape_product(int64_t a, int64_t b) {
    int64_t result;
    return a == OWI_UNKNOWN || b == OWI_UNKNOWN || __builtin_mul_overflow(a, b, &result)
               ? OWI_UNKNOWN
               : result;
}

static void same(const owi_shape_context *at, size_t input) {
    const owi_value *value = owi_shape_input(at, input);
    if (value) {
        owi_shape_set(at, value->rank, value->dims);
    }
}

// The rank stays; where a dim was padded by what is known, that is known too.
static void pad(const owi_shape_context *at, bool only_rank) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count = 0;
    const int64_t *pads = only_rank ? NULL : owi_parameter_integers(at->node, 1, "pads", &count);
    if (!x) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    for (size_t i = 0; i < x->rank; i++) {
        bool known = pads && count == 2 * x->rank && x->dims[i] != OWI_UNKNOWN &&
                     !__builtin_add_overflow(x->dims[i], pads[i], &dims[i]) &&
                     !__builtin_add_overflow(dims[i], pads[i + x->rank], &dims[i]);
        dims[i] = known ? dims[i] : OWI_UNKNOWN;
    }
    owi_shape_set(at, x->rank, dims);
}

static int64_t broadcast_dim(int64_t a, int64_t b) {
    if (a == 1) {
        return b;
    }
    return b == 1 || b == OWI_UNKNOWN ? a : a == OWI_UNKNOWN ? (b > 1 ? b : OWI_UNKNOWN) : a;
}

const int64_t *owi_shape_broadcast(const owi_shape_context *at, const int64_t *a, size_t a_rank,
                                   const int64_t *b, size_t b_rank, size_t rank) {
    int64_t *dims = owi_shape_dims(at, rank);
    for (size_t i = 0; i < rank; i++) {
        int64_t left = i + a_rank < rank ? 1 : a[i + a_rank - rank];
        int64_t right = i + b_rank < rank ? 1 : b[i + b_rank - rank];
        dims[i] = broadcast_dim(left, right);
    }
    return dims;
}

static void broadcast(const owi_shape_context *at) {
    const owi_value *first = owi_shape_input(at, 0);
    if (!first) {
        return;
    }
    size_t rank = first->rank;
    const int64_t *dims = first->dims;
    for (size_t i = 1; i < at->node->input_count; i++) {
        const owi_value *next = owi_shape_input(at, i);
        if (!next) {
            return;
        }
        size_t wider = rank > next->rank ? rank : next->rank;
        dims = owi_shape_broadcast(at, dims, rank, next->dims, next->rank, wider);
        rank = wider;
    }
    owi_shape_set(at, rank, dims);
}

// Small enough that sums and products of two cannot overflow.
static bool modest(int64_t number) {
    return number >= 0 && number <= INT32_MAX;
}

// One spatial dim of a convolution or pool (ONNX, Conv): floor((n + pads - dilated) / stride) + 1.
static int64_t window_dim(const owi_shape_context *at, int64_t size, int64_t kernel, size_t axis) {
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

static void conv(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0), *w = owi_shape_input(at, 1);
    if (!x || !w || x->rank < 2 || w->rank != x->rank) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    dims[0] = x->dims[0];
    dims[1] = w->dims[0];
    for (size_t i = 2; i < x->rank; i++) {
        dims[i] = window_dim(at, x->dims[i], w->dims[i], i - 2);
    }
    owi_shape_set(at, x->rank, dims);
}

static void conv_transpose(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0), *w = owi_shape_input(at, 1);
    if (!x || !w || x->rank < 2 || w->rank != x->rank) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    dims[0] = x->dims[0];
    dims[1] = owi_shape_product(w->dims[1], owi_attribute_integer(at->node, "group", 1));
    for (size_t i = 2; i < x->rank; i++) {
        dims[i] = OWI_UNKNOWN; // output_padding, output_shape and auto_pad: nothing here needs it
    }
    owi_shape_set(at, x->rank, dims);
}

static void pool(const owi_shape_context *at, bool global) {
    const owi_value *x = owi_shape_input(at, 0);
    size_t count = 0;
    const int64_t *kernel = owi_attribute_integers(at->node, "kernel_shape", &count);
    if (!x || x->rank < 2 || (!global && count != x->rank - 2)) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, x->rank);
    dims[0] = x->dims[0];
    dims[1] = x->dims[1];
    for (size_t i = 2; i < x->rank; i++) {
        dims[i] = global ? 1 : window_dim(at, x->dims[i], kernel[i - 2], i - 2);
    }
    owi_shape_set(at, x->rank, dims);
}

static void gemm(const owi_shape_context *at) {
    const owi_value *a = owi_shape_input(at, 0), *b = owi_shape_input(at, 1);
    int64_t *dims = owi_shape_dims(at, 2);
    bool left = owi_attribute_integer(at->node, "transA", 0) != 0;
    bool right = owi_attribute_integer(at->node, "transB", 0) != 0;
    dims[0] = a && a->rank == 2 ? a->dims[left] : OWI_UNKNOWN;
    dims[1] = b && b->rank == 2 ? b->dims[!right] : OWI_UNKNOWN;
    owi_shape_set(at, 2, dims);
}

static void matmul(const owi_shape_context *at) {
    const owi_value *a = owi_shape_input(at, 0), *b = owi_shape_input(at, 1);
    if (!a || !b || a->rank < 1 || b->rank < 1) {
        return;
    }
    if (a->rank == 1 || b->rank == 1) { // a vector's axis is contracted and gone
        const owi_value *wide = a->rank == 1 ? b : a;
        size_t rank = wide->rank - 1;
        int64_t *dims = owi_shape_dims(at, rank);
        for (size_t i = 0; i < rank; i++) {
            dims[i] = wide->dims[a->rank == 1 && i + 1 == rank ? i + 1 : i];
        }
        owi_shape_set(at, rank, dims);
        return;
    }
    size_t rank = a->rank > b->rank ? a->rank : b->rank;
    int64_t *dims = owi_shape_dims(at, rank);
    const int64_t *batch =
        owi_shape_broadcast(at, a->dims, a->rank - 2, b->dims, b->rank - 2, rank - 2);
    for (size_t i = 0; i + 2 < rank; i++) {
        dims[i] = batch[i];
    }
    dims[rank - 2] = a->dims[a->rank - 2];
    dims[rank - 1] = b->dims[b->rank - 1];
    owi_shape_set(at, rank, dims);
}

static void einsum(const owi_shape_context *at) {
    owi_equation equation;
    if (!owi_einsum_equation(at->arena, at->node, &equation)) {
        return;
    }
    size_t rank = strlen(equation.output);
    int64_t *dims = owi_shape_dims(at, rank);
    for (size_t i = 0; i < rank; i++) {
        dims[i] = OWI_UNKNOWN;
        for (size_t k = 0; k < equation.operand_count; k++) {
            const owi_value *operand = owi_shape_input(at, k);
            const char *found = strchr(equation.operand[k], equation.output[i]);
            size_t axis = found ? (size_t)(found - equation.operand[k]) : SIZE_MAX;
            if (operand && axis < operand->rank && operand->dims[axis] != OWI_UNKNOWN) {
                dims[i] = operand->dims[axis];
            }
        }
    }
    owi_shape_set(at, rank, dims);
}

// Y of RNN, GRU, LSTM: [sequence, directions, batch, hidden] (layout 0).
static void recurrent(const owi_shape_context *at) {
    const owi_value *x = owi_shape_input(at, 0), *r = owi_shape_input(at, 2);
    if (at->output->output != 0 || !x || x->rank != 3) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, 4);
    dims[0] = x->dims[0];
    dims[1] = r && r->rank == 3 ? r->dims[0] : OWI_UNKNOWN;
    dims[2] = x->dims[1];
    dims[3] = owi_attribute_integer(at->node, "hidden_size", OWI_UNKNOWN);
    owi_shape_set(at, 4, dims);
}

static void gather(const owi_shape_context *at) {
    const owi_value *data = owi_shape_input(at, 0), *indices = owi_shape_input(at, 1);
    if (!data || !indices) {
        return;
    }
    int64_t axis = owi_axis(owi_attribute_integer(at->node, "axis", 0), data->rank);
    size_t rank = data->rank + indices->rank - 1;
    if (axis == OWI_UNKNOWN || rank > OWI_LIMIT_RANK) {
        return;
    }
    int64_t *dims = owi_shape_dims(at, rank), *to = dims;
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
    owi_shape_set(at, rank, dims);
}

static void vector(const owi_shape_context *at, int64_t length) {
    int64_t *dims = owi_shape_dims(at, 1);
    dims[0] = length;
    owi_shape_set(at, 1, dims);
}

static void from_input(const owi_shape_context *at) {
    const owi_value *shape = owi_input(at->node, 0);
    if (shape && shape->known && shape->known->integers && shape->known->count <= OWI_LIMIT_RANK) {
        owi_shape_set(at, shape->known->count, shape->known->integers);
    }
}

static void apply(const owi_shape_context *at, owi_shape_rule rule) {
    const owi_value *x = owi_shape_input(at, 0);
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
    case OWI_SHAPE_TRANSPOSE: owi_shape_transpose(at); break;
    case OWI_SHAPE_RESHAPE: owi_shape_reshape(at); break;
    case OWI_SHAPE_FLATTEN: owi_shape_flatten(at); break;
    case OWI_SHAPE_SQUEEZE: owi_shape_squeeze(at); break;
    case OWI_SHAPE_UNSQUEEZE: owi_shape_unsqueeze(at); break;
    case OWI_SHAPE_SLICE: owi_shape_slice(at); break;
    case OWI_SHAPE_SPLIT: owi_shape_split(at); break;
    case OWI_SHAPE_CONCAT: owi_shape_concat(at); break;
    case OWI_SHAPE_EXPAND: owi_shape_expand(at); break;
    case OWI_SHAPE_REDUCE: owi_shape_reduce(at); break;
    case OWI_SHAPE_SHAPE: vector(at, x ? (int64_t)x->rank : OWI_UNKNOWN); break;
    case OWI_SHAPE_RANGE: vector(at, OWI_UNKNOWN); break;
    case OWI_SHAPE_FROM_INPUT: from_input(at); break;
    case OWI_SHAPE_CONSTANT:
    case OWI_SHAPE_UNKNOWN: break;
    }
}

void owi_shape_infer(owi_graph *graph, owi_node *node) {
    size_t attributes = node->proto ? node->proto->n_attribute : 0;
    for (size_t i = 0; i < node->output_count; i++) {
        owi_spend(&graph->model->arena, attributes);
        owi_value *output = node->outputs[i];
        bool first = i == 0 || node->op->shape == OWI_SHAPE_SPLIT;
        if (output && !output->ranked && first && output->producer == node) {
            apply(&(owi_shape_context){&graph->model->arena, node, output}, node->op->shape);
        }
    }
}
