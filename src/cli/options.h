// options.h: the command line as a value.
#ifndef OWI_CLI_OPTIONS_H
#define OWI_CLI_OPTIONS_H

#include "onnx_winit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef enum action {
    INITIALISE,
    PLAN,
    AUDIT,
    EXPLAIN,
    PRINT_LIST,
    LIST_PRESETS,
    HELP,
    HELP_ALL,
    VERSION
} action;

typedef struct texts {
    const char **items;
    size_t count;
} texts;

// Choices, in the order of <member>_names in options.c; 0 is none of them.
enum { FORMAT_TABLE = 1, FORMAT_JSON, FORMAT_CSV };
enum { COLOR_AUTO = 1, COLOR_ALWAYS, COLOR_NEVER };
enum { EXTERNAL_AUTO = 1, EXTERNAL_ALWAYS, EXTERNAL_NEVER };
enum { ATTENTION_XAVIER = 1, ATTENTION_ORTHOGONAL };

// Members have the names that tables/options.def gives them; unset ones are 0 or NULL.
typedef struct cli {
    action action;
    const char *model;
    const char *tensor; // of EXPLAIN
    const char *list;   // of PRINT_LIST: which
    const char *output, *profile, *preset, *preset_dir, *shard, *trainable, *against, *diff;
    texts keep, only, promote, rule, rules, freeze, report;
    uint64_t seed, threads;
    unsigned format, color, attention, residual_scale, cpu, external;
    bool force, fsync, only_missing, zero_init_residual, quiet, verbose, strict, check, verify;
} cli;

// The name of a choice of cli.attention, or NULL.
const char *attention_name(unsigned choice);

// The same for cli.residual_scale.
const char *residual_scale_name(unsigned choice);

// The name of a choice of cli.cpu, or NULL.
const char *cpu_name(unsigned choice);

// Reads the command line. After one error line on stderr, OWI_USAGE or OWI_SYSTEM (no memory).
// Lists are for options_free; texts point into argv.
owi_status options_parse(int argc, char **argv, cli *options);

void options_free(cli *options);

// --help (the common options) or --help-all.
void options_help(FILE *out, bool all);

#endif
