// checks.h: what makes no sense, told before or after the work. Each prints one error line when it
// does not answer OWI_OK.
#ifndef OWI_CLI_CHECKS_H
#define OWI_CLI_CHECKS_H

#include "cli/options.h"
#include "onnx_winit.h"

// The format that a report's name asks for; false for another ending.
bool report_format(const char *path, owi_format *format);

// The same for --trainable.
bool trainable_format(const char *path, owi_format *format);

// Nothing that is written may be the model, the output or another report. The library sees to the
// output itself; an early answer saves the time of the analysis.
owi_status check_files(const cli *options);

// Nor may a report be a file that holds values of a model that is read, which is told once that is
// open.
owi_status check_reports(const cli *options, const owi_model *model);

// Whether the output is the standard output: "-", or its name.
bool writes_to_stdout(const cli *options);

// The library knows the profiles; this answers with the name that was probably meant.
owi_status check_profile(const char *profile);

// --strict: OWI_USAGE when a rule decides nothing, OWI_DEVIATION when there is a tensor of unknown
// role.
owi_status check_strict(const cli *options, const owi_plan *plan);

#endif
