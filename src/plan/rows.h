// rows.h: from facts and wishes to rows and recipes. Private to the stage.
#ifndef OWI_PLAN_ROWS_H
#define OWI_PLAN_ROWS_H

#include "base/strmap.h"
#include "plan/decide.h"
#include "plan/plan.h"
#include "plan/wishes.h"

typedef struct owi_planner {
    owi_arena *arena;
    const owi_graph *graph;
    owi_facts facts;
    owi_setting setting;
    owi_wishes wishes;
    owi_rules policy;
    owi_strmap names_in_use;
    uint64_t seed;
} owi_planner;

// What is to become of one part of a tensor: a row has at least one.
typedef struct owi_share {
    const char *label;
    owi_box box;
    const owi_fact_part *part; // whose fans it has, or NULL
    owi_decision made;
} owi_share;

// ---- which rule decides (choose.c)

typedef struct owi_choice {
    owi_rule *rule; // of the wishes or of the policy; never NULL
    bool frozen;    // by this or another rule
    bool has_zero_row;
    int64_t zero_row;
} owi_choice;

owi_choice owi_choose(const owi_planner *planner, const owi_question *question);

// The row of the policy that would decide if the user had not.
const owi_rule *owi_choose_policy(const owi_planner *planner, const owi_question *question);

// Why the user does not want the tensor filled ("--keep 1"), or NULL.
const char *owi_wish_to_keep(const owi_planner *planner, const owi_tensor *tensor);

// ---- what each part of a tensor gets (outcome.c)

typedef struct owi_outcome {
    owi_share *shares; // at least one
    size_t count;
    bool keeps, frozen;
    const char *warning; // or NULL
} owi_outcome;

owi_outcome owi_outcome_make(const owi_planner *planner, const owi_fact *fact);

// What speaks against a user's rule: values that are all equal, or a spread that knows no fans.
// NULL: nothing.
const char *owi_doubt(const owi_planner *planner, const owi_fact *fact, const owi_share *share);

// Takes the given row of a tensor (from the end when negative) out of its shares and makes it the
// last share, one of zeros (shares.c). NULL when there is no such row.
owi_share *owi_shares_clear_row(owi_arena *arena, const owi_tensor *tensor, const owi_share *shares,
                                size_t *count, int64_t zero_row);

// ---- the model as a whole (model_warnings.c)

typedef struct owi_texts {
    const char **items;
    size_t count, capacity;
} owi_texts;

// All warnings that are about no single tensor; those about rules that decided nothing come first.
owi_texts owi_warn_of_model(const owi_planner *planner, size_t *unused_rules);

// ---- training (training.c, training_warnings.c)

// The names that nodes of the main graph take as inputs, arguments of functions included.
owi_strmap owi_training_names(owi_arena *arena, const Onnx__GraphProto *graph);

// Where a training runtime keeps the row's tensor, and why it cannot train one that it ought to.
owi_training owi_training_of(const owi_planner *planner, const owi_fact *fact, const owi_row *row,
                             bool frozen, const char **warning);

// Whether what is trained can go on through the node, but for a gradient that the runtime lacks
// (gradients.c).
bool owi_hands_gradients_on(const owi_node *node);

// What has no gradient, in words such as "GRU that runs in reverse"; NULL where the node has one.
const char *owi_gradient_obstacle(owi_arena *arena, const owi_node *node);

void owi_warn_of_training(const owi_planner *planner, const owi_plan *plan, owi_texts *warnings);

// ---- rows (rows.c)

// Decides for one tensor: its row and what is to become of it. OWI_USAGE for a rule that asks for
// what cannot be had.
owi_status owi_plan_row_make(const owi_planner *planner, const owi_fact *fact, owi_row *row,
                             owi_target *target, owi_error *error);

// The recipe that makes a share what was decided (recipes.c).
owi_recipe owi_recipe_make(const owi_decision *made, const owi_box *box, uint32_t stream);

#endif
