// depth.c: how far a signal is off behind each op, when weights are off by known factors. A factor
// travels on through everything linear or nearly so; a norm, and an activation with two bounded
// ends, begins anew.
#include "audit/audit.h"

#include <math.h>

typedef struct walk {
    const owi_graph *graph;
    double *of_nodes;  // what the node's own weights add
    bool *begins_anew; // by node
    double *of_values;
} walk;

static bool is_bounded(unsigned signal) {
    switch (signal) {
    case OWI_SIGNAL_NORM:
    case OWI_SIGNAL_RECURRENT:
    case OWI_SIGNAL_ATTENTION:
    case OWI_SIGNAL_ACTIVATION + OWI_ACTIVATION_tanh:
    case OWI_SIGNAL_ACTIVATION + OWI_ACTIVATION_sigmoid:
    case OWI_SIGNAL_ACTIVATION + OWI_ACTIVATION_hard_sigmoid:
    case OWI_SIGNAL_ACTIVATION + OWI_ACTIVATION_softsign:
    case OWI_SIGNAL_ACTIVATION + OWI_ACTIVATION_softmax: return true;
    default: return false;
    }
}

static double behind(const walk *at, const owi_node *node) {
    const unsigned signal = node->op->signal;
    const bool multiplies =
        signal == OWI_SIGNAL_WEIGHTED || signal == OWI_SIGNAL_PRODUCT || signal == OWI_SIGNAL_MUL;
    double sum = 0, most = 0;
    for (size_t i = 0; i < node->input_count; i++) {
        const double one = node->inputs[i] ? at->of_values[node->inputs[i]->index] : 0;
        sum += one;
        most = fabs(one) > fabs(most) ? one : most;
    }
    return at->of_nodes[node->index] + (multiplies ? sum : most);
}

const double *owi_depth_excess(const owi_audit *audit, const double *ratios) {
    const owi_plan *plan = audit->plan;
    owi_arena *arena = &plan->model->arena;
    const owi_graph *graph = plan->model->graph;
    walk at = {graph, owi_new(arena, double, graph->nodes.count),
               owi_new(arena, bool, graph->nodes.count),
               owi_new(arena, double, graph->values.count)};
    for (size_t i = 0; i < audit->count; i++) {
        const owi_fact *fact = plan->targets[i].fact;
        if (fact->node && isfinite(ratios[i]) && ratios[i] > 0) {
            at.of_nodes[fact->node->index] += log(ratios[i]);
            at.begins_anew[fact->node->index] |= fact->follow.normalised;
        }
    }
    for (size_t i = 0; i < graph->nodes.count; i++) {
        const owi_node *node = graph->nodes.items[i];
        const bool anew = is_bounded(node->op->signal) || at.begins_anew[i];
        const double excess = anew ? 0 : behind(&at, node);
        for (size_t k = 0; k < node->output_count; k++) {
            if (node->outputs[k]) {
                at.of_values[node->outputs[k]->index] = excess;
            }
        }
    }
    double *excess = owi_new(arena, double, audit->count);
    for (size_t i = 0; i < audit->count; i++) {
        const owi_node *node = plan->targets[i].fact->node;
        const owi_value *output = node && node->output_count ? node->outputs[0] : NULL;
        excess[i] = output ? at.of_values[output->index] : 0;
    }
    return excess;
}
