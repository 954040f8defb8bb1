// manual.c: the tables of the manual, in the language of scdoc.
#include "describe.h"

#include <string.h>

// Everything that scdoc would take for markup stands for itself.
static void print_text(FILE *out, const char *text) {
    for (; *text; text++) {
        fprintf(out, "%s%c", strchr("*_\\#`[]<>~", *text) ? "\\" : "", *text);
    }
}

// A name and what it means.
static void print_entry(FILE *out, const char *name, const char *arguments, const char *meaning) {
    fputc('*', out);
    print_text(out, name);
    fputc('*', out);
    if (arguments && *arguments) {
        fputs(" _", out);
        print_text(out, arguments);
        fputc('_', out);
    }
    fputs("\n\t", out);
    print_text(out, meaning);
    fputs("\n\n", out);
}

static void print_synopsis(FILE *out) {
    for (size_t i = 0; i < command_count; i++) {
        fprintf(out, "*onnx-winit* [_OPTION_...] %s%s%s_", commands[i].name ? "*" : "",
                commands[i].name ? commands[i].name : "", commands[i].name ? "* " : "");
        print_text(out, commands[i].arguments);
        fputs(i + 1 < command_count ? "_++\n" : "_\n", out);
    }
}

static void print_commands(FILE *out) {
    for (size_t i = 0; i < command_count; i++) {
        const char *name = commands[i].name;
        print_entry(out, name ? name : "onnx-winit", commands[i].arguments, commands[i].help);
    }
}

static void print_options(FILE *out) {
    for (size_t i = 0; i < option_count; i++) {
        const option *one = &options[i];
        char name[64];
        if (one->title) {
            fprintf(out, "## %s\n\n", one->title);
        } else {
            if (one->letter) {
                snprintf(name, sizeof name, "-%c, --%s", one->letter, one->name);
            } else {
                snprintf(name, sizeof name, "--%s", one->name);
            }
            print_entry(out, name, one->argument, one->help);
        }
    }
}

static void print_statuses(FILE *out) {
#define STATUS(id, code, meaning) print_entry(out, #code, NULL, meaning);
#include "tables/status.def"
#undef STATUS
}

static void print_fields(FILE *out) {
#define MATCH(id, kind, meaning) print_entry(out, #id, NULL, meaning);
#include "tables/rule_fields.def"
#undef MATCH
}

static void print_conditions(FILE *out) {
#define CONDITION(id, name, meaning) print_entry(out, name, NULL, meaning);
#include "tables/conditions.def"
#undef CONDITION
}

static void print_actions(FILE *out) {
#define ACTION(id, kind, meaning) print_entry(out, #id, NULL, meaning);
#include "tables/rule_actions.def"
#undef ACTION
}

static void print_schemes(FILE *out) {
#define SCHEME(id, distribution, fan, arguments, note) print_entry(out, #id, arguments, note);
#include "tables/schemes.def"
#undef SCHEME
}

bool describe_manual(FILE *in, FILE *out) {
    static const struct {
        const char *name;
        void (*print)(FILE *out);
    } tables[] = {{"@SYNOPSIS@\n", print_synopsis}, {"@COMMANDS@\n", print_commands},
                  {"@OPTIONS@\n", print_options},   {"@STATUSES@\n", print_statuses},
                  {"@FIELDS@\n", print_fields},     {"@CONDITIONS@\n", print_conditions},
                  {"@ACTIONS@\n", print_actions},   {"@SCHEMES@\n", print_schemes}};
    enum { TABLES = sizeof tables / sizeof *tables };
    char line[512];
    while (fgets(line, sizeof line, in)) {
        size_t i = 0;
        while (i < TABLES && strcmp(tables[i].name, line) != 0) {
            i++;
        }
        if (i < TABLES) {
            tables[i].print(out);
        } else if (line[0] == '@') {
            fprintf(stderr, "describe: no table %s", line);
            return false;
        } else {
            fputs(line, out);
        }
    }
    return true;
}
