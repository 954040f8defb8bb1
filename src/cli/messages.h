// messages.h: lines on stderr.
#ifndef OWI_CLI_MESSAGES_H
#define OWI_CLI_MESSAGES_H

#include "onnx_winit.h"

#include <stdio.h>

// "onnx-winit: error: ..." and a newline.
void print_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The library's own words; returns their status.
owi_status print_failure(const owi_error *error);

// As a word of a command line, in quotes where a shell wants them.
void print_word(FILE *out, const char *word);

// "onnx-winit: warning: ..." and a newline.
void print_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
