#include "infer/layout.h"

#include <string.h>

typedef struct layout {
    owi_arena *arena;
    const owi_node *node;
    size_t rank;
    const int64_t *dims;
    owi_parts parts;
} layout;

// Gate names and activations in ONNX's order (operator documentation of LSTM, GRU, RNN).
typedef struct gates {
    size_t count;
    const char *const *labels; // forward, then reverse
    const owi_activation *activations;
    const size_t *functions; // of each gate: its place in "activations", whose texts for one
    size_t function_count;   // direction are so many
} gates;

static const char *const lstm_labels[] = {"i",         "o",         "f",         "c",
                                          "reverse.i", "reverse.o", "reverse.f", "reverse.c"};
static const char *const gru_labels[] = {"z", "r", "h", "reverse.z", "reverse.r", "reverse.h"};
static const char *const rnn_labels[] = {"forward", "reverse"};
static const owi_activation lstm_activations[] = {OWI_ACTIVATION_sigmoid, OWI_ACTIVATION_sigmoid,
                                                  OWI_ACTIVATION_sigmoid, OWI_ACTIVATION_tanh};
static const owi_activation gru_activations[] = {OWI_ACTIVATION_sigmoid, OWI_ACTIVATION_sigmoid,
                                                 OWI_ACTIVATION_tanh};
static const owi_activation rnn_activations[] = {OWI_ACTIVATION_tanh};
static const size_t lstm_functions[] = {0, 0, 0, 1}, gru_functions[] = {0, 0, 1};
static const size_t rnn_functions[] = {0};
static const gates lstm = {4, lstm_labels, lstm_activations, lstm_functions, 3};
static const gates gru = {3, gru_labels, gru_activations, gru_functions, 2};
static const gates rnn = {1, rnn_labels, rnn_activations, rnn_functions, 1};

enum { FORGET = 2 }; // third of the LSTM's gates

static owi_part *add_part(layout *at, const char *label, double fan_in, double fan_out) {
    int64_t *offset = owi_new(at->arena, int64_t, at->rank);
    int64_t *extent = owi_new(at->arena, int64_t, at->rank);
    for (size_t i = 0; i < at->rank; i++) {
        extent[i] = at->dims[i];
    }
    owi_part *part = owi_push(at->arena, &at->parts);
    *part = (owi_part){label, {offset, extent}, fan_in, fan_out, OWI_ACTIVATION_COUNT, false};
    return part;
}

// Narrows a part along one axis.
static void narrow(owi_part *part, size_t axis, int64_t start, int64_t length) {
    ((int64_t *)part->box.offset)[axis] = start;
    ((int64_t *)part->box.extent)[axis] = length;
}

static double product(const int64_t *dims, size_t from, size_t to) {
    double result = 1;
    for (size_t i = from; i < to; i++) {
        result *= (double)dims[i];
    }
    return result;
}

static double stride_of(const owi_node *node, size_t axis) {
    size_t count;
    const int64_t *strides = owi_attribute_integers(node, "strides", &count);
    return strides && axis < count && strides[axis] > 0 ? (double)strides[axis] : 1;
}

// [M, C/group, k...]: fan_in = C/group * k, fan_out = M/group * k / strides.
static void conv(layout *at) {
    double group = (double)owi_attribute_integer(at->node, "group", 1);
    double fan_in = product(at->dims, 1, at->rank);
    double fan_out = (double)at->dims[0] / (group >= 1 ? group : 1);
    for (size_t i = 2; i < at->rank; i++) {
        fan_out *= (double)at->dims[i] / stride_of(at->node, i - 2);
    }
    add_part(at, NULL, fan_in, fan_out);
}

// [C, M/group, k...]: each output sees about k / stride taps of an axis, at least one; one tap in
// all where the input is a single point in space.
static void conv_transpose(layout *at) {
    double group = (double)owi_attribute_integer(at->node, "group", 1);
    const owi_value *x = owi_input(at->node, 0);
    bool point = x && x->ranked && x->rank == at->rank && at->rank > 2;
    for (size_t i = 2; point && i < at->rank; i++) {
        point = x->dims[i] == 1;
    }
    double fan_in = (double)at->dims[0] / (group >= 1 ? group : 1);
    for (size_t i = 2; i < at->rank && !point; i++) {
        double taps = (double)at->dims[i] / stride_of(at->node, i - 2);
        fan_in *= taps > 1 ? taps : 1;
    }
    add_part(at, NULL, fan_in, product(at->dims, 1, at->rank));
}

