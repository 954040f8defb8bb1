// write.h: the output, as the options ask for it.
#ifndef OWI_CLI_WRITE_H
#define OWI_CLI_WRITE_H

#include "cli/options.h"
#include "onnx_winit.h"

// Writes the model to `output`. On a terminal a line on stderr tells how far it is, from the second
// second on. One error line on failure.
owi_status write_model(const cli *options, const owi_plan *plan, const char *output);

// Whether this process is one of several, and not the first: that one speaks for all.
bool is_silent_shard(const cli *options);

#endif
