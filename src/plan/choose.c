// choose.c: the first rule that decides.
#include "plan/rows.h"

#include <string.h>

// A rule without a scheme adds what it says and lets the next one decide.
static bool apply(owi_rule *rule, const owi_question *question, owi_choice *choice) {
    if (owi_rule_mismatch(rule, question) != OWI_FIELD_COUNT) {
        return false;
    }
    if (rule->place && !owi_rule_reaches(rule, question)) {
        rule->barred = true;
        return false;
    }
    rule->used = true;
    choice->frozen |= rule->freeze;
    bool zeroes = rule->has_zero_row || rule->spec.has_zero_row;
    if (zeroes && !choice->has_zero_row) {
        choice->has_zero_row = true;
        choice->zero_row = rule->has_zero_row ? rule->zero_row : rule->spec.zero_row;
    }
    choice->rule = rule;
    return rule->scheme != NULL;
}

static bool search(const owi_rules *rules, const owi_question *question, owi_choice *choice) {
    for (size_t i = 0; i < rules->count; i++) {
        if (apply(&rules->items[i], question, choice)) {
            return true;
        }
    }
    return false;
}

owi_choice owi_choose(const owi_planner *planner, const owi_question *question) {
    owi_choice choice = {0};
    if (!search(&planner->wishes.rules, question, &choice)) {
        search(&planner->policy, question, &choice);
    }
    return choice;
}

const owi_rule *owi_choose_policy(const owi_planner *planner, const owi_question *question) {
    owi_choice choice = {0};
    search(&planner->policy, question, &choice);
    return choice.rule;
}

enum { CHUNK = 4096 };

// Nothing in the file, or nothing but zeros. What cannot be read is there.
static bool is_missing(const owi_planner *planner, const owi_tensor *tensor) {
    const owi_model *model = planner->graph->model;
    if (!tensor->has_data || !tensor->proto || tensor->ours) {
        return true;
    }
    double values[CHUNK];
    for (uint64_t first = 0; first < tensor->elements; first += CHUNK) {
        uint64_t left = tensor->elements - first, count = left < CHUNK ? left : CHUNK;
        if (!owi_tensor_read(model, tensor->proto, first, count, values)) {
            return false;
        }
        for (uint64_t i = 0; i < count; i++) {
            if (values[i] != 0) {
                return false;
            }
        }
    }
    return true;
}

const char *owi_wish_to_keep(const owi_planner *planner, const owi_tensor *tensor) {
    const owi_wishes *wishes = &planner->wishes;
    size_t kept = owi_names_match(wishes->keep, tensor->name);
    if (kept != SIZE_MAX) {
        return owi_arena_printf(planner->arena, "--keep %zu", kept + 1);
    }
    if (wishes->only && owi_names_match(wishes->only, tensor->name) == SIZE_MAX) {
        return "--only";
    }
    return wishes->only_missing && !is_missing(planner, tensor) ? "--only-missing" : NULL;
}
