// plan.h: the plan as plain data. Analysis writes it, fill reads it, reports print it.
#ifndef OWI_PLAN_PLAN_H
#define OWI_PLAN_PLAN_H

#include "fill/fill.h"
#include "graph/graph.h"
#include "model/model.h"

// What becomes of a row's tensor in the output.
typedef struct owi_target {
    const owi_tensor *tensor;
    const struct owi_fact *fact; // infer/infer.h: what is known of its use
    size_t depth;                // its op's place in the order of the graph; SIZE_MAX: none
    owi_filler filler;           // recipes; none when the tensor is kept
    bool kept_by_user;           // --keep, --only or --only-missing: no data is no error
} owi_target;

struct owi_plan {
    struct owi_model *model;
    const owi_row *rows;
    const owi_target *targets; // one for each row
    size_t count;
    owi_summary summary;
    uint64_t seed;
    owi_options options;               // as given, in the model's arena
    const struct owi_planner *planner; // how it was made
};

#endif
