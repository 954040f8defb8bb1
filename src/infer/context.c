// context.c: roles in sums, products and joins, where the slot says nothing and the company a
// tensor keeps says all.
#include "infer/infer.h"

// Axes along which the seen tensor has more than one element.
static size_t varying_axes(const owi_view *view) {
    size_t count = 0;
    for (size_t i = 0; i < view->rank; i++) {
        count += view->dims[i] != 1;
    }
    return count;
}

// The other operand of a sum or product that is a signal, or NULL.
static const owi_value *other_signal(const owi_node *node, size_t input) {
    for (size_t i = 0; i < node->input_count; i++) {
        if (i != input && owi_is_signal(node->inputs[i])) {
            return node->inputs[i];
        }
    }
    return NULL;
}

// Whether the value enters a sum with another signal, through whatever keeps it what it is.
static bool joins_residual(const owi_value *value) {
    for (size_t step = 0; step < 8 && value; step++) {
        const owi_value *next = NULL;
        for (size_t i = 0; i < value->uses.count; i++) {
            const owi_node *node = value->uses.items[i].node;
            if (node->op->signal == OWI_SIGNAL_ADD) {
                return other_signal(node, value->uses.items[i].input) != NULL;
            }
            if (node->op->signal == OWI_SIGNAL_PASS) {
                next = node->outputs[0];
            }
        }
        value = next;
    }
    return false;
}

// Whether a table for scores has one matrix for all heads. A learned bias has an axis of heads.
static bool is_same_for_all_heads(const owi_view *view, size_t varying) {
    enum { HEADS = 3 }; // the axis of heads, from the last
    return varying == 2 ||
           (varying > 2 && view->rank > HEADS && view->dims[view->rank - HEADS] == 1);
}

// Whether a sum is of attention scores: a product of two signals that a softmax follows.
static bool is_score(const owi_signals *signals, const owi_node *sum, owi_origin origin) {
    return origin.kind == OWI_ORIGIN_WEIGHTED && sum->outputs[0] &&
           signals->follow[sum->outputs[0]->index].activation == OWI_ACTIVATION_softmax &&
           origin.node->op->signal == OWI_SIGNAL_PRODUCT &&
           owi_input(origin.node, 1)->depends_on_input;
}

static bool may_be_one(int64_t dim) {
    return dim == 1 || dim == OWI_UNKNOWN;
}

// Whether an op of one output channel may have made the value: then one number is its bias.
static bool may_be_one_channel(const owi_value *value, owi_origin origin) {
    if (!value || !value->ranked || value->rank < 2) {
        return true;
    }
    const owi_slot *slot = origin.node ? owi_slot_find(origin.node->op->id, 1) : NULL;
    bool kernel = slot && slot->role <= OWI_ROLE_CONV_TRANSPOSE_WEIGHT;
    return may_be_one(value->dims[1]) || (!kernel && may_be_one(value->dims[value->rank - 1]));
}

// Whether the sum is of a batch of products, one matrix of a parameter each, and the table has a
// row for each: biases of experts.
static bool is_row_for_each_matrix(const owi_view *view, owi_origin origin) {
    enum { MATRIX = 2 };
    const owi_value *weight = origin.kind == OWI_ORIGIN_WEIGHTED ? owi_input(origin.node, 1) : NULL;
    return weight && !owi_is_signal(weight) && weight->ranked && weight->rank > MATRIX &&
           weight->rank == view->rank && view->dims[view->rank - MATRIX] == 1 &&
           view->dims[view->rank - 1] == weight->dims[weight->rank - 1];
}

static bool is_bounded(owi_activation activation) {
    return activation == OWI_ACTIVATION_sigmoid || activation == OWI_ACTIVATION_softmax ||
           activation == OWI_ACTIVATION_tanh;
}

