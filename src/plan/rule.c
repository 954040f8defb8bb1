#include "plan/rule.h"

#include "plan/yaml.h"

#include <stdlib.h>
#include <string.h>

// ---- whether it fits

static bool fits_PATTERN(const owi_names *asked, const char *actual) {
    return !asked || owi_names_match(asked, actual) != SIZE_MAX;
}

static bool fits_WORDS(owi_set asked, owi_set actual) {
    return !asked || (asked & actual);
}

static bool fits_RANKS(owi_set asked, owi_set actual) {
    return fits_WORDS(asked, actual);
}

static bool fits_ALL(owi_set asked, owi_set actual) {
    return (asked & actual) == asked;
}

owi_field owi_rule_mismatch(const owi_rule *rule, const owi_question *question) {
#define MATCH(id, kind, meaning)                                                                   \
    if (!fits_##kind(rule->id, question->id)) {                                                    \
        return OWI_FIELD_##id;                                                                     \
    }
#include "tables/rule_fields.def"
#undef MATCH
    return OWI_FIELD_COUNT;
}

// Whether the pattern is the name, letter for letter, escapes aside.
static bool is_literally(const char *pattern, const char *name) {
    while (*pattern) {
        pattern += *pattern == '\\' && pattern[1];
        if (*pattern++ != *name++) {
            return false;
        }
    }
    return !*name;
}

bool owi_rule_reaches(const owi_rule *rule, const owi_question *question) {
    bool by_role = rule->role & question->role;
    if (question->role & OWI_MEMBER(OWI_ROLE_CONSTANT)) {
        return by_role ||
               (rule->name && is_literally(owi_names_text(rule->name, 0), question->name));
    }
    return by_role || rule->name || !(question->role & OWI_MEMBER(OWI_ROLE_UNKNOWN));
}

// ---- as a rules file has it

enum { MOST_RANKS = 32 };

static const char *text_PATTERN(owi_arena *arena, owi_field field, const owi_names *asked) {
    (void)field;
    return asked ? owi_yaml_quoted(arena, owi_names_text(asked, 0)) : NULL;
}

static const char *text_WORDS(owi_arena *arena, owi_field field, owi_set asked) {
    return asked ? owi_words_text(arena, owi_field_words(field), asked) : NULL;
}

static const char *text_ALL(owi_arena *arena, owi_field field, owi_set asked) {
    return text_WORDS(arena, field, asked);
}

static const char *text_RANKS(owi_arena *arena, owi_field field, owi_set asked) {
    const char *text = NULL;
    (void)field;
    for (unsigned rank = 0; rank < MOST_RANKS; rank++) {
        if (asked & OWI_MEMBER(rank)) {
            text = owi_arena_printf(arena, "%s%s%u", text ? text : "[", text ? ", " : "", rank);
        }
    }
    return text ? owi_arena_printf(arena, "%s]", text) : NULL;
}

const char *owi_rule_text(owi_arena *arena, const owi_rule *rule, owi_field field) {
    switch (field) {
// clang-format off
#define MATCH(id, kind, meaning) case OWI_FIELD_##id: return text_##kind(arena, field, rule->id);
#include "tables/rule_fields.def"
#undef MATCH
    // clang-format on
    case OWI_FIELD_COUNT: break;
    }
    return NULL;
}

static owi_status read_PATTERN(owi_arena *arena, owi_field field, const char *const *texts,
                               size_t count, const owi_names **asked, owi_error *error) {
    if (count != 1) {
        return owi_fail(error, OWI_USAGE, "%s: expected one pattern; a|b matches either",
                        owi_field_name(field));
    }
    return owi_names_new(arena, owi_field_name(field), texts, 1, asked, error);
}

static owi_status read_WORDS(owi_arena *arena, owi_field field, const char *const *texts,
                             size_t count, owi_set *asked, owi_error *error) {
    for (size_t i = 0; i < count; i++) {
        owi_set word;
        OWI_TRY(owi_word_read(arena, owi_field_words(field), owi_field_name(field), texts[i], &word,
                              error));
        *asked |= word;
    }
    return OWI_OK;
}

static owi_status read_ALL(owi_arena *arena, owi_field field, const char *const *texts,
                           size_t count, owi_set *asked, owi_error *error) {
    return read_WORDS(arena, field, texts, count, asked, error);
}

static owi_status read_RANKS(owi_arena *arena, owi_field field, const char *const *texts,
                             size_t count, owi_set *asked, owi_error *error) {
    for (size_t i = 0; i < count; i++) {
        char *end;
        unsigned long rank = strtoul(texts[i], &end, 10);
        if (*texts[i] < '0' || *texts[i] > '9' || *end || rank >= MOST_RANKS) {
            return owi_fail(error, OWI_USAGE, "%s '%s': expected a number below %d",
                            owi_field_name(field), owi_shown(arena, texts[i]), MOST_RANKS);
        }
        *asked |= OWI_MEMBER(rank);
    }
    return OWI_OK;
}

owi_status owi_rule_read(owi_arena *arena, owi_rule *rule, owi_field field,
                         const char *const *texts, size_t count, owi_error *error) {
    switch (field) {
// clang-format off
#define MATCH(id, kind, meaning)                                                                   \
    case OWI_FIELD_##id: return read_##kind(arena, field, texts, count, &rule->id, error);
#include "tables/rule_fields.def"
#undef MATCH
    // clang-format on
    case OWI_FIELD_COUNT: break;
    }
    return owi_fail(error, OWI_INTERNAL, "a field of rules that does not exist");
}

static const char *const scales[] = {"auto", "always", "never", NULL};

owi_status owi_residual_scale_read(owi_arena *arena, const char *text, owi_residual_scale *when,
                                   owi_error *error) {
    for (unsigned i = 0; scales[i]; i++) {
        if (strcmp(scales[i], text) == 0) {
            *when = OWI_RESIDUAL_AUTO + i;
            return OWI_OK;
        }
    }
    return owi_unknown(arena, "residual_scale", text, scales, error);
}

const char *owi_residual_scale_name(owi_residual_scale when) {
    return scales[when - OWI_RESIDUAL_AUTO];
}
