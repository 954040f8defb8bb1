// help.c: --help and --help-all, from the list of options.
#include "cli/options.h"
#include "onnx_winit.h"

#include <string.h>

enum { COMMON, RARE };
enum { TEXT_COLUMN = 26, LAST_COLUMN = 79, USAGE_COLUMN = 51 };

typedef struct entry {
    const char *title; // of a group, else NULL
    char letter;
    const char *name, *argument;
    bool rare;
    const char *help;
} entry;

static const entry entries[] = {
#define GROUP(text) {.title = text},
#define OPTION(id, short_name, long_name, value, rank, kind, member, text)                         \
    {.letter = short_name, .name = long_name, .argument = value, .rare = rank, .help = text},
#include "tables/options.def"
};

enum { ENTRIES = sizeof entries / sizeof *entries };

// The text from `column` on, broken at blanks, with a hanging indent of TEXT_COLUMN.
static void print_wrapped(FILE *out, int column, const char *text) {
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (column > TEXT_COLUMN && column + 1 + length > LAST_COLUMN) {
            fputc('\n', out);
            column = 0;
        }
        if (column < TEXT_COLUMN) {
            fprintf(out, "%*s", TEXT_COLUMN - column, "");
            column = TEXT_COLUMN;
        } else {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", length, text);
        column += length;
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void print_option(FILE *out, const entry *option) {
    int column = option->letter ? fprintf(out, "  -%c, ", option->letter) : fprintf(out, "      ");
    column += fprintf(out, "--%s%s%s", option->name, option->argument ? " " : "",
                      option->argument ? option->argument : "");
    print_wrapped(out, column, option->help);
}

static bool has_options(size_t group, bool all) {
    for (size_t i = group + 1; i < ENTRIES && !entries[i].title; i++) {
        if (all || !entries[i].rare) {
            return true;
        }
    }
    return false;
}

static void print_usage(FILE *out) {
    static const struct {
        const char *name, *arguments, *help;
    } commands[] = {
#define COMMAND(action, name, arguments, help) {name, arguments, help},
#include "tables/options.def"
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *name = commands[i].name;
        int column = fprintf(out, "%s onnx-winit [OPTION...] %s%s%s",
                             i ? "      " : "usage:", name ? name : "", name ? " " : "",
                             commands[i].arguments);
        fprintf(out, "%*s%s\n", USAGE_COLUMN - column, "", commands[i].help);
    }
}

void options_help(FILE *out, bool all) {
    print_usage(out);
    for (size_t i = 0; i < ENTRIES; i++) {
        if (entries[i].title && has_options(i, all)) {
            fprintf(out, "%s%s:\n", all ? "\n" : "", entries[i].title);
        } else if (!entries[i].title && (all || !entries[i].rare)) {
            print_option(out, &entries[i]);
        }
    }
    if (all) {
        fputs("\nPATTERN is a PCRE2 expression that must match the whole name of a tensor. A\n"
              "model called plan is written ./plan.\n\nExit codes:\n",
              out);
        for (owi_status status = OWI_OK; status <= OWI_DEVIATION; status++) {
            fprintf(out, "  %d  %s\n", (int)status, owi_status_text(status));
        }
    }
}
