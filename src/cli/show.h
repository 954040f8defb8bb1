// show.h: reports on stdout, warnings on stderr.
#ifndef OWI_CLI_SHOW_H
#define OWI_CLI_SHOW_H

#include "cli/options.h"
#include "onnx_winit.h"

// In the format that --format asks for, else the usual one. The audit may be NULL.
owi_status print_report(const cli *options, const owi_plan *plan, const owi_audit *audit,
                        owi_format usual);

// One file of --report, in the format that its name ends in; of --trainable, if there is one.
owi_status write_one_report(const owi_plan *plan, const owi_audit *audit, const char *path);
owi_status write_lists(const cli *options, const owi_plan *plan);

// --report and --trainable: every file that is asked for.
owi_status write_reports(const cli *options, const owi_plan *plan, const owi_audit *audit);

// One line each; past 20 only how many more, unless --verbose.
void print_warnings(const cli *options, const owi_plan *plan);

// The end of everything on stdout: OWI_SYSTEM, with an error line, when some of it did not get
// through; a reader that has gone away needs no line.
owi_status close_stdout(owi_status status);

#endif
