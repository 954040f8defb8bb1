// main.c: the program. What it does to a model it does through onnx_winit.h alone.
#define _GNU_SOURCE
#include "cli/files.h"
#include "cli/messages.h"
#include "cli/options.h"
#include "onnx_winit.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_WARNINGS = 20 };

static owi_status fail(const owi_error *error) {
    print_error("%s", error->text);
    return error->status;
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

// The format that a report's name asks for; false for another ending.
static bool format_of(const char *path, owi_format *format) {
    *format = ends_with(path, ".json") ? OWI_JSON : OWI_CSV;
    return *format == OWI_JSON || ends_with(path, ".csv");
}

// Nothing that is written may be the model, the output or another report. The library sees to the
// output itself; an early answer saves the time of the analysis.
static owi_status check_files(const cli *options) {
    if (options->output && !options->force && access(options->output, F_OK) == 0 &&
        !is_same_file(options->output, options->model)) {
        print_error("%s: exists; --force replaces it", options->output);
        return OWI_USAGE;
    }
    for (size_t i = 0; i < options->report.count; i++) {
        const char *report = options->report.items[i];
        owi_format format;
        if (!format_of(report, &format)) {
            print_error("--report %s: expected a name that ends in .json or .csv", report);
            return OWI_USAGE;
        }
        bool taken = is_same_file(report, options->model) ||
                     (options->output && is_same_file(report, options->output));
        for (size_t j = 0; j < i; j++) {
            taken = taken || is_same_file(report, options->report.items[j]);
        }
        if (taken) {
            print_error("--report %s: would replace the model, the output or another report",
                        report);
            return OWI_USAGE;
        }
    }
    return OWI_OK;
}

static owi_status write_reports(const cli *options, const owi_plan *plan) {
    owi_status status = OWI_OK;
    for (size_t i = 0; i < options->report.count && status == OWI_OK; i++) {
        owi_format format;
        format_of(options->report.items[i], &format);
        status = write_report(plan, format, options->report.items[i]);
    }
    return status;
}

static bool wants_color(const cli *options) {
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    if (options->color == COLOR_ALWAYS || options->color == COLOR_NEVER) {
        return options->color == COLOR_ALWAYS;
    }
    return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0 && !(no_color && *no_color);
}

static unsigned terminal_width(void) {
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

// The end of everything on stdout. A reader that has gone away needs no message.
static owi_status close_stdout(owi_status status) {
    bool failed = ferror(stdout);
    if ((fflush(stdout) != 0 || failed) && status == OWI_OK) {
        if (errno != EPIPE) {
            print_error("standard output: %s", strerror(errno));
        }
        return OWI_SYSTEM;
    }
    return status;
}

static owi_status print_report(const cli *options, const owi_plan *plan, owi_format usual) {
    static const owi_format formats[] = {
        [FORMAT_TABLE] = OWI_TABLE, [FORMAT_JSON] = OWI_JSON, [FORMAT_CSV] = OWI_CSV};
    owi_report_options report = {.format = options->format ? formats[options->format] : usual,
                                 .width = terminal_width(),
                                 .all = options->verbose,
                                 .color = wants_color(options)};
    owi_error error;
    owi_status status = owi_report(plan, &report, stream_sink, stdout, &error);
    return status == OWI_OK || ferror(stdout) ? close_stdout(OWI_OK) : fail(&error);
}

// Warnings that stand in no table on stdout, one line each.
static void print_warnings(const cli *options, const owi_plan *plan) {
    char *text = NULL;
    size_t length, count = 0;
    FILE *stream = open_memstream(&text, &length);
    owi_report_options report = {.format = OWI_WARNINGS};
    if (!stream) {
        return;
    }
    bool made = owi_report(plan, &report, stream_sink, stream, NULL) == OWI_OK;
    made = fclose(stream) == 0 && made;
    char *rest = NULL;
    for (char *line = made ? strtok_r(text, "\n", &rest) : NULL; line;
         line = strtok_r(NULL, "\n", &rest)) {
        if (++count <= MOST_WARNINGS || options->verbose) {
            print_warning("%s: %s", options->model, line);
        }
    }
    if (count > MOST_WARNINGS && !options->verbose) {
        print_warning("and %zu more; see --report", count - MOST_WARNINGS);
    }
    free(text);
}

static owi_status check_strict(const cli *options, const owi_plan *plan) {
    size_t unknown = owi_plan_summary(plan)->unknown;
    if (!options->strict || unknown == 0) {
        return OWI_OK;
    }
    print_error("%s: %zu tensor%s of unknown role; \"onnx-winit plan\" names them", options->model,
                unknown, unknown == 1 ? "" : "s");
    return OWI_DEVIATION;
}

static owi_status plan_only(const cli *options, const owi_plan *plan) {
    owi_status status = write_reports(options, plan);
    if (status == OWI_OK && !options->quiet) {
        if (options->format > FORMAT_TABLE) {
            print_warnings(options, plan);
        }
        status = print_report(options, plan, OWI_TABLE);
    }
    return status == OWI_OK ? check_strict(options, plan) : status;
}

static owi_status initialise(const cli *options, const owi_plan *plan) {
    owi_error error;
    owi_write_options how = {.flags = (options->force ? OWI_REPLACE : 0) |
                                      (options->fsync ? OWI_SYNC : 0),
                             .threads = (unsigned)options->threads};
    owi_status status = check_strict(options, plan);
    if (status == OWI_OK && owi_plan_apply(plan, options->output, &how, &error) != OWI_OK) {
        status = fail(&error);
    }
    if (status == OWI_OK) {
        status = write_reports(options, plan);
    }
    if (status != OWI_OK || options->quiet) {
        return status;
    }
    if (options->format != FORMAT_TABLE) {
        print_warnings(options, plan);
    }
    if (options->format) {
        return print_report(options, plan, OWI_TABLE);
    }
    status = print_report(options, plan, OWI_SUMMARY);
    printf("output    %s\nnext      onnx-winit plan %s\n", options->output, options->model);
    return close_stdout(status);
}

static owi_status run_on_model(const cli *options) {
    owi_options how = {.seed = options->seed,
                       .profile = options->profile,
                       .attention = attention_name(options->attention),
                       .keep = options->keep.items,
                       .keep_count = options->keep.count,
                       .promote = options->promote.items,
                       .promote_count = options->promote.count};
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    owi_error error;
    owi_status status = check_files(options);
    if (status != OWI_OK) {
        return status;
    }
    if (owi_model_open(options->model, &model, &error) != OWI_OK ||
        owi_plan_make(model, &how, &plan, &error) != OWI_OK) {
        status = fail(&error);
    } else {
        status = options->action == PLAN ? plan_only(options, plan) : initialise(options, plan);
    }
    owi_model_close(model);
    return status;
}

static owi_status print_list(const char *name) {
    owi_error error;
    owi_status status = owi_list(name, stream_sink, stdout, &error);
    return status == OWI_OK || ferror(stdout) ? close_stdout(OWI_OK) : fail(&error);
}

static owi_status run(const cli *options) {
    switch (options->action) {
    case INITIALISE:
    case PLAN:
        return run_on_model(options);
    case PRINT_LIST:
        return print_list(options->list);
    case HELP:
    case HELP_ALL:
        options_help(stdout, options->action == HELP_ALL);
        return close_stdout(OWI_OK);
    case VERSION:
        printf("onnx-winit %s\n", owi_version());
        return close_stdout(OWI_OK);
    }
    return OWI_INTERNAL;
}

int main(int argc, char **argv) {
    cli options;
    setlocale(LC_CTYPE, "");  // how wide a name is on the terminal; numbers stay as they are
    signal(SIGPIPE, SIG_IGN); // a closed pipe is an error like any other
    owi_status status = options_parse(argc, argv, &options) ? run(&options) : OWI_USAGE;
    options_free(&options);
    return (int)status;
}
