// training.c: which tensors a training runtime can train. ONNX Runtime's generate_artifacts finds
// what it trains or freezes by name, among the initializers of the main graph that a node of the
// main graph uses; a name that it cannot find so ends it with an error.
#include "base/strmap.h"
#include "plan/rows.h"

#include <string.h>

// The names that nodes of the main graph take as inputs, arguments of functions included.
static owi_strmap names_in_use(owi_arena *arena, const Onnx__GraphProto *graph) {
    static char used;
    owi_strmap names = {0};
    for (size_t i = 0; graph && i < graph->n_node; i++) {
        for (size_t k = 0; k < graph->node[i]->n_input; k++) {
            owi_strmap_put(arena, &names, graph->node[i]->input[k], &used);
        }
    }
    return names;
}

static bool in_main(const char *scope) {
    return strcmp(scope, "main") == 0;
}

static bool has_user(const owi_tensor *tensor, const owi_strmap *names) {
    if (tensor->carrier != OWI_CARRIER_COPY) {
        return owi_strmap_get(names, tensor->name);
    }
    for (size_t i = 0; i < tensor->use_count; i++) { // the nodes that it takes over
        if (in_main(tensor->uses[i].node->scope)) {
            return true;
        }
    }
    return false;
}

// Whether the output has it as an initializer of the main graph, with values.
static bool is_initializer(const owi_tensor *tensor, const owi_row *row) {
    return in_main(tensor->scope) && tensor->elements > 0 && owi_dtype_trainable(tensor->dtype) &&
           (row->fill || (tensor->carrier == OWI_CARRIER_INITIALIZER && tensor->has_data));
}

void owi_training_settle(const owi_planner *planner, const owi_target *targets, owi_row *rows,
                         size_t count) {
    const owi_strmap names = names_in_use(planner->arena, planner->graph->model->proto->graph);
    for (size_t i = 0; i < count; i++) {
        const owi_tensor *tensor = targets[i].tensor;
        if (!is_initializer(tensor, &rows[i]) || !has_user(tensor, &names)) {
            rows[i].training = OWI_TRAINING_NONE;
        }
    }
}