static bool flag(const owi_node *node, const char *name) {
    return owi_attribute_integer(node, name, 0) != 0;
}

// The axis contracted with the signal; the other of the last two holds the output features.
static size_t contracted_axis(const owi_slot *slot, const owi_node *node, size_t rank) {
    bool left = slot->layout == OWI_LAYOUT_GEMM_LEFT || slot->layout == OWI_LAYOUT_MATMUL_LEFT;
    bool transposed = flag(node, left ? "transA" : "transB");
    if (rank < 2) {
        return 0;
    }
    return left == transposed ? rank - 2 : rank - 1;
}

// Within MoE an activation follows the experts' first matrices, not the second.
static owi_activation inner_activation(const owi_slot *slot, const owi_node *node) {
    return slot->op == OWI_OP_MoE && slot->input != 4
               ? owi_attribute_activation(node, "activation_type")
               : OWI_ACTIVATION_COUNT;
}

static void matrix(layout *at, const owi_slot *slot) {
    size_t contracted = contracted_axis(slot, at->node, at->rank);
    size_t free = contracted + 1 == at->rank ? at->rank - 2 : at->rank - 1;
    double fan_out = at->rank < 2 ? 1 : (double)at->dims[free];
    int64_t batch = at->rank > 2 ? owi_extent(at->dims, 0, at->rank - 2) : 1;
    if (batch < 2 || batch > OWI_LIMIT_PIECES) {
        add_part(at, NULL, (double)at->dims[contracted], fan_out);
        return;
    }
    for (int64_t b = 0; b < batch; b++) { // one matrix for each expert or head
        owi_part *part = add_part(at, owi_arena_printf(at->arena, "%lld", (long long)b),
                                  (double)at->dims[contracted], fan_out);
        part->activation = inner_activation(slot, at->node);
        int64_t rest = b;
        for (size_t i = at->rank - 2; i-- > 0; rest /= at->dims[i]) {
            narrow(part, i, rest % at->dims[i], 1);
        }
    }
}

// By labels: those shared with another operand and gone from the output are contracted, those only
// here are free, those in all are batch: one matrix for each.
static void einsum(layout *at, size_t input) {
    owi_equation equation;
    if (!owi_einsum_equation(at->arena, at->node, &equation) || input >= equation.operand_count ||
        strlen(equation.operand[input]) != at->rank) {
        return;
    }
    double fan_in = 1, fan_out = 1;
    bool *batch = owi_new(at->arena, bool, at->rank);
    int64_t matrices = 1;
    for (size_t i = 0; i < at->rank; i++) {
        char label = equation.operand[input][i];
        bool shared = false;
        for (size_t k = 0; k < equation.operand_count; k++) {
            shared |= k != input && strchr(equation.operand[k], label);
        }
        bool kept = strchr(equation.output, label) != NULL;
        batch[i] = shared && kept;
        fan_in *= kept ? 1 : (double)at->dims[i];
        fan_out *= kept && !shared ? (double)at->dims[i] : 1;
        matrices = batch[i] && matrices <= OWI_LIMIT_PIECES ? matrices * at->dims[i] : matrices;
    }
    matrices = matrices > OWI_LIMIT_PIECES ? 1 : matrices;
    for (int64_t m = 0; m < matrices; m++) {
        const char *label = matrices > 1 ? owi_arena_printf(at->arena, "%lld", (long long)m) : NULL;
        owi_part *part = add_part(at, label, fan_in, fan_out);
        int64_t rest = m;
        for (size_t i = at->rank; i-- > 0 && matrices > 1;) {
            if (batch[i]) {
                narrow(part, i, rest % at->dims[i], 1);
                rest /= at->dims[i];
            }
        }
    }
}

// [in, q + k + v]: three matrices, of the sizes the op says or of equal ones.
static void packed_qkv(layout *at) {
    static const char *const labels[] = {"q", "k", "v"};
    size_t count;
    const int64_t *sizes = owi_attribute_integers(at->node, "qkv_hidden_sizes", &count);
    int64_t start = 0;
    for (size_t i = 0; i < 3 && at->rank == 2; i++) {
        int64_t size = sizes && count == 3 ? sizes[i] : at->dims[1] / 3;
        if (size < 1 || size > at->dims[1] - start) {
            return;
        }
        owi_part *part = add_part(at, labels[i], (double)at->dims[0], (double)size);
        narrow(part, 1, start, size);
        start += size;
    }
}

