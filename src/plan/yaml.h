// yaml.h: YAML as a stream of events, for a reader written as functions that call each other. JSON
// is read, too. No aliases, so no file is larger than it looks.
#ifndef OWI_PLAN_YAML_H
#define OWI_PLAN_YAML_H

#include "base/status.h"

#include <stdbool.h>
#include <yaml.h>

typedef struct owi_yaml {
    const char *label; // how errors call the text
    owi_error *error;
    yaml_parser_t parser;
    yaml_event_t event; // the one that stands next; NO_EVENT before the first
    size_t line;        // where it begins, counted from 1
} owi_yaml;

// Starts on a text, which must live as long. OWI_SYSTEM without memory. What libyaml holds is not
// the arena's: owi_yaml_end must be called from outside of whatever may run out of it.
owi_status owi_yaml_begin(owi_yaml *yaml, const char *label, const char *text, size_t length,
                          owi_error *error);

void owi_yaml_end(owi_yaml *yaml);

// Moves to the next event. OWI_USAGE, with the line, for what is no YAML, and for aliases.
owi_status owi_yaml_next(owi_yaml *yaml);

// OWI_USAGE: what was expected at this event.
owi_status owi_yaml_expected(const owi_yaml *yaml, const char *what);

// OWI_USAGE: what is wrong at a line.
owi_status owi_yaml_fail(const owi_yaml *yaml, size_t line, const char *what);

// Checks that this kind of event stands next, and moves past it.
owi_status owi_yaml_take(owi_yaml *yaml, yaml_event_type_t type, const char *what);

// Takes a text; it goes into the arena.
owi_status owi_yaml_text(owi_yaml *yaml, owi_arena *arena, const char **text);

// The text as a scalar of one line that reads back: in single quotes, or, where it has line breaks
// (which those fold) or other characters that YAML wants escaped, in double ones.
const char *owi_yaml_quoted(owi_arena *arena, const char *text);

#endif
