// training_warnings.c: what would stop a training runtime, one line for each kind.
#include "plan/rows.h"

#include <string.h>

enum { OLDEST_OPSET = 12, MOST_NAMES = 6 }; // the opset that onnxblock asks for

// ---- operators without a gradient, between what is trained and an output

// Values by index: what gradients may flow through.
typedef struct flow {
    const owi_graph *graph;
    bool *trained; // made of something that is trained
    bool *needed;  // an output is made of it
} flow;

static bool is_real(const owi_value *value) {
    return value->dtype == OWI_DTYPE_UNDEFINED || owi_dtype_trainable(value->dtype);
}

static void flow_forward(const flow *at) {
    for (size_t i = 0; i < at->graph->nodes.count; i++) {
        const owi_node *node = at->graph->nodes.items[i];
        bool trained = false;
        for (size_t k = 0; k < node->input_count && owi_hands_gradients_on(node); k++) {
            trained |= node->inputs[k] && at->trained[node->inputs[k]->index];
        }
        for (size_t k = 0; k < node->output_count && trained; k++) {
            if (node->outputs[k] && is_real(node->outputs[k])) {
                at->trained[node->outputs[k]->index] = true;
            }
        }
    }
}

// Whether an output of the node is marked in both ways.
static bool is_on_the_way(const flow *at, const owi_node *node) {
    for (size_t k = 0; k < node->output_count; k++) {
        const owi_value *output = node->outputs[k];
        if (output && at->needed[output->index] && at->trained[output->index]) {
            return true;
        }
    }
    return false;
}

static void flow_back(const flow *at) {
    for (size_t i = at->graph->nodes.count; i-- > 0;) {
        const owi_node *node = at->graph->nodes.items[i];
        bool needed = false;
        for (size_t k = 0; k < node->output_count; k++) {
            const owi_value *output = node->outputs[k];
            needed |= output && (at->needed[output->index] |= output->is_output);
        }
        for (size_t k = 0; k < node->input_count && needed && owi_hands_gradients_on(node); k++) {
            if (node->inputs[k] && is_real(node->inputs[k])) {
                at->needed[node->inputs[k]->index] = true;
            }
        }
    }
}

typedef struct tally {
    const char *name;
    size_t count;
} tally;

typedef struct tallies {
    tally **items;
    size_t count, capacity;
} tallies;

static tallies count_obstacles(owi_arena *arena, const flow *at) {
    tallies found = {0};
    owi_strmap known = {0};
    for (size_t i = 0; i < at->graph->nodes.count; i++) {
        const owi_node *node = at->graph->nodes.items[i];
        bool carrier = node->outputs[0]->tensor != NULL; // becomes an initializer
        const char *name = owi_gradient_obstacle(arena, node);
        if (carrier || !name || !is_on_the_way(at, node)) {
            continue;
        }
        tally *counted = owi_strmap_get(&known, name);
        if (!counted) {
            counted = owi_new(arena, tally, 1);
            *counted = (tally){name, 0};
            owi_strmap_put(arena, &known, name, counted);
            *owi_push(arena, &found) = counted;
        }
        counted->count++;
    }
    return found;
}

