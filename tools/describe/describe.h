// describe.h: the command line (tables/options.def) as data, for whoever describes it to somebody:
// the shells' completions and the manual.
#ifndef OWI_DESCRIBE_H
#define OWI_DESCRIBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct command {
    const char *name; // or NULL: a model is initialised
    const char *arguments, *help;
} command;

// What the value of an option is.
typedef enum value {
    VALUE_NONE,
    VALUE_FREE,
    VALUE_FILE,
    VALUE_FOLDER,
    VALUE_CHOICE, // one of `choices`
    VALUE_LISTED  // one of the names that onnx-winit prints with `list`
} value;

typedef struct option {
    const char *title; // of a group of options, and nothing else
    char letter;       // or 0
    const char *name, *argument, *help;
    bool repeatable;
    value value;
    const char *const *choices; // NULL-terminated
    const char *list;           // such as "list-presets"
} option;

extern const command commands[];
extern const size_t command_count;

// All options, groups among them; made by options_describe.
extern option options[];
extern const size_t option_count;

void options_describe(void);

void describe_bash(FILE *out);
void describe_zsh(FILE *out);
void describe_fish(FILE *out);

// Copies a page from `in`, tables in the place of lines such as "@OPTIONS@". False, with a line on
// stderr, for a table that is not known.
bool describe_manual(FILE *in, FILE *out);

#endif
