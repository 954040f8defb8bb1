#include "cli/messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void print_line(const char *kind, const char *format, va_list args) {
    fprintf(stderr, "onnx-winit: %s: ", kind);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

void print_error(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("error", format, args);
    va_end(args);
}

owi_status print_failure(const owi_error *error) {
    print_error("%s", error->text);
    return error->status;
}

void print_warning(const char *format, ...) {
    va_list args;
    va_start(args, format);
    print_line("warning", format, args);
    va_end(args);
}

void print_word(FILE *out, const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./+,:@%";
    if (*word && *word != '-' && word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    fputs(*word == '-' ? "./'" : "'", out);
    for (; *word; word++) {
        fputs(*word == '\'' ? "'\\''" : (const char[]){*word, '\0'}, out);
    }
    fputc('\'', out);
}
