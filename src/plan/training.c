// training.c: which tensors a training runtime can train. ONNX Runtime's generate_artifacts finds
// what it trains or freezes by name, among the initializers of the main graph that a node of the
// main graph uses; a name that it cannot find so ends it with an error.
#include "plan/rows.h"

#include <string.h>

owi_strmap owi_training_names(owi_arena *arena, const Onnx__GraphProto *graph) {
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

static bool has_user(const owi_planner *planner, const owi_tensor *tensor) {
    if (tensor->carrier != OWI_CARRIER_COPY) {
        return owi_strmap_get(&planner->names_in_use, tensor->name);
    }
    for (size_t i = 0; i < tensor->use_count; i++) { // the nodes that it takes over
        if (in_main(tensor->uses[i].node->scope)) {
            return true;
        }
    }
    return false;
}

// Whether the output has it as an initializer with values.
static bool is_initializer(const owi_tensor *tensor, const owi_row *row) {
    return tensor->elements > 0 && owi_dtype_trainable(tensor->dtype) &&
           (row->fill || (tensor->carrier == OWI_CARRIER_INITIALIZER && tensor->has_data));
}

owi_training owi_training_of(const owi_planner *planner, const owi_fact *fact, const owi_row *row,
                             bool frozen, const char **warning) {
    const owi_tensor *tensor = fact->tensor;
    bool statistic = fact->role == OWI_ROLE_NORM_MEAN || fact->role == OWI_ROLE_NORM_VARIANCE;
    if (!is_initializer(tensor, row)) {
        return OWI_TRAINING_NONE;
    }
    if (!in_main(tensor->scope) || !has_user(planner, tensor)) {
        *warning = !row->fill               ? NULL
                   : in_main(tensor->scope) ? "serves bodies of If, Loop or Scan alone, where a "
                                              "training runtime cannot train it"
                                            : "lives in a body or function, where a training "
                                              "runtime cannot train it";
        return OWI_TRAINING_NONE;
    }
    return row->trainable        ? OWI_TRAINING_GRADIENT
           : statistic || frozen ? OWI_TRAINING_FROZEN
                                 : OWI_TRAINING_NONE;
}
