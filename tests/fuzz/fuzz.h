// fuzz.h: what the fuzz targets share. Each target is one LLVMFuzzerTestOneInput, linked with
// libFuzzer or with replay.c.
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "onnx_winit.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Stops the program, so that the input is kept.
_Noreturn void fuzz_fail(const char *what, const char *detail);

// A file in memory with these bytes, under a path that is valid until the next call.
const char *fuzz_file(const uint8_t *data, size_t size);

// A file that does not exist, in memory where the system has such a folder.
const char *fuzz_output(void);

// Removes an output and its data file; returns how many of the two there were.
int fuzz_remove(const char *output);

// An error must be one of the input's, on one line that starts with the file's name.
void fuzz_check_error(owi_status status, const owi_error *error, const char *start);

#endif