// What the node says of itself, or what the operator does otherwise.
static owi_activation gate_activation(const owi_node *node, const gates *of, size_t direction,
                                      size_t gate) {
    owi_activation own = owi_attribute_activation_at(
        node, "activations", direction * of->function_count + of->functions[gate]);
    return own != OWI_ACTIVATION_COUNT ? own : of->activations[gate];
}

// W [D, gates * H, I] and R [D, gates * H, H]: fans of one gate.
static void gate_weight(layout *at, const gates *of) {
    int64_t hidden = at->rank == 3 ? at->dims[1] / (int64_t)of->count : 0;
    if (hidden < 1 || hidden * (int64_t)of->count != at->dims[1] || at->dims[0] > 2) {
        return;
    }
    for (size_t d = 0; d < (size_t)at->dims[0]; d++) {
        for (size_t g = 0; g < of->count; g++) {
            owi_part *part =
                add_part(at, of->labels[d * of->count + g], (double)at->dims[2], (double)hidden);
            part->activation = gate_activation(at->node, of, d, g);
            narrow(part, 0, (int64_t)d, 1);
            narrow(part, 1, (int64_t)g * hidden, hidden);
        }
    }
}

// B [D, 2 * gates * H]: the input's biases, then the recurrent ones; they add.
static void gate_bias(layout *at, const gates *of) {
    int64_t total = 2 * (int64_t)of->count;
    int64_t hidden = at->rank == 2 ? at->dims[1] / total : 0;
    if (hidden < 1 || hidden * total != at->dims[1] || at->dims[0] > 2) {
        return;
    }
    for (size_t d = 0; d < (size_t)at->dims[0]; d++) {
        for (size_t g = 0; g < 2 * of->count; g++) {
            const char *label =
                owi_arena_printf(at->arena, "%s.%s", g < of->count ? "input" : "recurrent",
                                 of->labels[d * of->count + g % of->count]);
            owi_part *part = add_part(at, label, (double)hidden, (double)hidden);
            part->activation = gate_activation(at->node, of, d, g % of->count);
            part->forget = of == &lstm && g == FORGET;
            narrow(part, 0, (int64_t)d, 1);
            narrow(part, 1, (int64_t)g * hidden, hidden);
        }
    }
}

owi_parts owi_layout(owi_arena *arena, const owi_slot *slot, const owi_node *node, size_t rank,
                     const int64_t *dims) {
    layout at = {arena, node, rank, dims, {0}};
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] < 0) {
            return at.parts;
        }
    }
    switch (slot->layout) {
    case OWI_LAYOUT_CONV:
        if (rank >= 2) {
            conv(&at);
        }
        break;
    case OWI_LAYOUT_CONV_TRANSPOSE:
        if (rank >= 2) {
            conv_transpose(&at);
        }
        break;
    case OWI_LAYOUT_GEMM_LEFT:
    case OWI_LAYOUT_GEMM_RIGHT:
    case OWI_LAYOUT_MATMUL_LEFT:
    case OWI_LAYOUT_MATMUL_RIGHT:
        if (rank >= 1) {
            matrix(&at, slot);
        }
        break;
    case OWI_LAYOUT_EINSUM: einsum(&at, slot->input); break;
    case OWI_LAYOUT_QKV: packed_qkv(&at); break;
    case OWI_LAYOUT_LSTM_WEIGHT: gate_weight(&at, &lstm); break;
    case OWI_LAYOUT_GRU_WEIGHT: gate_weight(&at, &gru); break;
    case OWI_LAYOUT_RNN_WEIGHT: gate_weight(&at, &rnn); break;
    case OWI_LAYOUT_LSTM_BIAS: gate_bias(&at, &lstm); break;
    case OWI_LAYOUT_GRU_BIAS: gate_bias(&at, &gru); break;
    case OWI_LAYOUT_RNN_BIAS: gate_bias(&at, &rnn); break;
    case OWI_LAYOUT_TABLE:
        if (rank >= 1) { // rows are one-hot inputs: fan_in is their number
            add_part(&at, NULL, (double)dims[0], product(dims, 1, rank));
        }
        break;
    case OWI_LAYOUT_VECTOR: break;
    }
    return at.parts;
}

size_t owi_layout_feature_axis(const owi_slot *slot, const owi_node *node, size_t rank) {
    switch (slot->layout) {
    case OWI_LAYOUT_CONV: return 0;
    case OWI_LAYOUT_GEMM_RIGHT:
    case OWI_LAYOUT_MATMUL_RIGHT:
        return rank < 2                                        ? SIZE_MAX
               : contracted_axis(slot, node, rank) + 1 == rank ? rank - 2
                                                               : rank - 1;
    default: return SIZE_MAX;
    }
}
