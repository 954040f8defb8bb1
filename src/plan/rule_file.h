// rule_file.h: rules in YAML (or JSON):
//
//     about: what the rules are for
//     policy: true              beliefs about networks at large: what fits nothing is no mistake
//     residual_scale: always    for rules that do not say
//     rules:
//       - name: 'head\..*'      fields of tables/rule_fields.def; all must hold
//         role: [conv.weight, linear.weight]
//         scheme: normal(0, 0.02)   actions of tables/rule_actions.def
//
// The first rule that fits and has a scheme (or keep) decides.
#ifndef OWI_PLAN_RULE_FILE_H
#define OWI_PLAN_RULE_FILE_H

#include "plan/rule.h"

// What a file says of itself.
typedef struct owi_rule_file {
    const char *about; // or NULL
    owi_rules *rules;  // to append to
} owi_rule_file;

// Reads a file. `label` is how places call it: "label:line". OWI_SYSTEM when it cannot be read,
// OWI_USAGE, with the line, for anything in it that makes no sense.
owi_status owi_rule_file_read(owi_arena *arena, const char *path, const char *label,
                              owi_rule_file *file, owi_error *error);

// Reads one rule, "{role: bias, scheme: zeros}", as a rules file has it.
owi_status owi_rule_mapping_read(owi_arena *arena, const char *text, const char *place,
                                 owi_rules *rules, owi_error *error);

// The rule as such a mapping, its entries separated by `between`; it reads back as the same rule.
const char *owi_rule_mapping(owi_arena *arena, const owi_rule *rule, const char *between);

#endif