static owi_role in_sum(const owi_signals *signals, const owi_node *sum, const owi_value *other,
                       const owi_view *view, uint64_t elements, const char **reason) {
    size_t varying = varying_axes(view);
    owi_origin parameter = {OWI_ORIGIN_PARAMETER, NULL};
    owi_origin origin = other ? signals->origin[other->index] : parameter;
    if (origin.kind == OWI_ORIGIN_QUANTIZED) {
        *reason = "belongs to a quantised op, which stays as it is";
        return OWI_ROLE_CONSTANT;
    }
    if (is_same_for_all_heads(view, varying) && is_score(signals, sum, origin)) {
        *reason = "added to attention scores, the same for all heads: a mask";
        return OWI_ROLE_UNKNOWN;
    }
    if (varying >= 2 && is_row_for_each_matrix(view, origin)) {
        *reason = "added to the output of a weighted op, a row for each matrix";
        return OWI_ROLE_BIAS;
    }
    if (varying >= 2 && other && is_bounded(signals->before[other->index])) {
        *reason = "a table added to a bounded activation: a grid";
        return OWI_ROLE_UNKNOWN;
    }
    if (varying >= 2) {
        *reason = "a table added to a stream";
        return OWI_ROLE_POSITION_EMBEDDING;
    }
    if (elements == 1 && !may_be_one_channel(other, origin)) {
        *reason = "a learned addend";
        return OWI_ROLE_SHIFT;
    }
    switch (origin.kind) {
    case OWI_ORIGIN_NORM:
    case OWI_ORIGIN_SCALED_NORM:
        *reason = "added behind a normalisation";
        return OWI_ROLE_NORM_BIAS;
    case OWI_ORIGIN_WEIGHTED:
    case OWI_ORIGIN_SUM: *reason = "added to the output of a weighted op"; return OWI_ROLE_BIAS;
    case OWI_ORIGIN_SCALED:
        *reason = "added behind a learned factor";
        return elements == 1 ? OWI_ROLE_SHIFT : OWI_ROLE_BIAS;
    case OWI_ORIGIN_LOOKUP:
    case OWI_ORIGIN_JOINED: *reason = "a vector added to a stream"; return OWI_ROLE_PARAMETER;
    default: *reason = "a learned addend"; return OWI_ROLE_SHIFT;
    }
}

// The tensor whose norm divides a value: v of v / ||v||. NULL when it is no such quotient.
static const owi_tensor *normalised_tensor(const owi_value *value) {
    const owi_node *quotient = NULL;
    for (size_t step = 0; step < 8 && value && value->producer && !value->tensor; step++) {
        const owi_node *node = value->producer;
        const owi_value *divisor = owi_input(node, 1);
        if (node->op->signal == OWI_SIGNAL_DIV && divisor && divisor->producer &&
            (divisor->producer->op->id == OWI_OP_ReduceL2 ||
             divisor->producer->op->id == OWI_OP_Sqrt)) {
            quotient = node;
        }
        value = owi_input(node, 0);
    }
    return quotient && value ? value->tensor : NULL;
}

const owi_tensor *owi_magnitude_source(const owi_arrival *arrival) {
    const owi_node *node = arrival->node;
    const owi_value *other = owi_input(node, 1 - arrival->input);
    if (node->op->signal != OWI_SIGNAL_MUL || arrival->input > 1 || !other ||
        node->outputs[0]->depends_on_input) {
        return NULL;
    }
    return normalised_tensor(other);
}

static const owi_tensor *divided_tensor(const owi_value *value) {
    for (size_t step = 0; step < 8 && value && !value->tensor; step++) {
        value = value->producer ? owi_input(value->producer, 0) : NULL;
    }
    return value ? value->tensor : NULL;
}

const owi_tensor *owi_copied_weight(const owi_tensor *tensor, const owi_arrival *arrival) {
    const owi_node *node = tensor->elements > 1 ? arrival->node : NULL;
    for (size_t step = 0; step < 8 && node && node->outputs[0]; step++) {
        const owi_value *output = node->outputs[0];
        if (output->depends_on_input || output->uses.count != 1) {
            return NULL;
        }
        const owi_use *use = &output->uses.items[0];
        if (use->node->op->signal == OWI_SIGNAL_DIV && use->input == 1) {
            const owi_tensor *source = divided_tensor(owi_input(use->node, 0));
            return source && source != tensor && source->elements == tensor->elements ? source
                                                                                      : NULL;
        }
        node = use->node;
    }
    return NULL;
}

// Only an initializer loses its values and stays a parameter: an input may be data.
static bool lost_its_values(const owi_tensor *tensor) {
    return tensor->carrier == OWI_CARRIER_INITIALIZER && !tensor->has_data && !tensor->ours;
}

static owi_role in_product(owi_origin_kind origin, const owi_value *product, size_t varying,
                           const owi_tensor *tensor, const char **reason) {
    if (varying >= 2) {
        *reason = "multiplied into a signal, more than a vector";
        return lost_its_values(tensor) ? OWI_ROLE_PARAMETER : OWI_ROLE_UNKNOWN;
    }
    if (origin == OWI_ORIGIN_NORM) {
        *reason = "multiplies a normalised signal";
        return OWI_ROLE_NORM_SCALE;
    }
    if (origin == OWI_ORIGIN_PARAMETER) {
        *reason = "multiplies a parameter";
        return OWI_ROLE_SCALE;
    }
    bool branch = origin != OWI_ORIGIN_ACTIVATED && origin != OWI_ORIGIN_SCALED_NORM;
    if (tensor->elements > 1 && branch && joins_residual(product)) {
        *reason = "multiplies a branch that is then added to another";
        return OWI_ROLE_LAYER_SCALE;
    }
    *reason = "a learned factor";
    return OWI_ROLE_SCALE;
}

