// fish.c: completion for fish.
#include "describe.h"

static void print_quoted(FILE *out, const char *text) {
    fputc('\'', out);
    for (; *text; text++) {
        fprintf(out, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
    }
    fputc('\'', out);
}

static void print_value(FILE *out, const option *one) {
    switch (one->value) {
    case VALUE_NONE: break;
    case VALUE_FREE: fputs(" -x", out); break;
    case VALUE_FILE: fputs(" -r -F", out); break;
    case VALUE_FOLDER: fputs(" -x -a '(__fish_complete_directories)'", out); break;
    case VALUE_CHOICE:
        for (size_t i = 0; one->choices[i]; i++) {
            fprintf(out, "%s%s", i ? " " : " -x -a '", one->choices[i]);
        }
        fputc('\'', out);
        break;
    case VALUE_LISTED:
        fprintf(out,
                " -x -a '(onnx-winit --%s 2> /dev/null | tail -n +2 | string replace -r "
                "\" .*\" \"\")'",
                one->list);
        break;
    }
}

void describe_fish(FILE *out) {
    fputs("# fish completion for onnx-winit\n\n", out);
    for (size_t i = 0; i < command_count; i++) {
        if (commands[i].name) {
            fprintf(out, "complete -c onnx-winit -n __fish_use_subcommand -a %s -d ",
                    commands[i].name);
            print_quoted(out, commands[i].help);
            fputc('\n', out);
        }
    }
    for (size_t i = 0; i < option_count; i++) {
        const option *one = &options[i];
        if (!one->title) {
            fputs("complete -c onnx-winit", out);
            if (one->letter) {
                fprintf(out, " -s %c", one->letter);
            }
            fprintf(out, " -l %s", one->name);
            print_value(out, one);
            fputs(" -d ", out);
            print_quoted(out, one->help);
            fputc('\n', out);
        }
    }
}
