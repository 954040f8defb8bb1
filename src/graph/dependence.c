// dependence.c: what depends on the inputs of the model, and what of the rest is a signal as well.
#include "graph/graph.h"

// Signals of their own: the state of a loop, from the second iteration on, and noise in the shape
// of a signal.
static bool is_source_of_signal(owi_op_id op) {
    return op == OWI_OP_State || op == OWI_OP_RandomNormalLike || op == OWI_OP_RandomUniformLike;
}

// Whether the node makes its input into a weight, or into something that becomes one. What a weight
// is multiplied by stays a signal.
static bool makes_weight(const owi_node *node, size_t input) {
    const owi_slot *slot = owi_slot_find(node->op->id, input);
    const owi_value *output = node->outputs[0], *other = owi_input(node, 1);
    if (slot && slot->role <= OWI_ROLE_RNN_RECURRENT_WEIGHT) {
        return input > 0 || (other && other->depends_on_input);
    }
    return node->op->signal != OWI_SIGNAL_SHAPE && !output->depends_on_input &&
           output->becomes_weight;
}

static void mark_weight(owi_value *value) {
    value->becomes_weight = false;
    for (size_t i = 0; i < value->uses.count && !value->depends_on_input; i++) {
        const owi_use *use = &value->uses.items[i];
        if (use->node->output_count && use->node->outputs[0] &&
            makes_weight(use->node, use->input)) {
            value->becomes_weight = true;
            return;
        }
    }
}

static void mark_weights(owi_graph *graph) {
    for (size_t i = graph->nodes.count; i-- > 0;) {
        const owi_node *node = graph->nodes.items[i];
        for (size_t k = 0; k < node->output_count; k++) {
            if (node->outputs[k]) {
                mark_weight(node->outputs[k]);
            }
        }
    }
    for (size_t i = 0; i < graph->values.count; i++) {
        if (!graph->values.items[i]->producer) {
            mark_weight(graph->values.items[i]);
        }
    }
}

// The product of something learned with a weight, and what is made of it.
static void mark_learned_signals(owi_graph *graph) {
    for (size_t i = 0; i < graph->values.count; i++) {
        graph->values.items[i]->is_learned_signal = false;
    }
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const owi_node *node = graph->nodes.items[i];
        unsigned signal = node->op->signal;
        bool learned = signal == OWI_SIGNAL_WEIGHTED || signal == OWI_SIGNAL_PRODUCT ||
                       signal == OWI_SIGNAL_RECURRENT || signal == OWI_SIGNAL_ATTENTION ||
                       signal == OWI_SIGNAL_NORM;
        for (size_t k = 0; k < node->input_count && signal != OWI_SIGNAL_SHAPE; k++) {
            learned |= node->inputs[k] && node->inputs[k]->is_learned_signal;
        }
        for (size_t k = 0; k < node->output_count && learned; k++) {
            owi_value *output = node->outputs[k];
            if (output && !output->depends_on_input && !output->becomes_weight) {
                output->is_learned_signal = true;
            }
        }
    }
}

void owi_graph_mark_dependence(owi_graph *graph, const bool *is_source) {
    for (size_t i = 0; i < graph->values.count; i++) {
        owi_value *value = graph->values.items[i];
        value->depends_on_input = value->is_input && (!is_source || is_source[i]);
    }
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const owi_node *node = graph->nodes.items[i];
        bool depends = is_source_of_signal(node->op->id);
        size_t inputs = node->op->signal == OWI_SIGNAL_SHAPE  ? 0
                        : node->op->view == OWI_VIEW_IDENTITY ? 1 // the rest is types and settings
                                                              : node->input_count;
        for (size_t k = 0; k < inputs && k < node->input_count; k++) {
            depends |= node->inputs[k] && node->inputs[k]->depends_on_input;
        }
        for (size_t k = 0; k < node->output_count && depends; k++) {
            if (node->outputs[k]) {
                node->outputs[k]->depends_on_input = true;
            }
        }
    }
    mark_weights(graph);
    mark_learned_signals(graph);
}
