// main.c: the program. What it does to a model it does through onnx_winit.h alone.
#define _GNU_SOURCE
#include "cli/audit.h"
#include "cli/checks.h"
#include "cli/files.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "cli/planning.h"
#include "cli/show.h"
#include "cli/signals.h"
#include "cli/write.h"
#include "onnx_winit.h"

#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static owi_status plan_only(const cli *options, const owi_plan *plan) {
    owi_status status = write_reports(options, plan, NULL);
    if (status == OWI_OK && !options->quiet) {
        if (options->format > FORMAT_TABLE) {
            print_warnings(options, plan);
        }
        status = print_report(options, plan, NULL, OWI_TABLE);
    }
    return status == OWI_OK ? check_strict(options, plan) : status;
}

// Where the model went, and what to do next: a device cannot be looked at, and what other shards
// still write is not there.
static void print_next(const cli *options) {
    struct stat output;
    bool there = stat(options->output, &output) == 0, file = there && S_ISREG(output.st_mode);
    if (options->shard && !there) {
        printf("output    %s, when all shards are written\n", options->output);
        return;
    }
    printf("output    %s\nnext      onnx-winit %s ", options->output, file ? "audit" : "plan");
    print_word(stdout, file ? options->output : options->model);
    putchar('\n');
}

static owi_status initialise(const cli *options, const owi_options *how, const owi_plan *plan) {
    bool piped = writes_to_stdout(options);
    const char *output = piped ? "/dev/stdout" : options->output;
    owi_status status = check_strict(options, plan);
    if (status == OWI_OK) {
        status = write_model(options, plan, output);
    }
    if (status == OWI_OK && !is_silent_shard(options)) {
        status = report_run(options, how, plan);
    }
    if (status != OWI_OK || options->quiet || is_silent_shard(options)) {
        return status;
    }
    if (options->format != FORMAT_TABLE) {
        print_warnings(options, plan);
    }
    if (piped || options->format) {
        return piped ? OWI_OK : print_report(options, plan, NULL, OWI_TABLE);
    }
    status = print_report(options, plan, NULL, OWI_SUMMARY);
    print_next(options);
    return close_stdout(status);
}

static owi_status explain_tensor(const cli *options, const owi_plan *plan) {
    owi_error error;
    owi_status status = owi_explain(plan, options->tensor, stream_sink, stdout, &error);
    if (status != OWI_OK && !ferror(stdout)) {
        print_error("%s: %s", options->model, error.text);
        return error.status;
    }
    return close_stdout(OWI_OK);
}

static owi_status carry_out(const cli *options, owi_model *model, const owi_options *how,
                            const owi_plan *plan) {
    switch (options->action) {
    case PLAN: return plan_only(options, plan);
    case AUDIT: return audit_model(options, model, plan);
    case EXPLAIN: return explain_tensor(options, plan);
    default: return initialise(options, how, plan);
    }
}

// "-" is the standard input; a file of that name is "./-".
static owi_status open_model(const cli *options, owi_model **model, owi_error *error) {
    return strcmp(options->model, "-") == 0
               ? owi_model_read(STDIN_FILENO, options->model, model, error)
               : owi_model_open(options->model, model, error);
}

static owi_status run_on_model(const cli *options) {
    planning how;
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    owi_error error;
    owi_status status = check_profile(options->profile);
    if (status == OWI_OK) {
        status = check_files(options);
    }
    if (status != OWI_OK) {
        return status;
    }
    planning_read(options, &how);
    if (open_model(options, &model, &error) != OWI_OK ||
        plan_as_written(options, model, &how.options, &plan, &error) != OWI_OK) {
        status = print_failure(&error);
    } else if ((status = check_reports(options, model)) == OWI_OK) {
        status = carry_out(options, model, &how.options, plan);
    }
    owi_model_close(model);
    return status;
}

static owi_status print_list(const char *name) {
    owi_error error;
    owi_status status = owi_list(name, stream_sink, stdout, &error);
    return status == OWI_OK || ferror(stdout) ? close_stdout(OWI_OK) : print_failure(&error);
}

static owi_status run(const cli *options) {
    switch (options->action) {
    case INITIALISE:
    case PLAN:
    case AUDIT:
    case EXPLAIN: return run_on_model(options);
    case PRINT_LIST: return print_list(options->list);
    case LIST_PRESETS: return print_presets(options);
    case HELP:
    case HELP_ALL: options_help(stdout, options->action == HELP_ALL); return close_stdout(OWI_OK);
    case VERSION: printf("onnx-winit %s\n", owi_version()); return print_list("build");
    }
    return OWI_INTERNAL;
}

// Without this, a file that is opened could become the standard output that the caller closed.
static void occupy_standard_files(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            open("/dev/null", O_RDONLY); // takes this number; writing to it still fails
        }
    }
}

int main(int argc, char **argv) {
    cli options;
    occupy_standard_files();
    setlocale(LC_CTYPE, ""); // how wide a name is on the terminal; numbers stay as they are
    signals_prepare();
    owi_status status = options_parse(argc, argv, &options);
    if (status == OWI_OK) {
        status = run(&options);
    }
    options_free(&options);
    return (int)status;
}
