#include "infer/signal.h"

#include "infer/infer.h"

#include <string.h>

typedef struct tracer {
    const owi_graph *graph;
    const owi_idiom *const *idioms;
    owi_follow *follow;
    owi_activation *before;
    owi_origin *origin;
} tracer;

enum {
    PRELU_START = 25 // percent: the slope that PRelu begins with (He et al. 2015)
};

// ---- what follows, from the last node to the first

static const owi_follow LINEAR = {.used = true};

static owi_follow join(owi_follow a, owi_follow b) {
    if (!a.used || !b.used) {
        return a.used ? a : b;
    }
    owi_follow both = a;
    both.normalised = a.normalised && b.normalised;
    both.residual = a.residual || b.residual;
    if (a.activation != b.activation) {
        both.activation = OWI_ACTIVATION_mixed;
    }
    return both;
}

static owi_follow of_activation(owi_activation activation, double slope) {
    return (owi_follow){.used = true, .activation = activation, .slope = slope};
}

static owi_follow at_activation(const owi_node *node) {
    owi_activation activation = owi_op_activation(node->op);
    double slope = activation == OWI_ACTIVATION_leaky_relu ? owi_attribute_real(node, "alpha", 0.01)
                                                           : (double)PRELU_START / 100;
    const Onnx__AttributeProto *approximate = owi_attribute(node, "approximate");
    if (activation == OWI_ACTIVATION_gelu && approximate && approximate->has_s &&
        approximate->s.len == 4) { // "tanh", against "none"
        activation = approximate->s.data[0] == 't' ? OWI_ACTIVATION_gelu_tanh : activation;
    }
    return of_activation(activation, slope);
}

// Beyond the node: whatever follows its outputs.
static owi_follow beyond(const tracer *at, const owi_node *node) {
    owi_follow all = {0};
    for (size_t i = 0; i < node->output_count; i++) {
        const owi_value *output = node->outputs[i];
        if (output && (i == 0 || node->op->view == OWI_VIEW_SPLIT)) {
            all = join(all, at->follow[output->index]);
        }
    }
    return all;
}

static owi_follow beyond_idiom(const tracer *at, const owi_idiom *idiom) {
    if (idiom->kind == OWI_IDIOM_ACTIVATION) {
        return of_activation(idiom->activation, idiom->slope);
    }
    owi_follow after = at->follow[idiom->root->outputs[0]->index];
    after.normalised = true;
    return after;
}

static owi_follow at_use(const tracer *at, const owi_use *use) {
    const owi_node *node = use->node;
    const owi_idiom *idiom = at->idioms[node->index];
    owi_spend(&at->graph->model->arena, node->input_count + node->output_count);
    if (idiom && idiom->root->outputs[0] != node->inputs[use->input]) {
        return beyond_idiom(at, idiom);
    }
    owi_follow after;
    switch (node->op->signal) {
    case OWI_SIGNAL_SHAPE: return (owi_follow){0};
    case OWI_SIGNAL_PASS:
    case OWI_SIGNAL_LOOKUP: return use->input == 0 ? beyond(at, node) : (owi_follow){0};
    case OWI_SIGNAL_JOIN: return beyond(at, node);
    case OWI_SIGNAL_SELECT: return use->input == 0 ? (owi_follow){0} : beyond(at, node);
    case OWI_SIGNAL_NORM: // a second signal is a skip connection fused in
        after = beyond(at, node);
        after.normalised = true;
        return owi_slot_find(node->op->id, use->input) ? (owi_follow){0} : after;
    case OWI_SIGNAL_ADD:
        after = beyond(at, node);
        for (size_t i = 0; i < node->input_count; i++) {
            after.residual |= i != use->input && owi_is_signal(node->inputs[i]);
        }
        return after;
    case OWI_SIGNAL_MUL:
    case OWI_SIGNAL_DIV:
        return use->input < 2 && owi_is_signal(owi_input(node, 1 - use->input)) ? LINEAR
                                                                                : beyond(at, node);
    default:
        return node->op->signal >= OWI_SIGNAL_ACTIVATION && use->input == 0 ? at_activation(node)
                                                                            : LINEAR;
    }
}

// The slope of a fused leaky_relu: FusedGemm and FusedConv say it in different ways.
static double fused_slope(const owi_node *node) {
    const Onnx__AttributeProto *list = owi_attribute(node, "activation_params");
    double otherwise = list && list->n_floats ? (double)list->floats[0] : 0.01;
    return owi_attribute_real(node, "activation_alpha", otherwise);
}