static void warn_of_gradients(const owi_planner *planner, const owi_plan *plan,
                              owi_texts *warnings) {
    owi_arena *arena = planner->arena;
    const owi_graph *graph = planner->graph;
    flow at = {graph, owi_new(arena, bool, graph->values.count),
               owi_new(arena, bool, graph->values.count)};
    for (size_t i = 0; i < plan->count; i++) {
        const owi_tensor *tensor = plan->targets[i].tensor;
        bool copy = tensor->carrier == OWI_CARRIER_COPY; // its values are its original's
        for (size_t k = 0; k < tensor->value_count && !copy; k++) {
            at.trained[tensor->values[k]->index] |= plan->rows[i].training == OWI_TRAINING_GRADIENT;
        }
        for (size_t k = 0; k < tensor->use_count && copy; k++) {
            const owi_node *node = tensor->uses[k].node;
            at.trained[node->outputs[0]->index] |= plan->rows[i].training == OWI_TRAINING_GRADIENT;
        }
    }
    flow_forward(&at);
    flow_back(&at);
    const tallies found = count_obstacles(arena, &at);
    const char *names = NULL;
    for (size_t i = 0; i < found.count && i < MOST_NAMES; i++) {
        const tally *one = found.items[i];
        names =
            owi_arena_printf(arena, "%s%s%s (%zu node%s)", names ? names : "", names ? ", " : "",
                             one->name, one->count, one->count == 1 ? "" : "s");
    }
    if (names) {
        *owi_push(arena, warnings) =
            owi_arena_printf(arena, "ONNX Runtime Training has no gradient for %s%s", names,
                             found.count > MOST_NAMES ? " and others" : "");
    }
}

// ---- the rest

static void warn_of_opset(const owi_planner *planner, owi_texts *warnings) {
    const Onnx__ModelProto *model = planner->graph->model->proto;
    for (size_t i = 0; i < model->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *opset = model->opset_import[i];
        if ((!opset->domain || !*opset->domain) && opset->version < OLDEST_OPSET) {
            *owi_push(planner->arena, warnings) = owi_arena_printf(
                planner->arena, "opset %lld: ONNX Runtime Training asks for %d or newer",
                (long long)opset->version, OLDEST_OPSET);
        }
    }
}

static size_t outputs_in_use(const owi_node *node) {
    size_t count = 0;
    for (size_t k = 0; k < node->output_count; k++) {
        count += node->outputs[k] && *node->outputs[k]->name;
    }
    return count;
}

// BatchNormalization tells how it works by an attribute since opset 14, by its outputs before, and
// once more by an attribute before 7.
static bool uses_statistics(const owi_node *node) {
    return node->opset >= 14  ? owi_attribute_integer(node, "training_mode", 0) == 0
           : node->opset >= 7 ? outputs_in_use(node) < 2
                              : owi_attribute_integer(node, "is_test", 0) != 0;
}

static void warn_of_statistics(const owi_planner *planner, const owi_plan *plan,
                               owi_texts *warnings) {
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const owi_fact *fact = plan->targets[i].fact;
        count += plan->rows[i].fill && fact->role == OWI_ROLE_NORM_MEAN && fact->node &&
                 fact->node->op->id == OWI_OP_BatchNormalization && uses_statistics(fact->node);
    }
    if (count) {
        *owi_push(planner->arena, warnings) = owi_arena_printf(
            planner->arena,
            "%zu BatchNormalization node%s in inference mode: the statistics would stay 0 and 1; "
            "export in training mode",
            count, count == 1 ? "" : "s");
    }
}

static void warn_of_names(const owi_planner *planner, const owi_plan *plan, owi_texts *warnings) {
    const char *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const char *name = plan->rows[i].name;
        if (plan->rows[i].training == OWI_TRAINING_GRADIENT && *name >= '0' && *name <= '9') {
            first = first ? first : name;
            count++;
        }
    }
    if (count) {
        *owi_push(planner->arena, warnings) = owi_arena_printf(
            planner->arena,
            "%zu trainable tensor%s with a name that starts with a digit, such as \"%s\": older "
            "versions of ONNX Runtime Training take %s for constants",
            count, count == 1 ? "" : "s", owi_shown(planner->arena, first),
            count == 1 ? "it" : "them");
    }
}

void owi_warn_of_training(const owi_planner *planner, const owi_plan *plan, owi_texts *warnings) {
    bool trains = false;
    for (size_t i = 0; i < plan->count && !trains; i++) {
        trains = plan->rows[i].training == OWI_TRAINING_GRADIENT;
    }
    if (trains) {
        warn_of_opset(planner, warnings);
        warn_of_gradients(planner, plan, warnings);
        warn_of_statistics(planner, plan, warnings);
        warn_of_names(planner, plan, warnings);
    }
}
