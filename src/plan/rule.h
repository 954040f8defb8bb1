// rule.h: a rule: which tensors it is about, and what they get. The built-in policy, the user's
// rules and presets are lists of these; the first rule that decides wins.
#ifndef OWI_PLAN_RULE_H
#define OWI_PLAN_RULE_H

#include "plan/names.h"
#include "plan/question.h"
#include "plan/scheme.h"

// Whether the last projections of residual branches are scaled by 1 / sqrt(L).
typedef enum owi_residual_scale {
    OWI_RESIDUAL_UNSAID,
    OWI_RESIDUAL_AUTO, // where no norm stands in the branch
    OWI_RESIDUAL_ALWAYS,
    OWI_RESIDUAL_NEVER
} owi_residual_scale;

typedef const owi_names *owi_asked_PATTERN;
typedef owi_set owi_asked_WORDS, owi_asked_RANKS, owi_asked_ALL;

typedef struct owi_rule {
#define MATCH(id, kind, meaning) owi_asked_##kind id; // NULL or 0: anything will do
#include "tables/rule_fields.def"
#undef MATCH
    const char *scheme; // as written; NULL: a rule that only adds what follows here
    owi_spec spec;
    bool keep, freeze;
    bool has_zero_row;
    int64_t zero_row; // this row of the tensor is 0; counted from the end when negative
    owi_residual_scale residual_scale;
    const char *why;   // or NULL
    const char *place; // "--rule 1", "rules.yaml:12"; NULL for the built-in policy
    bool policy;       // about networks at large, not a wish about this model
    bool used;         // it has decided or added something
    bool barred;       // it fits a constant that it does not call by its name
} owi_rule;

typedef struct owi_rules {
    owi_rule *items;
    size_t count, capacity;
} owi_rules;

// The first field that does not fit, or OWI_FIELD_COUNT when the rule fits.
owi_field owi_rule_mismatch(const owi_rule *rule, const owi_question *question);

// Whether a rule that fits may decide: about constants, only if it calls them by name or role.
bool owi_rule_reaches(const owi_rule *rule, const owi_question *question);

// What the rule asks for in a field, as a rules file has it; NULL: nothing.
const char *owi_rule_text(owi_arena *arena, const owi_rule *rule, owi_field field);

// "auto", "always" or "never"; OWI_USAGE for anything else.
owi_status owi_residual_scale_read(owi_arena *arena, const char *text, owi_residual_scale *when,
                                   owi_error *error);

const char *owi_residual_scale_name(owi_residual_scale when);

// Takes what a rules file has in a field: a text, or a list of them.
owi_status owi_rule_read(owi_arena *arena, owi_rule *rule, owi_field field,
                         const char *const *texts, size_t count, owi_error *error);

#endif
