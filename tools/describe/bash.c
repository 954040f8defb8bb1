// bash.c: completion for bash 4.1 and later; needs nothing of bash-completion.
#include "describe.h"

#include <string.h>

static void print_pattern(FILE *out, const option *one) {
    if (one->letter) {
        fprintf(out, "-%c|", one->letter);
    }
    fprintf(out, "--%s", one->name);
}

static void print_values(FILE *out, const option *one) {
    fputs("    ", out);
    print_pattern(out, one);
    fputs(")\n        ", out);
    switch (one->value) {
    case VALUE_NONE:
    case VALUE_FREE: fputs(":", out); break;
    case VALUE_FILE: fputs("_onnx_winit_files f \"$current\"", out); break;
    case VALUE_FOLDER: fputs("_onnx_winit_files d \"$current\"", out); break;
    case VALUE_CHOICE:
        fputs("COMPREPLY=($(compgen -W '", out);
        for (size_t i = 0; one->choices[i]; i++) {
            fprintf(out, "%s%s", i ? " " : "", one->choices[i]);
        }
        fputs("' -- \"$current\"))", out);
        break;
    case VALUE_LISTED:
        fprintf(out,
                "COMPREPLY=($(compgen -W \"$(\"${words[0]}\" --%s 2> /dev/null | "
                "sed '1d; s/ .*//')\" -- \"$current\"))",
                one->list);
        break;
    }
    fputs("\n        return\n        ;;\n", out);
}

static void print_head(FILE *out) {
    fputs("# bash completion for onnx-winit\n\n"
          "_onnx_winit_files() {\n"
          "    local IFS=$'\\n'\n"
          "    compopt -o filenames 2> /dev/null\n"
          "    COMPREPLY+=($(compgen -\"$1\" \"${@:3}\" -- \"$2\"))\n"
          "}\n\n"
          "_onnx_winit() {\n"
          "    local words=(\"${COMP_WORDS[@]}\") current=${COMP_WORDS[COMP_CWORD]}\n"
          "    local before=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    COMPREPLY=()\n"
          "    # --option=value comes in as three words\n"
          "    if [[ $current == = ]]; then\n"
          "        current=\n"
          "    elif [[ $before == = ]]; then\n"
          "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    fi\n"
          "    case $before in\n",
          out);
}

void describe_bash(FILE *out) {
    print_head(out);
    for (size_t i = 0; i < option_count; i++) {
        if (!options[i].title && options[i].value != VALUE_NONE) {
            print_values(out, &options[i]);
        }
    }
    fputs("    esac\n"
          "    if [[ $current == -* ]]; then\n"
          "        COMPREPLY=($(compgen -W '",
          out);
    const char *between = "";
    for (size_t i = 0; i < option_count; i++) {
        if (!options[i].title) {
            fprintf(out, "%s--%s", between, options[i].name);
            between = " ";
        }
    }
    fputs("' -- \"$current\"))\n"
          "        return\n"
          "    fi\n"
          "    if [[ $COMP_CWORD -eq 1 ]]; then\n"
          "        COMPREPLY=($(compgen -W '",
          out);
    between = "";
    for (size_t i = 0; i < command_count; i++) {
        if (commands[i].name) {
            fprintf(out, "%s%s", between, commands[i].name);
            between = " ";
        }
    }
    fputs("' -- \"$current\"))\n"
          "    fi\n"
          "    _onnx_winit_files f \"$current\" -X '!*.onnx'\n"
          "    _onnx_winit_files d \"$current\"\n"
          "}\n\n"
          "complete -F _onnx_winit onnx-winit\n",
          out);
}
