// plan.c: the pipeline behind owi_plan_make: infer, decide, list.
#include "plan/plan.h"

#include "model/guard.h"
#include "plan/names.h"
#include "plan/rows.h"

#include <string.h>

typedef struct patterns {
    owi_names *keep, *promote;
} patterns;

static bool is_promoted(void *context, const char *name) {
    const patterns *given = context;
    return owi_names_match(given->promote, name) != SIZE_MAX;
}

static owi_status read_options(const owi_options *options, owi_planner *planner,
                               owi_error *error) {
    planner->seed = options->seed;
    if (options->profile) {
        planner->profile = owi_profile_find(options->profile);
        if (planner->profile == OWI_PROFILE_COUNT) {
            return owi_fail(error, OWI_USAGE, "profile '%s' does not exist", options->profile);
        }
    }
    if (options->attention) {
        planner->attention_orthogonal = strcmp(options->attention, "orthogonal") == 0;
        if (!planner->attention_orthogonal && strcmp(options->attention, "xavier") != 0) {
            return owi_fail(error, OWI_USAGE, "attention '%s' is neither xavier nor orthogonal",
                            options->attention);
        }
    }
    return OWI_OK;
}

static const owi_filler *filler_of(const owi_tensor *tensor, const owi_target *targets,
                                   size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (targets[i].tensor == tensor && targets[i].filler.recipe_count) {
            return &targets[i].filler;
        }
    }
    return NULL;
}

// A copy gets its original's numbers.
static void join_copies(owi_arena *arena, const owi_facts *facts, owi_target *targets) {
    for (size_t i = 0; i < facts->count; i++) {
        const owi_tensor *copied = facts->items[i].copy_of;
        owi_spend(arena, copied ? facts->count : 0);
        const owi_filler *original = copied ? filler_of(copied, targets, facts->count) : NULL;
        if (original && targets[i].filler.recipe_count) {
            targets[i].filler = *original;
        }
    }
}

// A magnitude needs the numbers of the weight it belongs to; without them it starts at 1.
static void join_magnitudes(owi_arena *arena, const owi_facts *facts, owi_target *targets) {
    for (size_t i = 0; i < facts->count; i++) {
        owi_filler *filler = &targets[i].filler;
        if (!facts->items[i].magnitude_of || !filler->recipe_count) {
            continue;
        }
        owi_spend(arena, facts->count);
        owi_recipe *recipe = owi_new(arena, owi_recipe, 1);
        *recipe = filler->recipes[0];
        recipe->row_axes = (unsigned)facts->items[i].magnitude_axis;
        recipe->source = filler_of(facts->items[i].magnitude_of, targets, facts->count);
        if (!recipe->source) {
            recipe->kind = OWI_RECIPE_CONSTANT;
            recipe->a = 1;
        }
        filler->recipes = recipe;
    }
}

static const char *copy_text(owi_arena *arena, const char *text) {
    return text ? owi_arena_copy(arena, text, strlen(text)) : NULL;
}

static const char *const *copy_texts(owi_arena *arena, const char *const *texts, size_t count) {
    const char **copies = owi_new(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        copies[i] = copy_text(arena, texts[i]);
    }
    return copies;
}

static owi_options copy_options(owi_arena *arena, const owi_options *given) {
    owi_options copy = *given;
    copy.profile = copy_text(arena, given->profile);
    copy.attention = copy_text(arena, given->attention);
    copy.keep = copy_texts(arena, given->keep, given->keep_count);
    copy.promote = copy_texts(arena, given->promote, given->promote_count);
    return copy;
}

static void summarise(owi_plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        const owi_row *row = &plan->rows[i];
        bool unknown = plan->rows[i].role == owi_role_name(OWI_ROLE_UNKNOWN);
        plan->summary.filled += row->fill;
        plan->summary.kept += !row->fill && !unknown;
        plan->summary.unknown += !row->fill && unknown;
        plan->summary.elements_filled += row->fill ? row->elements : 0;
    }
}

static owi_status make(owi_model *model, const owi_options *options, const patterns *given,
                       owi_plan **made, owi_error *error) {
    owi_arena *arena = &model->arena;
    owi_planner planner = {.arena = arena, .options = options, .graph = model->graph};
    OWI_TRY(read_options(options, &planner, error));
    planner.keep = options->keep_count ? given->keep : NULL;

    owi_facts facts = owi_infer(model->graph, is_promoted, (void *)given);
    planner.facts = &facts;

    owi_plan *plan = owi_new(arena, owi_plan, 1);
    const char *reason = "asked for";
    if (planner.profile == OWI_PROFILE_ANY) {
        planner.profile = owi_profile_infer(model->graph, &facts, &reason);
    }
    owi_row *rows = owi_new(arena, owi_row, facts.count);
    owi_target *targets = owi_new(arena, owi_target, facts.count);
    for (size_t i = 0; i < facts.count; i++) {
        owi_plan_row_make(&planner, &facts.items[i], &rows[i], &targets[i]);
    }
    join_copies(arena, &facts, targets);
    join_magnitudes(arena, &facts, targets);
    plan->model = model;
    plan->rows = rows;
    plan->targets = targets;
    plan->count = facts.count;
    plan->seed = options->seed;
    plan->options = copy_options(arena, options);
    plan->summary.profile = owi_profile_name(planner.profile);
    plan->summary.profile_reason = reason;
    summarise(plan);
    *made = plan;
    return OWI_OK;
}

static owi_status guarded_make(owi_model *model, const owi_options *options, const patterns *given,
                               owi_plan **made, owi_error *error) {
    OWI_GUARD(&model->arena, error);
    owi_status status = make(model, options, given, made, error);
    OWI_UNGUARD(&model->arena);
    return status;
}

owi_status owi_plan_make(owi_model *model, const owi_options *options, const owi_plan **plan,
                         owi_error *error) {
    static const owi_options defaults = OWI_OPTIONS_INIT;
    const owi_options *chosen = options ? options : &defaults;
    patterns given = {NULL, NULL};
    owi_plan *made = NULL;
    *plan = NULL;
    owi_status status = owi_names_new(chosen->keep, chosen->keep_count, &given.keep, error);
    if (status == OWI_OK) {
        status = owi_names_new(chosen->promote, chosen->promote_count, &given.promote, error);
    }
    if (status == OWI_OK) {
        status = guarded_make(model, chosen, &given, &made, error);
    }
    owi_names_free(given.keep);
    owi_names_free(given.promote);
    *plan = status == OWI_OK ? made : NULL;
    return status;
}

size_t owi_plan_count(const owi_plan *plan) {
    return plan->count;
}

const owi_row *owi_plan_row(const owi_plan *plan, size_t index) {
    return index < plan->count ? &plan->rows[index] : NULL;
}

const owi_summary *owi_plan_summary(const owi_plan *plan) {
    return &plan->summary;
}
