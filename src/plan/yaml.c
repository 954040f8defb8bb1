#include "plan/yaml.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

owi_status owi_yaml_begin(owi_yaml *yaml, const char *label, const char *text, size_t length,
                          owi_error *error) {
    *yaml = (owi_yaml){.label = label, .error = error};
    if (!yaml_parser_initialize(&yaml->parser)) {
        return owi_fail(error, OWI_SYSTEM, "out of memory");
    }
    yaml_parser_set_input_string(&yaml->parser, (const unsigned char *)text, length);
    return OWI_OK;
}

void owi_yaml_end(owi_yaml *yaml) {
    yaml_event_delete(&yaml->event);
    yaml_parser_delete(&yaml->parser);
}

owi_status owi_yaml_fail(const owi_yaml *yaml, size_t line, const char *what) {
    return owi_fail(yaml->error, OWI_USAGE, "%s:%zu: %s", yaml->label, line, what);
}

owi_status owi_yaml_expected(const owi_yaml *yaml, const char *what) {
    return owi_fail(yaml->error, OWI_USAGE, "%s:%zu: expected %s", yaml->label, yaml->line, what);
}

static bool has_anchor(const yaml_event_t *event) {
    return event->type == YAML_ALIAS_EVENT ||
           (event->type == YAML_SCALAR_EVENT && event->data.scalar.anchor) ||
           (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.anchor) ||
           (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor);
}

owi_status owi_yaml_next(owi_yaml *yaml) {
    yaml_event_delete(&yaml->event);
    if (!yaml_parser_parse(&yaml->parser, &yaml->event)) {
        const yaml_parser_t *parser = &yaml->parser;
        if (parser->error == YAML_MEMORY_ERROR) {
            return owi_fail(yaml->error, OWI_SYSTEM, "out of memory");
        }
        size_t line = parser->problem_mark.line ? parser->problem_mark.line : yaml->line;
        return owi_yaml_fail(yaml, line + 1, parser->problem ? parser->problem : "is no YAML");
    }
    yaml->line = yaml->event.start_mark.line + 1;
    return has_anchor(&yaml->event)
               ? owi_yaml_fail(yaml, yaml->line, "anchors and aliases are not allowed")
               : OWI_OK;
}

owi_status owi_yaml_take(owi_yaml *yaml, yaml_event_type_t type, const char *what) {
    return yaml->event.type == type ? owi_yaml_next(yaml) : owi_yaml_expected(yaml, what);
}

owi_status owi_yaml_text(owi_yaml *yaml, owi_arena *arena, const char **text) {
    if (yaml->event.type != YAML_SCALAR_EVENT) {
        return owi_yaml_expected(yaml, "a text");
    }
    const char *value = (const char *)yaml->event.data.scalar.value;
    size_t length = yaml->event.data.scalar.length;
    if (length == 0 || memchr(value, '\0', length)) {
        return owi_yaml_expected(yaml, "a text that is not empty");
    }
    *text = owi_arena_copy(arena, value, length);
    return owi_yaml_next(yaml);
}

// ---- writing

static const char *in_single_quotes(owi_arena *arena, const char *text) {
    char *made = owi_arena_alloc(arena, 2 * strlen(text) + 3), *at = made;
    *at++ = '\'';
    for (; *text; text++) {
        *at++ = *text;
        if (*text == '\'') {
            *at++ = '\'';
        }
    }
    *at = '\'';
    return made;
}

// Escapes are for characters, not for bytes: what is not UTF-8 stays, and is no YAML.
static const char *in_double_quotes(owi_arena *arena, const char *text) {
    size_t length = strlen(text), size;
    char *made = owi_arena_alloc(arena, sizeof "\\u0000" * length + 3), *at = made;
    *at++ = '"';
    for (; length > 0; text += size, length -= size) {
        uint32_t point = 0;
        size = owi_utf8_decode(text, length, &point);
        if (size && !owi_utf8_plain(text, length)) {
            at += sprintf(at, point > 0xffff ? "\\U%08x" : "\\u%04x", (unsigned)point);
            continue;
        }
        if (*text == '"' || *text == '\\') {
            *at++ = '\\';
        }
        size = size ? size : 1;
        memcpy(at, text, size);
        at += size;
    }
    *at = '"';
    return made;
}

const char *owi_yaml_quoted(owi_arena *arena, const char *text) {
    size_t length = strlen(text), at = 0, plain;
    while (at < length && (plain = owi_utf8_plain(text + at, length - at))) {
        at += plain;
    }
    return at == length ? in_single_quotes(arena, text) : in_double_quotes(arena, text);
}
