// plan.c: the pipeline behind owi_plan_make: infer, decide, list.
#include "plan/plan.h"

#include "model/guard.h"
#include "plan/policy.h"
#include "plan/rows.h"
#include "plan/rule_file.h"

#include <string.h>

static bool is_promoted(void *context, const char *name) {
    return owi_names_match(context, name) != SIZE_MAX;
}

static owi_status no_profile(owi_arena *arena, const char *name, owi_error *error) {
    static const char *const names[] = {
#define PROFILE(id, name, meaning) name,
#include "tables/profiles.def"
#undef PROFILE
        NULL};
    return owi_unknown(arena, "profile", name, names + 1, error); // the first is "any"
}

static owi_status read_options(const owi_options *options, owi_planner *planner, owi_error *error) {
    static const char *const attentions[] = {"xavier", "orthogonal", NULL};
    owi_setting *setting = &planner->setting;
    planner->seed = options->seed;
    if (options->profile) {
        setting->profile = owi_profile_find(options->profile);
        if (setting->profile == OWI_PROFILE_COUNT) {
            return no_profile(planner->arena, options->profile, error);
        }
    }
    if (options->attention) {
        setting->attention_orthogonal = strcmp(options->attention, "orthogonal") == 0;
        if (!setting->attention_orthogonal && strcmp(options->attention, "xavier") != 0) {
            return owi_unknown(planner->arena, "attention", options->attention, attentions, error);
        }
    }
    setting->zero_init_residual = options->zero_init_residual;
    OWI_TRY(owi_policy_read(planner->arena, &planner->policy, error));
    return owi_wishes_read(planner->arena, options, &planner->wishes, error);
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
    copy.freeze = copy_texts(arena, given->freeze, given->freeze_count);
    copy.only = copy_texts(arena, given->only, given->only_count);
    copy.rule = copy_texts(arena, given->rule, given->rule_count);
    copy.rules = copy_texts(arena, given->rules, given->rules_count);
    copy.preset = copy_text(arena, given->preset);
    copy.preset_folder = copy_text(arena, given->preset_folder);
    copy.residual_scale = copy_text(arena, given->residual_scale);
    return copy;
}

// What a run leaves behind must not hang on files: their rules are written out.
static void record_rules(const owi_planner *planner, owi_options *options) {
    const owi_rules *rules = &planner->wishes.rules;
    if (!options->rules_count && !options->preset) {
        return;
    }
    const char **texts = owi_new(planner->arena, const char *, rules->count);
    for (size_t i = 0; i < rules->count; i++) {
        texts[i] = owi_arena_printf(planner->arena, "{%s}",
                                    owi_rule_mapping(planner->arena, &rules->items[i], ", "));
    }
    options->rule = texts;
    options->rule_count = rules->count;
    options->rules = NULL;
    options->rules_count = 0;
    options->preset = options->preset_folder = NULL;
}

static void summarise(owi_plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        const owi_row *row = &plan->rows[i];
        bool unknown = plan->rows[i].role == owi_role_name(OWI_ROLE_UNKNOWN);
        plan->summary.filled += row->fill;
        plan->summary.kept += !row->fill && !unknown;
        plan->summary.unknown += !row->fill && unknown;
        plan->summary.elements_filled += row->fill ? row->elements : 0;
        plan->summary.bytes_filled +=
            row->fill ? row->elements * owi_dtype_size(plan->targets[i].tensor->dtype) : 0;
        plan->summary.operations += row->fill ? owi_fill_work(&plan->targets[i].filler) : 0;
    }
    owi_texts warnings = owi_warn_of_model(plan->planner, &plan->summary.unused_rules);
    owi_warn_of_training(plan->planner, plan, &warnings);
    plan->summary.warnings = warnings.items;
    plan->summary.warning_count = warnings.count;
}

static void infer(owi_planner *planner, owi_model *model, owi_plan *plan) {
    planner->facts = owi_infer(model->graph, is_promoted, (void *)planner->wishes.promote);
    plan->summary.profile_reason = "asked for";
    if (planner->setting.profile == OWI_PROFILE_ANY) {
        planner->setting.profile =
            owi_profile_infer(model->graph, &planner->facts, &plan->summary.profile_reason);
    }
    plan->summary.profile = owi_profile_name(planner->setting.profile);
}

static owi_status list_rows(const owi_planner *planner, owi_plan *plan, owi_error *error) {
    const owi_facts *facts = &planner->facts;
    owi_row *rows = owi_new(planner->arena, owi_row, facts->count);
    owi_target *targets = owi_new(planner->arena, owi_target, facts->count);
    for (size_t i = 0; i < facts->count; i++) {
        OWI_TRY(owi_plan_row_make(planner, &facts->items[i], &rows[i], &targets[i], error));
    }
    join_copies(planner->arena, facts, targets);
    join_magnitudes(planner->arena, facts, targets);
    plan->rows = rows;
    plan->targets = targets;
    plan->count = facts->count;
    return OWI_OK;
}

static owi_status make(owi_model *model, const owi_options *options, owi_plan **made,
                       owi_error *error) {
    owi_planner *planner = owi_new(&model->arena, owi_planner, 1);
    owi_plan *plan = owi_new(&model->arena, owi_plan, 1);
    planner->arena = &model->arena;
    planner->graph = model->graph;
    planner->names_in_use = owi_training_names(planner->arena, model->proto->graph);
    plan->planner = planner;
    plan->model = model;
    plan->seed = options->seed;
    plan->options = copy_options(planner->arena, options);
    OWI_TRY(read_options(&plan->options, planner, error));
    record_rules(planner, &plan->options);
    infer(planner, model, plan);
    OWI_TRY(list_rows(planner, plan, error));
    summarise(plan);
    *made = plan;
    return OWI_OK;
}

static owi_status guarded_make(owi_model *model, const owi_options *options, owi_plan **made,
                               owi_error *error) {
    OWI_GUARD(&model->arena, error);
    owi_status status = make(model, options, made, error);
    OWI_UNGUARD(&model->arena);
    return status;
}

owi_status owi_plan_make(owi_model *model, const owi_options *options, const owi_plan **plan,
                         owi_error *error) {
    static const owi_options defaults = OWI_OPTIONS_INIT;
    owi_plan *made = NULL;
    owi_status status = guarded_make(model, options ? options : &defaults, &made, error);
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
