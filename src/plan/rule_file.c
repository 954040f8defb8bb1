#include "plan/rule_file.h"

#include "base/limits.h"
#include "model/guard.h"
#include "plan/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { LARGEST = OWI_LIMIT_RULES * 1024, MOST_TEXTS = 64 };

// Keys of a rule: fields, then actions.
enum {
    KEY_BEFORE_ACTIONS = OWI_FIELD_COUNT - 1,
#define ACTION(id, kind, meaning) KEY_##id,
#include "tables/rule_actions.def"
#undef ACTION
    KEY_COUNT
};

static const char *const key_names[] = {
#define MATCH(id, kind, meaning) #id,
#include "tables/rule_fields.def"
#undef MATCH
#define ACTION(id, kind, meaning) #id,
#include "tables/rule_actions.def"
#undef ACTION
    NULL};

typedef struct reader {
    owi_arena *arena;
    owi_yaml *yaml;
    owi_rule_file *file;
    const char *place; // of all rules; NULL: label and line
    owi_rule defaults; // what the head of the file says
} reader;

static unsigned find(const char *const *names, const char *name) {
    unsigned number = 0;
    while (names[number] && strcmp(names[number], name) != 0) {
        number++;
    }
    return number;
}

// Puts the place in front of what another reader says is wrong.
static owi_status at_line(reader *at, size_t line, owi_status status, const owi_error *inner) {
    return status == OWI_OK ? OWI_OK : owi_yaml_fail(at->yaml, line, inner->text);
}

static owi_status read_key(reader *at, const char *const *names, unsigned *key) {
    size_t line = at->yaml->line;
    const char *name;
    owi_error inner;
    OWI_TRY(owi_yaml_text(at->yaml, at->arena, &name));
    *key = find(names, name);
    return names[*key]
               ? OWI_OK
               : at_line(at, line, owi_unknown(at->arena, "key", name, names, &inner), &inner);
}

// ---- values

static owi_status read_FLAG(reader *at, owi_rule *rule, bool *flag) {
    (void)rule;
    size_t line = at->yaml->line;
    const char *text;
    OWI_TRY(owi_yaml_text(at->yaml, at->arena, &text));
    *flag = strcmp(text, "true") == 0;
    return *flag || strcmp(text, "false") == 0
               ? OWI_OK
               : owi_yaml_fail(at->yaml, line, "expected true or false");
}

static owi_status read_TEXT(reader *at, owi_rule *rule, const char **text) {
    (void)rule;
    return owi_yaml_text(at->yaml, at->arena, text);
}

static owi_status read_WHEN(reader *at, owi_rule *rule, owi_residual_scale *when) {
    (void)rule;
    size_t line = at->yaml->line;
    const char *text;
    owi_error inner;
    OWI_TRY(owi_yaml_text(at->yaml, at->arena, &text));
    return at_line(at, line, owi_residual_scale_read(at->arena, text, when, &inner), &inner);
}

static owi_status read_ROW(reader *at, owi_rule *rule, int64_t *number) {
    size_t line = at->yaml->line;
    const char *text;
    int used = 0;
    long long row;
    OWI_TRY(owi_yaml_text(at->yaml, at->arena, &text));
    if (sscanf(text, "%18lld%n", &row, &used) != 1 || text[used]) {
        return owi_yaml_fail(at->yaml, line, "expected a whole number");
    }
    *number = row;
    rule->has_zero_row = true;
    return OWI_OK;
}

static owi_status read_SCHEME(reader *at, owi_rule *rule, const char **text) {
    size_t line = at->yaml->line;
    owi_error inner;
    OWI_TRY(owi_yaml_text(at->yaml, at->arena, text));
    return at_line(at, line, owi_spec_read(at->arena, *text, &rule->spec, &inner), &inner);
}

// A text, or a list of them.
static owi_status read_field(reader *at, owi_rule *rule, owi_field field) {
    size_t line = at->yaml->line, count = 0;
    const char *texts[MOST_TEXTS];
    owi_error inner;
    if (at->yaml->event.type != YAML_SEQUENCE_START_EVENT) {
        OWI_TRY(owi_yaml_text(at->yaml, at->arena, &texts[count++]));
    } else {
        OWI_TRY(owi_yaml_next(at->yaml));
        while (at->yaml->event.type != YAML_SEQUENCE_END_EVENT) {
            if (count == MOST_TEXTS) {
                return owi_yaml_fail(at->yaml, at->yaml->line, "too many entries");
            }
            OWI_TRY(owi_yaml_text(at->yaml, at->arena, &texts[count++]));
        }
        OWI_TRY(owi_yaml_next(at->yaml));
    }
    return at_line(at, line, owi_rule_read(at->arena, rule, field, texts, count, &inner), &inner);
}

// ---- rules

static owi_status read_value(reader *at, owi_rule *rule, unsigned key) {
    switch (key) {
// clang-format off
#define ACTION(id, kind, meaning) case KEY_##id: return read_##kind(at, rule, &rule->id);
#include "tables/rule_actions.def"
#undef ACTION
    // clang-format on
    default: return read_field(at, rule, key);
    }
}