// A quotient or difference: temperatures, prototypes. With values it may as well be a statistic.
static owi_role in_quotient(const owi_node *node, const owi_value *other, size_t varying,
                            const owi_tensor *tensor, const char **reason) {
    bool difference = node->op->id == OWI_OP_Sub;
    if (!other || (tensor->elements > 1 && !lost_its_values(tensor))) {
        *reason = "reaches an op whose inputs have no role";
        return OWI_ROLE_UNKNOWN;
    }
    *reason = difference ? "a learned subtrahend" : "a learned divisor";
    return varying >= 2 ? OWI_ROLE_PARAMETER : difference ? OWI_ROLE_SHIFT : OWI_ROLE_SCALE;
}

// Behind a root, with a little added before: what a norm divides by.
static bool is_spread(const owi_value *value) {
    double little;
    const owi_node *sum = value && value->producer ? value->producer : NULL;
    return sum && sum->op->id == OWI_OP_Add && !sum->outputs[0]->depends_on_input &&
           ((owi_known_scalar(owi_input(sum, 1), &little) && little > 0 && little < 0.1) ||
            (owi_known_scalar(owi_input(sum, 0), &little) && little > 0 && little < 0.1));
}

// 1 / sqrt(variance + epsilon), of parameters.
static bool is_inverse_spread(const owi_value *value) {
    for (size_t step = 0; step < 4 && value && value->producer && !value->depends_on_input;
         step++) {
        const owi_node *node = value->producer;
        bool last = node->op->id == OWI_OP_Sqrt || node->op->id == OWI_OP_Pow;
        if (last) {
            return is_spread(owi_input(node, 0));
        }
        bool inverse = node->op->id == OWI_OP_Div;
        value = node->op->id == OWI_OP_Reciprocal ? owi_input(node, 0)
                : inverse                         ? owi_input(node, 1)
                                                  : NULL;
    }
    return false;
}

// gamma / sqrt(variance + epsilon).
static bool is_norm_factor(const owi_value *value) {
    const owi_node *product = value && value->producer ? value->producer : NULL;
    return product && product->op->id == OWI_OP_Mul &&
           (is_inverse_spread(owi_input(product, 0)) || is_inverse_spread(owi_input(product, 1)));
}

// A normalisation by statistics whose factor and addend are computed of parameters first, as frozen
// BatchNormalization is: x * f + (beta - mean * f), f = gamma / sqrt(variance + epsilon). With
// values, its factor and addend are frozen, too.
static owi_role in_frozen_norm(const owi_node *node, size_t input, const owi_tensor *tensor,
                               const char **reason) {
    const owi_value *other = owi_input(node, 1 - (input & 1));
    owi_role role = OWI_ROLE_UNKNOWN;
    if (tensor->elements < 2 || !node->outputs[0] || node->outputs[0]->depends_on_input) {
        return role;
    }
    if ((node->op->id == OWI_OP_Sqrt || node->op->id == OWI_OP_Pow) && input == 0 &&
        is_spread(owi_input(node, 0))) {
        *reason = "the variance of a norm";
        return OWI_ROLE_NORM_VARIANCE;
    }
    if (node->op->id == OWI_OP_Mul && is_norm_factor(other)) {
        *reason = "the mean of a norm";
        return OWI_ROLE_NORM_MEAN;
    }
    if (node->op->id == OWI_OP_Mul && is_inverse_spread(other)) {
        role = OWI_ROLE_NORM_SCALE;
    } else if (node->op->id == OWI_OP_Sub && input == 0 && other && other->producer &&
               other->producer->op->id == OWI_OP_Mul &&
               (is_norm_factor(owi_input(other->producer, 0)) ||
                is_norm_factor(owi_input(other->producer, 1)))) {
        role = OWI_ROLE_NORM_BIAS;
    }
    *reason = "of a norm that is frozen";
    return role != OWI_ROLE_UNKNOWN && tensor->has_data && !tensor->ours ? OWI_ROLE_CONSTANT : role;
}

// Whether the op computes something of each number, of nothing but parameters.
static bool is_function(const owi_node *node) {
    return (node->op->signal == OWI_SIGNAL_FUNCTION || node->op->signal >= OWI_SIGNAL_ACTIVATION ||
            node->op->id == OWI_OP_Neg || node->op->id == OWI_OP_Clip) &&
           node->outputs[0] && !owi_is_signal(node->outputs[0]);
}

