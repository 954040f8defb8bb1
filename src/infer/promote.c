// promote.c: which graph inputs are parameters that lost their values (export_params=False).
//
// Only where no weight slot of the model is fed by an initializer. Then an input of static float
// shape is a parameter if it sits in a parameter slot whose other operand depends on a remaining
// input. The remaining inputs are found by striking candidates until nothing changes.
#include "infer/infer.h"

#include <string.h>

enum { MOST_STEPS = 8 };

static bool is_weight(owi_role role) {
    return role <= OWI_ROLE_RNN_RECURRENT_WEIGHT || role == OWI_ROLE_EMBEDDING_WEIGHT;
}

// A table of sines or a mask in such a slot is no weight.
static bool has_fed_weights(owi_graph *graph, owi_reading *reading) {
    owi_arena *arena = &graph->model->arena;
    for (size_t i = 0; i < graph->tensors.count; i++) {
        const owi_tensor *tensor = graph->tensors.items[i];
        if (tensor->carrier == OWI_CARRIER_INPUT || !owi_dtype_trainable(tensor->dtype)) {
            continue;
        }
        owi_arrivals arrivals = owi_trace(arena, tensor);
        for (size_t k = 0; k < arrivals.count; k++) {
            const owi_slot *slot =
                owi_slot_find(arrivals.items[k].node->op->id, arrivals.items[k].input);
            bool left =
                arrivals.items[k].input == 0 && slot && slot->role == OWI_ROLE_LINEAR_WEIGHT;
            if (slot && is_weight(slot->role) && !left &&
                !owi_evidence(graph->model, tensor, slot->role, reading)) {
                return true;
            }
        }
    }
    return false;
}

// A graph with its gradients in it is fed its parameters by whoever trains it. They are told by a
// weight that an operator without a row uses, too.
bool owi_has_gradients(owi_graph *graph) {
    for (size_t i = 0; i < graph->inputs.count; i++) {
        const owi_tensor *tensor = graph->inputs.items[i]->tensor;
        bool in_slot = false, in_unknown = false;
        owi_arrivals arrivals = {0};
        if (tensor) {
            arrivals = owi_trace(&graph->model->arena, tensor);
        }
        for (size_t k = 0; k < arrivals.count; k++) {
            const owi_node *node = arrivals.items[k].node;
            const owi_slot *slot = owi_slot_find(node->op->id, arrivals.items[k].input);
            in_slot |= slot && is_weight(slot->role) && arrivals.items[k].input > 0;
            in_unknown |= node->op->id == OWI_OP_UNKNOWN;
        }
        if (in_slot && in_unknown) {
            return true;
        }
    }
    return false;
}

// Data is never repeated to the batch of another input; a learned query or token is.
static bool is_repeated(const owi_arrival *arrival) {
    for (size_t i = 0; i < arrival->path_count; i++) {
        if (strcmp(arrival->path[i], owi_op_row(OWI_OP_Expand)->name) == 0) {
            return true;
        }
    }
    return false;
}

// Whether a value was repeated to the batch of an input: a signal, though it is made of parameters.
static bool was_repeated(const owi_value *value) {
    for (size_t step = 0; step < MOST_STEPS && value && value->producer; step++) {
        const owi_node *node = value->producer;
        if (node->op->view == OWI_VIEW_EXPAND && owi_input(node, 1) && !node->inputs[1]->tensor) {
            return true;
        }
        value = owi_input(node, 0);
    }
    return false;
}

typedef enum fit {
    FIT_NO,
    FIT_NEUTRAL, // arithmetic among parameters that says nothing
    FIT_YES,     // a place for a parameter ...
    FIT_BESIDE   // ... whose other operand depends on a remaining input
} fit;

// Keys and values of attention come in batches and stand beside a softmax: signals, not matrices.
static bool is_attended(const owi_signals *signals, const owi_arrival *arrival) {
    enum { MOST_AXES = 3 }; // experts, inputs, outputs
    const owi_node *node = arrival->node;
    const owi_value *other = owi_input(node, 1 - arrival->input);
    if (node->op->signal != OWI_SIGNAL_PRODUCT || arrival->view.rank < MOST_AXES) {
        return false;
    }
    bool beside_input = other && other->is_input; // two batches of data; a weight meets a signal
    bool batched = arrival->view.rank > MOST_AXES && (arrival->view.dims[0] != 1 || beside_input);
    return batched ||
           signals->follow[node->outputs[0]->index].activation == OWI_ACTIVATION_softmax ||
           (other && signals->before[other->index] == OWI_ACTIVATION_softmax);
}

