// rule_print.c: rules as a rules file has them.
#include "plan/rule_file.h"
#include "plan/yaml.h"

#include <inttypes.h>

static const char *text_TEXT(owi_arena *arena, const owi_rule *rule, const char *text) {
    (void)rule;
    return text ? owi_yaml_quoted(arena, text) : NULL;
}

static const char *text_SCHEME(owi_arena *arena, const owi_rule *rule, const char *text) {
    return rule->keep ? NULL : text_TEXT(arena, rule, text);
}

static const char *text_FLAG(owi_arena *arena, const owi_rule *rule, bool flag) {
    (void)arena;
    (void)rule;
    return flag ? "true" : NULL;
}

static const char *text_ROW(owi_arena *arena, const owi_rule *rule, int64_t row) {
    return rule->has_zero_row ? owi_arena_printf(arena, "%" PRId64, row) : NULL;
}

static const char *text_WHEN(owi_arena *arena, const owi_rule *rule, owi_residual_scale when) {
    (void)arena;
    (void)rule;
    return when ? owi_residual_scale_name(when) : NULL;
}

static const char *entry(owi_arena *arena, const char *before, const char *between, const char *key,
                         const char *value) {
    return value ? owi_arena_printf(arena, "%s%s%s: %s", before, *before ? between : "", key, value)
                 : before;
}

const char *owi_rule_mapping(owi_arena *arena, const owi_rule *rule, const char *between) {
    const char *text = "";
    for (owi_field field = 0; field < OWI_FIELD_COUNT; field++) {
        text =
            entry(arena, text, between, owi_field_name(field), owi_rule_text(arena, rule, field));
    }
#define ACTION(id, kind, meaning)                                                                  \
    text = entry(arena, text, between, #id, text_##kind(arena, rule, rule->id));
#include "tables/rule_actions.def"
#undef ACTION
    return text;
}
