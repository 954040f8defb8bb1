// wishes.h: what the user asks for, read from the options and checked.
#ifndef OWI_PLAN_WISHES_H
#define OWI_PLAN_WISHES_H

#include "plan/rule.h"

typedef struct owi_wishes {
    const owi_names *keep, *freeze, *promote;
    const owi_names *only; // NULL: all
    bool only_missing;
    owi_residual_scale residual_scale; // UNSAID: the rule that decides says
    owi_rules rules;                   // --rule, --rules, --preset: the first that decides wins
} owi_wishes;

// OWI_USAGE for a pattern or a rule that makes no sense.
owi_status owi_wishes_read(owi_arena *arena, const owi_options *options, owi_wishes *wishes,
                           owi_error *error);

// A rule of the command line: "PATTERN=scheme(args)", split at the last "=" before the name of a
// scheme, or "{role: bias, scheme: zeros}", as in a rules file. `number` counts them from 1.
owi_status owi_rule_option_read(owi_arena *arena, const char *text, size_t number, owi_rules *rules,
                                owi_error *error);

#endif