// A table has rows, and its rows are chosen.
static bool is_no_table(const owi_arrival *arrival) {
    const owi_view *view = &arrival->view;
    int64_t axis = owi_attribute_integer(arrival->node, "axis", 0);
    return arrival->node->op->id == OWI_OP_Gather && (view->rank < 2 || axis != 0);
}

// Whether what the parameters around a place make meets a signal that depends on an input later on.
static bool meets_signal_later(owi_arena *arena, const owi_value *value, size_t steps) {
    for (size_t i = 0; !value->depends_on_input && i < value->uses.count && steps < MOST_STEPS;
         i++) {
        const owi_node *node = value->uses.items[i].node;
        owi_spend(arena, OWI_COST_USE);
        const owi_value *output = node->outputs[0];
        if (node->op->signal != OWI_SIGNAL_SHAPE && output &&
            (output->depends_on_input ||
             (i == 0 && meets_signal_later(arena, output, steps + 1)))) {
            return true;
        }
    }
    return false;
}

static fit fit_of(owi_arena *arena, const owi_signals *signals, const owi_arrival *arrival,
                  owi_role role) {
    const owi_node *node = arrival->node;
    bool beside = role == OWI_ROLE_SCALE && !node->outputs[0]->depends_on_input;
    if (role == OWI_ROLE_PARAMETER && is_repeated(arrival)) {
        return FIT_BESIDE;
    }
    if (role == OWI_ROLE_UNKNOWN && !node->outputs[0]->depends_on_input) {
        bool signal = node->op->signal == OWI_SIGNAL_MUL && !node->outputs[0]->becomes_weight;
        return signal ? FIT_NO : FIT_NEUTRAL; // a table times something learned is data
    }
    if (role == OWI_ROLE_LINEAR_WEIGHT && node->op->id == OWI_OP_MatMul &&
        is_attended(signals, arrival)) {
        return FIT_NO;
    }
    if (role == OWI_ROLE_CONSTANT || role == OWI_ROLE_UNKNOWN ||
        (role == OWI_ROLE_EMBEDDING_WEIGHT && is_no_table(arrival)) ||
        (role == OWI_ROLE_PARAMETER && node->op->signal != OWI_SIGNAL_JOIN &&
         node->op->signal != OWI_SIGNAL_SELECT)) {
        return FIT_NO;
    }
    beside |= meets_signal_later(arena, node->outputs[0], 0);
    for (size_t i = 0; i < node->input_count; i++) {
        const owi_value *other = node->inputs[i];
        beside |= i != arrival->input && other && (owi_is_signal(other) || was_repeated(other));
    }
    return beside ? FIT_BESIDE : FIT_YES;
}

static bool is_parameter(owi_graph *graph, const owi_signals *signals, const owi_tensor *tensor,
                         bool strict) {
    owi_arena *arena = &graph->model->arena;
    owi_arrivals arrivals = owi_trace(arena, tensor);
    if (owi_constant_by_uses(arena, signals, tensor, &arrivals)) {
        return false;
    }
    bool kernel = false;
    owi_role *roles = owi_new(arena, owi_role, arrivals.count);
    owi_spend(arena, OWI_COST_USE * arrivals.count);
    for (size_t i = 0; i < arrivals.count; i++) {
        const char *reason;
        roles[i] = owi_arrival_role(signals, tensor, &arrivals.items[i], &reason);
        kernel |= roles[i] == OWI_ROLE_CONV_WEIGHT || roles[i] == OWI_ROLE_CONV_TRANSPOSE_WEIGHT;
    }
    fit best = FIT_NEUTRAL;
    for (size_t i = 0; i < arrivals.count; i++) {
        const owi_arrival *arrival = &arrivals.items[i];
        // a kernel stays one whatever else is made of it: its norm for each image (StyleGAN2)
        bool aside = kernel && roles[i] == OWI_ROLE_UNKNOWN;
        fit one = !arrival->node->outputs[0] ? FIT_NO
                  : aside                    ? FIT_NEUTRAL
                                             : fit_of(arena, signals, arrival, roles[i]);
        if (one == FIT_NO) {
            return false;
        }
        best = one > best ? one : best;
    }
    return best >= (strict ? FIT_BESIDE : FIT_YES);
}

