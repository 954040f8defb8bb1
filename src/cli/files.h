// files.h: where reports go.
#ifndef OWI_CLI_FILES_H
#define OWI_CLI_FILES_H

#include "onnx_winit.h"

#include <stdio.h>

// An owi_sink that writes to a stream; the context is a FILE.
bool stream_sink(void *context, const char *bytes, size_t length);

// Whether both paths lead to one file, whatever they look like. Files need not exist.
bool is_same_file(const char *a, const char *b);

// Writes a report so that the file is absent, old, or new and whole. One error line on failure.
owi_status write_report(const owi_plan *plan, const owi_report_options *options, const char *path);

#endif
