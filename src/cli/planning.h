// planning.h: what the command line says about the plan, as the library wants it.
#ifndef OWI_CLI_PLANNING_H
#define OWI_CLI_PLANNING_H

#include "cli/options.h"
#include "onnx_winit.h"

enum { LONGEST_PATH = 4096 };

typedef struct planning {
    owi_options options;
    char presets[LONGEST_PATH];
} planning;

// The options of a plan; they point into `options` and `made`.
void planning_read(const cli *options, planning *made);

// Whether the command line says anything about the plan.
bool planning_asked(const cli *options);

// --list-presets
owi_status print_presets(const cli *options);

#endif