static bool enters_as_signal(owi_graph *graph, const owi_signals *signals,
                             const owi_tensor *tensor) {
    owi_arrivals arrivals = owi_trace(&graph->model->arena, tensor);
    for (size_t i = 0; i < arrivals.count; i++) {
        const owi_arrival *arrival = &arrivals.items[i];
        const char *reason;
        unsigned signal = arrival->node->op->signal;
        if (signal != OWI_SIGNAL_JOIN && signal != OWI_SIGNAL_SELECT && !is_repeated(arrival) &&
            owi_arrival_role(signals, tensor, arrival, &reason) == OWI_ROLE_PARAMETER) {
            return true;
        }
    }
    return false;
}

// How candidates are judged: first those go that weights are multiplied with, for what the others
// are shows only beside signals.
typedef enum severity { FIRST_SIGNALS, LOOSE, STRICT, DONE } severity;

// Strikes candidates that are no parameters; returns whether there were any.
static bool strike(owi_graph *graph, bool *promoted, const bool *wanted, bool *is_source,
                   severity how) {
    bool struck = false;
    owi_signals signals = owi_signals_trace(graph);
    for (size_t i = 0; i < graph->inputs.count; i++) {
        const owi_value *input = graph->inputs.items[i];
        if (!promoted[input->index] || wanted[input->index]) {
            continue;
        }
        bool none = how == FIRST_SIGNALS
                        ? enters_as_signal(graph, &signals, input->tensor)
                        : !is_parameter(graph, &signals, input->tensor, how == STRICT);
        if (none) {
            promoted[input->index] = false;
            is_source[input->index] = struck = true;
        }
    }
    return struck;
}

// An export that lost its parameters has weights or norms among them; arithmetic alone is none.
static bool has_slots(owi_graph *graph, const bool *promoted) {
    for (size_t i = 0; i < graph->inputs.count; i++) {
        const owi_value *input = graph->inputs.items[i];
        owi_arrivals arrivals = {0};
        if (promoted[input->index]) {
            arrivals = owi_trace(&graph->model->arena, input->tensor);
        }
        for (size_t k = 0; k < arrivals.count; k++) {
            const owi_slot *slot =
                owi_slot_find(arrivals.items[k].node->op->id, arrivals.items[k].input);
            if (slot && slot->role != OWI_ROLE_CONSTANT) {
                return true;
            }
        }
    }
    return false;
}

const bool *owi_promote(owi_graph *graph, owi_reading *reading,
                        bool (*is_promoted)(void *context, const char *name), void *context) {
    owi_arena *arena = &graph->model->arena;
    bool *promoted = owi_new(arena, bool, graph->values.count);
    bool *wanted = owi_new(arena, bool, graph->values.count);
    bool *is_source = owi_new(arena, bool, graph->values.count);
    bool any = false, open = !has_fed_weights(graph, reading) && !owi_has_gradients(graph);
    for (size_t i = 0; i < graph->inputs.count; i++) {
        const owi_value *input = graph->inputs.items[i];
        wanted[input->index] = input->tensor && is_promoted && is_promoted(context, input->name);
        promoted[input->index] = input->tensor && (open || wanted[input->index]);
        is_source[input->index] = !promoted[input->index];
        any |= promoted[input->index];
    }
    for (severity how = FIRST_SIGNALS; any && how < DONE;) {
        owi_graph_mark_dependence(graph, is_source);
        bool struck = strike(graph, promoted, wanted, is_source, how);
        how += how == FIRST_SIGNALS || !struck;
    }
    if (!has_slots(graph, promoted)) {
        memcpy(promoted, wanted, graph->values.count * sizeof *promoted);
        for (size_t i = 0; i < graph->inputs.count; i++) {
            const owi_value *input = graph->inputs.items[i];
            is_source[input->index] = !promoted[input->index];
        }
    }
    owi_graph_mark_dependence(graph, is_source);
    return promoted;
}