// An activation fused into the op itself: FusedConv, FusedGemm, CausalConvWithState by name,
// GroupNorm by a flag (SiLU, says its documentation), GemmFastGelu always.
static bool fused(const owi_node *node, owi_follow *follow) {
    owi_activation activation = owi_attribute_activation(node, "activation");
    if (node->op->id == OWI_OP_GemmFastGelu) {
        activation = OWI_ACTIVATION_gelu_tanh;
    } else if (node->op->signal == OWI_SIGNAL_NORM &&
               owi_attribute_integer(node, "activation", 0) == 1) {
        activation = OWI_ACTIVATION_silu;
    }
    *follow = of_activation(activation, fused_slope(node));
    return activation != OWI_ACTIVATION_none && activation < OWI_ACTIVATION_COUNT;
}

static void trace_follow(const tracer *at, const owi_value *value) {
    owi_follow all = {0};
    if (value->producer && value->producer->proto) {
        owi_spend(&at->graph->model->arena, value->producer->proto->n_attribute);
    }
    if (value->producer && fused(value->producer, &at->follow[value->index])) {
        return;
    }
    for (size_t i = 0; i < value->uses.count; i++) {
        all = join(all, at_use(at, &value->uses.items[i]));
    }
    at->follow[value->index] = all.used ? all : value->is_output ? LINEAR : all;
}

// ---- what came before, from the first node to the last

static owi_origin origin_of(const tracer *at, const owi_value *value) {
    if (value && !owi_is_signal(value)) {
        return (owi_origin){OWI_ORIGIN_PARAMETER, NULL};
    }
    return value ? at->origin[value->index] : (owi_origin){OWI_ORIGIN_OTHER, NULL};
}

static bool is_raw(owi_origin origin) {
    return origin.kind == OWI_ORIGIN_INPUT || origin.kind == OWI_ORIGIN_OTHER;
}

// A sum or product with a parameter keeps the signal's origin; of two signals it is its own, if any
// of them was made by something.
static owi_origin combined(const tracer *at, const owi_node *node, owi_origin_kind of_two) {
    owi_origin found = {OWI_ORIGIN_PARAMETER, NULL};
    bool raw = true;
    size_t signals = 0;
    for (size_t i = 0; i < node->input_count; i++) {
        if (owi_is_signal(node->inputs[i])) {
            found = origin_of(at, node->inputs[i]);
            raw = raw && is_raw(found);
            signals++;
        }
    }
    for (size_t i = 0; i < node->input_count && found.kind == OWI_ORIGIN_PARAMETER; i++) {
        owi_origin made = node->inputs[i] ? at->origin[node->inputs[i]->index] : found;
        bool normalised = made.kind == OWI_ORIGIN_NORM || made.kind == OWI_ORIGIN_SCALED_NORM;
        found = normalised ? made : found; // a learned query, normalised
    }
    return signals > 1 ? (owi_origin){raw ? OWI_ORIGIN_OTHER : of_two, node} : found;
}

static bool is_constant_factor(const owi_value *factor) {
    double constant;
    return owi_known_scalar(factor, &constant) &&
           !(factor->tensor && owi_is_learned_scalar(factor->tensor, OWI_SIGNAL_MUL));
}

static owi_origin scaled(const tracer *at, const owi_node *node) {
    owi_origin found = combined(at, node, OWI_ORIGIN_OTHER);
    bool by_constant =
        is_constant_factor(owi_input(node, 0)) || is_constant_factor(owi_input(node, 1));
    if (by_constant || found.node == node || found.kind == OWI_ORIGIN_QUANTIZED) {
        return found;
    }
    return (owi_origin){found.kind == OWI_ORIGIN_NORM ? OWI_ORIGIN_SCALED_NORM : OWI_ORIGIN_SCALED,
                        node};
}

