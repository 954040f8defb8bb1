// units.c: special places of a weighted op in the whole.
#include "infer/infer.h"

enum { MOST_STEPS = 24 };

static bool reaches_output(const owi_value *value, size_t steps) {
    if (!value || steps == MOST_STEPS) {
        return false;
    }
    bool reached = value->is_output;
    for (size_t i = 0; i < value->uses.count; i++) {
        const owi_node *node = value->uses.items[i].node;
        if (node->op->signal == OWI_SIGNAL_SHAPE) {
            continue;
        }
        bool goes_on = node->op->signal == OWI_SIGNAL_PASS || node->op->signal == OWI_SIGNAL_ADD ||
                       node->op->signal == OWI_SIGNAL_MUL || node->op->signal == OWI_SIGNAL_DIV ||
                       node->op->signal >= OWI_SIGNAL_ACTIVATION;
        if (!goes_on || i > 0 || !reaches_output(node->outputs[0], steps + 1)) {
            return false;
        }
        reached = true;
    }
    return reached;
}

bool owi_is_output_unit(const owi_node *node) {
    return node->output_count && reaches_output(node->outputs[0], 0);
}

bool owi_is_attention_output(const owi_signals *signals, const owi_node *node) {
    const owi_value *input = owi_input(node, 0);
    if (!owi_is_signal(input)) {
        return false;
    }
    owi_origin origin = signals->origin[input->index];
    if (!origin.node) {
        return false;
    }
    if (origin.node->op->signal == OWI_SIGNAL_ATTENTION) {
        return true;
    }
    if (origin.kind != OWI_ORIGIN_WEIGHTED || origin.node->op->signal != OWI_SIGNAL_PRODUCT) {
        return false;
    }
    const owi_value *weights = owi_input(origin.node, 0), *values = owi_input(origin.node, 1);
    return weights && owi_is_signal(values) &&
           signals->before[weights->index] == OWI_ACTIVATION_softmax;
}
