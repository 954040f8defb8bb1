#include "cli/messages.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// A word of the command line may hold what moves the cursor; what the library says holds none.
static void print_line(const char *kind, const char *format, va_list args) {
    char text[8192], shown[4 * sizeof text], *out = shown;
    vsnprintf(text, sizeof text, format, args);
    for (const char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        out += sprintf(out, byte < 0x20 || byte == 0x7f ? "\\x%02x" : "%c", byte);
    }
    *out = '\0';
    fprintf(stderr, "onnx-winit: %s: %s\n", kind, shown);
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
