// rule_option.c: a rule of the command line.
#include "plan/rule_file.h"
#include "plan/wishes.h"

#include <string.h>

// The last "=" that the name of a scheme follows. Without one, the last that some name follows, so
// that the error can tell what was meant.
static const char *find_split(const char *text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *likely = NULL;
    for (const char *at = text + strlen(text); at-- > text;) {
        if (*at != '=') {
            continue;
        }
        size_t length = strspn(at + 1, letters);
        bool whole = length && (at[1 + length] == '\0' || at[1 + length] == '(');
        if (owi_scheme_begins(at + 1)) {
            return at;
        }
        likely = likely || !whole ? likely : at;
    }
    return likely;
}

owi_status owi_rule_option_read(owi_arena *arena, const char *text, size_t number, owi_rules *rules,
                                owi_error *error) {
    owi_error inner;
    const char *place = owi_arena_printf(arena, "--rule %zu", number);
    if (*text == '{') {
        return owi_rule_mapping_read(arena, text, place, rules, error);
    }
    const char *split = find_split(text), *shown = owi_shown(arena, text);
    owi_rule *rule = owi_push(arena, rules);
    *rule = (owi_rule){.place = place};
    if (!split) {
        return owi_fail(error, OWI_USAGE, "--rule '%s': expected PATTERN=scheme(arguments)", shown);
    }
    const char *pattern = owi_arena_copy(arena, text, (size_t)(split - text));
    rule->scheme = owi_arena_copy(arena, split + 1, strlen(split + 1));
    owi_status status = owi_spec_read(arena, rule->scheme, &rule->spec, &inner);
    if (status == OWI_OK) {
        status = owi_rule_read(arena, rule, OWI_FIELD_name, &pattern, 1, &inner);
    }
    return status == OWI_OK ? OWI_OK
                            : owi_fail(error, status, "--rule '%s': %s", shown, inner.text);
}