// A factor or addend that the graph makes positive or bounded. What has no slope at 0 starts at 1.
static owi_role in_function(const owi_node *node, const char **reason) {
    if (node->op->id == OWI_OP_Sin || node->op->id == OWI_OP_Cos) {
        *reason = "angles";
        return OWI_ROLE_UNKNOWN;
    }
    bool from_one = node->op->id == OWI_OP_Sqrt || node->op->id == OWI_OP_Log ||
                    node->op->id == OWI_OP_Reciprocal || node->op->id == OWI_OP_Pow ||
                    node->op->id == OWI_OP_Abs;
    *reason = "a learned number behind a function";
    return from_one ? OWI_ROLE_SCALE : OWI_ROLE_SHIFT;
}

owi_role owi_context_role(const owi_signals *signals, const owi_tensor *tensor,
                          const owi_arrival *arrival, const char **reason) {
    const owi_node *node = arrival->node;
    const owi_value *other = other_signal(node, arrival->input);
    if (!other && arrival->input < 2) { // what a learned token or query was made into
        const owi_value *operand = owi_input(node, 1 - arrival->input);
        other = operand && operand->producer && !operand->known ? operand : NULL;
    }
    const owi_idiom *idiom = signals->idioms[node->index];
    size_t varying = varying_axes(&arrival->view);
    if (idiom && idiom->kind == OWI_IDIOM_STATISTICS && node != idiom->root &&
        tensor->elements > 1) {
        bool mean = node->op->signal == OWI_SIGNAL_DIV; // what is subtracted
        *reason = mean ? "subtracted by a norm" : "the variance of a norm";
        return mean ? OWI_ROLE_NORM_MEAN : OWI_ROLE_NORM_VARIANCE;
    }
    if (idiom && owi_input(node, arrival->input) == idiom->x && !idiom->x->depends_on_input) {
        return owi_entering_role(tensor, reason);
    }
    if (idiom && node != idiom->root) {
        *reason = "a constant inside an activation or a norm";
        return OWI_ROLE_CONSTANT;
    }
    bool arithmetic = tensor->carrier == OWI_CARRIER_CONSTANT ||
                      node->op->signal == OWI_SIGNAL_ADD || node->op->signal == OWI_SIGNAL_MUL ||
                      node->op->signal == OWI_SIGNAL_DIV;
    bool setting =
        tensor->elements == 1 && arithmetic && !owi_is_learned_scalar(tensor, node->op->signal);
    bool computed = tensor->elements == 1 && tensor->carrier != OWI_CARRIER_INPUT &&
                    // a number among numbers, as in 1 / sqrt(8)
                    (arrival->view.factor != 1 || arrival->view.shift != 0);
    bool plain = tensor->rank == 0 || computed || (setting && arrival->path_count == 0);
    if (plain && !lost_its_values(tensor)) {
        *reason = "a scalar";
        return OWI_ROLE_CONSTANT;
    }
    owi_role frozen = in_frozen_norm(node, arrival->input, tensor, reason);
    if (frozen != OWI_ROLE_UNKNOWN) {
        return frozen;
    }
    if (is_function(node) && (tensor->elements > 1 || lost_its_values(tensor))) {
        return in_function(node, reason);
    }
    switch (node->op->signal) {
    case OWI_SIGNAL_ADD:
        return in_sum(signals, node, other, &arrival->view, tensor->elements, reason);
    case OWI_SIGNAL_MUL:
        return in_product(other ? signals->origin[other->index].kind : OWI_ORIGIN_PARAMETER,
                          node->outputs[0], varying, tensor, reason);
    case OWI_SIGNAL_DIV: return in_quotient(node, other, varying, tensor, reason);
    case OWI_SIGNAL_QUANTIZED:
        *reason = "belongs to a quantised op, which stays as it is";
        return OWI_ROLE_CONSTANT;
    case OWI_SIGNAL_SELECT:
        if (other && varying == 1 && arrival->input > 0) {
            *reason = "stands in for a signal, where masked";
            return OWI_ROLE_PARAMETER;
        }
        *reason = "this slot never holds a parameter";
        return OWI_ROLE_CONSTANT;
    case OWI_SIGNAL_JOIN:
        *reason = "joined to a signal";
        return other && tensor->elements > 1 ? OWI_ROLE_PARAMETER : OWI_ROLE_UNKNOWN;
    case OWI_SIGNAL_WEIGHTED:
    case OWI_SIGNAL_PRODUCT:
    case OWI_SIGNAL_RECURRENT:
    case OWI_SIGNAL_NORM:
        *reason = "enters as a signal";
        return arrival->input == 0 ? owi_entering_role(tensor, reason) : OWI_ROLE_UNKNOWN;
    default: *reason = "reaches an op whose inputs have no role"; return OWI_ROLE_UNKNOWN;
    }
}
