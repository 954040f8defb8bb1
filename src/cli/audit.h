// audit.h: onnx-winit audit: what is in a file, judged.
#ifndef OWI_CLI_AUDIT_H
#define OWI_CLI_AUDIT_H

#include "cli/options.h"
#include "onnx_winit.h"

// Plans as the options say, or, when they say nothing, as the run did that wrote the file.
owi_status plan_as_written(const cli *options, owi_model *model, const owi_options *how,
                           const owi_plan **plan, owi_error *error);

// Measures, reports, and answers OWI_DEVIATION when --check, --verify or --against found one.
owi_status audit_model(const cli *options, owi_model *model, const owi_plan *plan);

// The reports of a run. Those for people, .html and .md, are audits of what was written, where that
// is a file; those for scripts say what was planned.
owi_status report_run(const cli *options, const owi_options *how, const owi_plan *plan);

#endif