static owi_status settle(reader *at, size_t line, owi_rule *rule) {
    if (rule->keep && rule->scheme) {
        return owi_yaml_fail(at->yaml, line, "a rule has a scheme or keep, not both");
    }
    if (rule->keep) {
        rule->scheme = "keep";
        return owi_spec_read(at->arena, rule->scheme, &rule->spec, at->yaml->error);
    }
    if (!rule->scheme && !rule->freeze && !rule->has_zero_row) {
        return owi_yaml_fail(at->yaml, line,
                             "a rule that does nothing: expected scheme, keep, freeze or zero_row");
    }
    return OWI_OK;
}

static owi_status read_rule(reader *at) {
    size_t line = at->yaml->line;
    bool given[KEY_COUNT] = {false};
    owi_rule *rule = owi_push(at->arena, at->file->rules);
    *rule = at->defaults;
    rule->place =
        at->place ? at->place : owi_arena_printf(at->arena, "%s:%zu", at->yaml->label, line);
    OWI_TRY(owi_yaml_take(at->yaml, YAML_MAPPING_START_EVENT, "a rule: fields and what to do"));
    while (at->yaml->event.type != YAML_MAPPING_END_EVENT) {
        unsigned key;
        size_t here = at->yaml->line;
        OWI_TRY(read_key(at, key_names, &key));
        if (given[key]) {
            return owi_yaml_fail(at->yaml, here, "a key is given twice");
        }
        given[key] = true;
        OWI_TRY(read_value(at, rule, key));
    }
    OWI_TRY(owi_yaml_next(at->yaml));
    return settle(at, line, rule);
}

static owi_status read_rules(reader *at) {
    OWI_TRY(owi_yaml_take(at->yaml, YAML_SEQUENCE_START_EVENT, "a list of rules"));
    while (at->yaml->event.type != YAML_SEQUENCE_END_EVENT) {
        OWI_TRY(read_rule(at));
    }
    return owi_yaml_next(at->yaml);
}

// ---- files

static owi_status read_head(reader *at) {
    static const char *const names[] = {"about", "policy", "residual_scale", "rules", NULL};
    bool given[4] = {false};
    OWI_TRY(owi_yaml_take(at->yaml, YAML_MAPPING_START_EVENT, "\"rules:\" and a list"));
    while (at->yaml->event.type != YAML_MAPPING_END_EVENT) {
        unsigned key;
        size_t line = at->yaml->line;
        OWI_TRY(read_key(at, names, &key));
        if (given[key] || (key < 3 && given[3])) {
            return owi_yaml_fail(at->yaml, line,
                                 given[key] ? "a key is given twice" : "the rules come last");
        }
        given[key] = true;
        OWI_TRY(key == 0   ? read_TEXT(at, NULL, &at->file->about)
                : key == 1 ? read_FLAG(at, NULL, &at->defaults.policy)
                : key == 2 ? read_WHEN(at, NULL, &at->defaults.residual_scale)
                           : read_rules(at));
    }
    return given[3] ? owi_yaml_next(at->yaml) : owi_yaml_expected(at->yaml, "rules");
}

static owi_status read_document(reader *at) {
    OWI_TRY(owi_yaml_next(at->yaml));
    OWI_TRY(owi_yaml_take(at->yaml, YAML_STREAM_START_EVENT, "YAML"));
    OWI_TRY(owi_yaml_take(at->yaml, YAML_DOCUMENT_START_EVENT, "rules; the file is empty"));
    OWI_TRY(at->place ? read_rule(at) : read_head(at));
    OWI_TRY(owi_yaml_take(at->yaml, YAML_DOCUMENT_END_EVENT, "the end"));
    return at->yaml->event.type == YAML_STREAM_END_EVENT
               ? OWI_OK
               : owi_yaml_expected(at->yaml, "one document");
}

// Apart, so that an exhausted arena comes back here while the parser can still be released.
static owi_status guarded_read(reader *at) {
    OWI_GUARD(at->arena, at->yaml->error);
    owi_status status = read_document(at);
    OWI_UNGUARD(at->arena);
    return status;
}

static owi_status read_text(reader *at, const char *label, const char *text, size_t length,
                            owi_error *error) {
    owi_yaml yaml;
    OWI_TRY(owi_yaml_begin(&yaml, label, text, length, error));
    at->yaml = &yaml;
    owi_status status = guarded_read(at);
    at->yaml = NULL;
    owi_yaml_end(&yaml);
    return status;
}

owi_status owi_rule_mapping_read(owi_arena *arena, const char *text, const char *place,
                                 owi_rules *rules, owi_error *error) {
    owi_rule_file file = {.rules = rules};
    reader at = {.arena = arena, .file = &file, .place = place};
    return read_text(&at, place, text, strlen(text), error);
}

owi_status owi_rule_file_read(owi_arena *arena, const char *path, const char *label,
                              owi_rule_file *file, owi_error *error) {
    reader at = {.arena = arena, .file = file};
    char *text = owi_arena_alloc(arena, LARGEST + 1);
    const char *shown = owi_shown(arena, label);
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        return owi_fail(error, OWI_SYSTEM, "%s: cannot be opened: %s", shown, strerror(errno));
    }
    size_t length = fread(text, 1, LARGEST + 1, stream);
    bool failed = ferror(stream);
    int reason = errno;
    fclose(stream);
    if (failed) {
        return owi_fail(error, OWI_SYSTEM, "%s: cannot be read: %s", shown, strerror(reason));
    }
    if (length > LARGEST) {
        return owi_fail(error, OWI_USAGE, "%s: more than %d bytes", shown, LARGEST);
    }
    return read_text(&at, shown, text, length, error);
}
