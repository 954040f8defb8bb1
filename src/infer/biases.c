// biases.c: the fans of the weight whose op a bias is added to. A bias has none of its own; recipes
// that draw it (torch, DLRM) take the weight's.
#include "infer/infer.h"

static const owi_node *op_of(const owi_facts *facts, const owi_fact *bias) {
    const owi_node *node = bias->node;
    if (owi_slot_find(node->op->id, bias->input)) {
        return node; // an input of the op itself
    }
    for (size_t i = 0; i < node->input_count; i++) { // a sum behind it
        const owi_value *input = node->inputs[i];
        if (i != bias->input && input && input->depends_on_input) {
            owi_origin origin = facts->signals.origin[input->index];
            return origin.kind == OWI_ORIGIN_WEIGHTED ? origin.node : NULL;
        }
    }
    return NULL;
}

void owi_biases_join(owi_arena *arena, const owi_graph *graph, owi_facts *facts) {
    const owi_fact **weights = owi_new(arena, const owi_fact *, graph->nodes.count);
    for (size_t i = 0; i < facts->count; i++) {
        const owi_fact *fact = &facts->items[i];
        if (fact->role <= OWI_ROLE_LINEAR_WEIGHT && fact->node) {
            weights[fact->node->index] = fact;
        }
    }
    for (size_t i = 0; i < facts->count; i++) {
        owi_fact *fact = &facts->items[i];
        const owi_node *op = fact->role == OWI_ROLE_BIAS && fact->node ? op_of(facts, fact) : NULL;
        const owi_fact *weight = op ? weights[op->index] : NULL;
        fact->op_fan_in = weight ? weight->fan_in : 0;
        fact->op_fan_out = weight ? weight->fan_out : 0;
    }
}