static owi_origin origin_at(const tracer *at, const owi_node *node) {
    const owi_idiom *idiom = at->idioms[node->index];
    if (idiom && idiom->root == node) {
        return (owi_origin){
            idiom->kind == OWI_IDIOM_ACTIVATION ? OWI_ORIGIN_ACTIVATED : OWI_ORIGIN_NORM, node};
    }
    switch (node->op->signal) {
    case OWI_SIGNAL_WEIGHTED:
    case OWI_SIGNAL_PRODUCT:
    case OWI_SIGNAL_ATTENTION:
    case OWI_SIGNAL_RECURRENT: return (owi_origin){OWI_ORIGIN_WEIGHTED, node};
    case OWI_SIGNAL_QUANTIZED: return (owi_origin){OWI_ORIGIN_QUANTIZED, node};
    case OWI_SIGNAL_NORM: return (owi_origin){OWI_ORIGIN_NORM, node};
    case OWI_SIGNAL_PASS: return origin_of(at, owi_input(node, 0));
    case OWI_SIGNAL_ADD: return combined(at, node, OWI_ORIGIN_SUM);
    case OWI_SIGNAL_MUL:
    case OWI_SIGNAL_DIV: return scaled(at, node);
    case OWI_SIGNAL_JOIN: return (owi_origin){OWI_ORIGIN_JOINED, node};
    case OWI_SIGNAL_LOOKUP:
        return owi_is_signal(owi_input(node, 0)) ? origin_of(at, owi_input(node, 0))
                                                 : (owi_origin){OWI_ORIGIN_LOOKUP, node};
    case OWI_SIGNAL_SELECT: return origin_of(at, owi_input(node, 1));
    default:
        return (owi_origin){node->op->signal >= OWI_SIGNAL_ACTIVATION ? OWI_ORIGIN_ACTIVATED
                                                                      : OWI_ORIGIN_OTHER,
                            node};
    }
}

// The activation that made the value, seen through whatever keeps it what it is.
static owi_activation before_at(const tracer *at, const owi_node *node) {
    const owi_idiom *idiom = at->idioms[node->index];
    if (idiom && idiom->root == node) {
        return idiom->activation;
    }
    owi_follow inside;
    if (fused(node, &inside)) {
        return inside.activation;
    }
    switch (node->op->signal) {
    case OWI_SIGNAL_PASS:
    case OWI_SIGNAL_LOOKUP:
        return owi_input(node, 0) ? at->before[node->inputs[0]->index] : OWI_ACTIVATION_none;
    case OWI_SIGNAL_JOIN: {
        owi_activation found = OWI_ACTIVATION_COUNT;
        for (size_t i = 0; i < node->input_count; i++) {
            if (owi_is_signal(node->inputs[i])) {
                owi_activation next = at->before[node->inputs[i]->index];
                found =
                    found == OWI_ACTIVATION_COUNT || found == next ? next : OWI_ACTIVATION_mixed;
            }
        }
        return found == OWI_ACTIVATION_COUNT ? OWI_ACTIVATION_none : found;
    }
    case OWI_SIGNAL_MUL:
    case OWI_SIGNAL_DIV: { // by a constant
        double constant;
        for (size_t i = 0; i < 2; i++) {
            if (owi_known_scalar(owi_input(node, 1 - i), &constant) && owi_input(node, i)) {
                return at->before[node->inputs[i]->index];
            }
        }
        return OWI_ACTIVATION_none;
    }
    default:
        return node->op->signal >= OWI_SIGNAL_ACTIVATION ? at_activation(node).activation
                                                         : OWI_ACTIVATION_none;
    }
}

owi_signals owi_signals_trace(const owi_graph *graph) {
    owi_arena *arena = &graph->model->arena;
    size_t count = graph->values.count;
    owi_spend(arena, OWI_COST_USE * (count + graph->nodes.count));
    tracer at = {.graph = graph,
                 .idioms = owi_idioms_find(graph),
                 .follow = owi_new(arena, owi_follow, count),
                 .before = owi_new(arena, owi_activation, count),
                 .origin = owi_new(arena, owi_origin, count)};
    for (size_t i = graph->nodes.count; i-- > 0;) {
        const owi_node *node = graph->nodes.items[i];
        for (size_t k = 0; k < node->output_count; k++) {
            if (node->outputs[k]) {
                trace_follow(&at, node->outputs[k]);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        const owi_value *value = graph->values.items[i];
        if (!value->producer) {
            trace_follow(&at, value);
            at.origin[i].kind = value->is_input ? OWI_ORIGIN_INPUT : OWI_ORIGIN_OTHER;
        }
    }
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const owi_node *node = graph->nodes.items[i];
        owi_origin origin = origin_at(&at, node);
        owi_activation before = before_at(&at, node);
        for (size_t k = 0; k < node->output_count; k++) {
            if (node->outputs[k]) {
                at.origin[node->outputs[k]->index] = origin;
                at.before[node->outputs[k]->index] = before;
            }
        }
    }
    return (owi_signals){at.idioms, at.follow, at.before, at.origin};
}

bool owi_is_norm(const owi_signals *signals, const owi_node *node) {
    const owi_idiom *idiom = signals->idioms[node->index];
    return node->op->signal == OWI_SIGNAL_NORM ||
           (idiom && idiom->kind != OWI_IDIOM_ACTIVATION && idiom->root == node);
}
