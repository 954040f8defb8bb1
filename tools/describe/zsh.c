// zsh.c: completion for zsh, by its _arguments.
#include "describe.h"

#include <string.h>

// Text in an explanation: what ends it, and quotes, are escaped.
static void print_escaped(FILE *out, const char *text) {
    for (; *text; text++) {
        if (*text == '\'') {
            fputs("'\\''", out);
        } else {
            fprintf(out, "%s%c", strchr("[]:\\", *text) ? "\\" : "", *text);
        }
    }
}

static void print_value(FILE *out, const option *one) {
    if (one->value == VALUE_NONE) {
        return;
    }
    fprintf(out, ":%s:", one->argument);
    switch (one->value) {
    case VALUE_NONE:
    case VALUE_FREE: fputc(' ', out); break;
    case VALUE_FILE: fputs("_files", out); break;
    case VALUE_FOLDER: fputs("_files -/", out); break;
    case VALUE_CHOICE:
        for (size_t i = 0; one->choices[i]; i++) {
            fprintf(out, "%s%s", i ? " " : "(", one->choices[i]);
        }
        fputc(')', out);
        break;
    case VALUE_LISTED: fprintf(out, "{_onnx_winit_names %s}", one->list); break;
    }
}

static void print_spec(FILE *out, const option *one) {
    const char *equals = one->value == VALUE_NONE ? "" : "=", *star = one->repeatable ? "*" : "";
    fputs("        ", out);
    if (one->letter) {
        fprintf(out, "'(-%c --%s)'{-%c,--%s%s}'", one->letter, one->name, one->letter, one->name,
                equals);
    } else {
        fprintf(out, "'%s--%s%s", star, one->name, equals);
    }
    fputc('[', out);
    print_escaped(out, one->help);
    fputc(']', out);
    print_value(out, one);
    fputs("' \\\n", out);
}

void describe_zsh(FILE *out) {
    fputs("#compdef onnx-winit\n\n"
          "_onnx_winit_names() {\n"
          "    local -a names\n"
          "    names=(${(f)\"$(onnx-winit --$1 2> /dev/null | sed '1d; s/ .*//')\"})\n"
          "    compadd -a names\n"
          "}\n\n"
          "_onnx_winit_first() {\n"
          "    local -a commands=(",
          out);
    for (size_t i = 0; i < command_count; i++) {
        if (commands[i].name) {
            fprintf(out, "\n        '%s:", commands[i].name);
            print_escaped(out, commands[i].help);
            fputc('\'', out);
        }
    }
    fputs(")\n"
          "    _describe command commands\n"
          "    _files -g '*.onnx'\n"
          "}\n\n"
          "_onnx_winit() {\n"
          "    _arguments -s -S \\\n",
          out);
    for (size_t i = 0; i < option_count; i++) {
        if (!options[i].title) {
            print_spec(out, &options[i]);
        }
    }
    fputs("        '1: :_onnx_winit_first' \\\n"
          "        '*:model:_files -g \"*.onnx\"'\n"
          "}\n\n"
          "_onnx_winit \"$@\"\n",
          out);
}
