#include "audit/audit.h"

#include "fill/runs.h"

#include <math.h>

static bool is_matrix(owi_role role) {
    return role <= OWI_ROLE_RNN_RECURRENT_WEIGHT || role == OWI_ROLE_EMBEDDING_WEIGHT;
}

// A filler for a tensor that is not filled: one box, of which nothing is expected.
static owi_filler *plain_filler(owi_arena *arena, const owi_tensor *tensor) {
    owi_filler *filler = owi_new(arena, owi_filler, 1);
    owi_recipe *recipe = owi_new(arena, owi_recipe, 1);
    *recipe = (owi_recipe){.offset = owi_new(arena, int64_t, tensor->rank),
                           .extent = tensor->dims,
                           .row_axes = 1,
                           .groups = 1};
    *filler = (owi_filler){.dtype = tensor->dtype,
                           .rank = tensor->rank,
                           .shape = tensor->dims,
                           .elements = tensor->elements,
                           .recipes = recipe,
                           .recipe_count = 1};
    return filler;
}

static owi_subject subject_of(owi_arena *arena, const owi_row *row, const owi_target *target) {
    const owi_fact *fact = target->fact;
    owi_subject subject = {.row = row, .tensor = target->tensor, .expects = row->fill};
    subject.filler = row->fill ? &target->filler : plain_filler(arena, target->tensor);
    subject.is_matrix = is_matrix(fact->role) && subject.filler->rank > 1;
    subject.finds_scheme = owi_role_trainable(fact->role);
    subject.box_count = subject.filler->recipe_count;
    owi_box_subject *boxes = owi_new(arena, owi_box_subject, subject.box_count);
    const bool in_blocks = row->block_count == subject.box_count;
    for (size_t i = 0; i < subject.box_count; i++) {
        const owi_block *block = in_blocks ? &row->blocks[i] : NULL;
        boxes[i] = (owi_box_subject){.recipe = &subject.filler->recipes[i],
                                     .fan_in = block ? block->fan_in : row->fan_in,
                                     .fan_out = block ? block->fan_out : row->fan_out,
                                     .label = block ? block->label : NULL};
    }
    subject.boxes = boxes;
    subject.results = owi_new(arena, owi_box_result, subject.box_count);
    return subject;
}

void owi_subjects_of_plan(owi_audit *audit) {
    const owi_plan *plan = audit->plan;
    audit->subjects = owi_new(&plan->model->arena, owi_subject, plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        audit->subjects[i] = subject_of(&plan->model->arena, &plan->rows[i], &plan->targets[i]);
    }
}
