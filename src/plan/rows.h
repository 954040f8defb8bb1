// rows.h: from facts and decisions to rows and recipes. Private to the stage.
#ifndef OWI_PLAN_ROWS_H
#define OWI_PLAN_ROWS_H

#include "plan/plan.h"
#include "plan/policy.h"

typedef struct owi_planner {
    owi_arena *arena;
    const owi_options *options;
    const owi_graph *graph;
    const owi_facts *facts;
    owi_profile profile;
    uint64_t seed;
    bool attention_orthogonal;
    const struct owi_names *keep;
} owi_planner;

// Decides for one tensor: its row and what is to become of it.
void owi_plan_row_make(const owi_planner *planner, const owi_fact *fact, owi_row *row,
                       owi_target *target);

// The recipe that makes one box of a tensor what was decided (recipes.c).
owi_recipe owi_recipe_make(const owi_decision *made, const owi_tensor *tensor, const owi_box *box,
                           uint32_t stream);

#endif
