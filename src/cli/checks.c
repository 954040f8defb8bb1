#define _GNU_SOURCE
#include "cli/checks.h"

#include "cli/files.h"
#include "cli/messages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

typedef struct ending {
    const char *end;
    owi_format format;
} ending;

static const ending reports[] = {
    {".json", OWI_JSON}, {".csv", OWI_CSV}, {".md", OWI_MARKDOWN}, {".html", OWI_HTML}, {0}};
static const ending lists[] = {{".json", OWI_TRAINABLE}, {".txt", OWI_TRAINABLE_NAMES}, {0}};

static bool format_of(const char *path, const ending *endings, owi_format *format) {
    while (endings->end && !ends_with(path, endings->end)) {
        endings++;
    }
    *format = endings->format;
    return endings->end;
}

bool report_format(const char *path, owi_format *format) {
    return format_of(path, reports, format);
}

bool trainable_format(const char *path, owi_format *format) {
    return format_of(path, lists, format);
}

bool writes_to_stdout(const cli *options) {
    struct stat output, standard;
    return options->output &&
           (strcmp(options->output, "-") == 0 ||
            (stat(options->output, &output) == 0 && fstat(STDOUT_FILENO, &standard) == 0 &&
             output.st_dev == standard.st_dev && output.st_ino == standard.st_ino));
}

// The model as a stream: into a pipe, and alone.
static owi_status check_stdout(const cli *options) {
    struct stat standard;
    const char *problem = NULL;
    if (isatty(STDOUT_FILENO)) {
        problem = "a model is not written to a terminal";
    } else if (fstat(STDOUT_FILENO, &standard) == 0 && S_ISREG(standard.st_mode)) {
        problem = "standard output is a file; name it with -o instead";
    } else if (options->format) {
        problem = "standard output takes the model; --report takes the report";
    }
    if (problem) {
        print_error("-o %s: %s", options->output, problem);
    }
    return problem ? OWI_USAGE : OWI_OK;
}

// Whether the run reads the file; the output is compared with the model by who writes it.
static bool is_read(const cli *options, const char *path) {
    const char *const others[] = {options->preset, options->against, options->diff};
    bool read = false;
    for (size_t i = 0; i < options->rules.count; i++) {
        read = read || is_same_file(path, options->rules.items[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        read = read || (others[i] && access(others[i], F_OK) == 0 && is_same_file(path, others[i]));
    }
    return read;
}

static owi_status check_output(const cli *options) {
    struct stat status;
    if (writes_to_stdout(options)) {
        return check_stdout(options);
    }
    if (options->output && is_read(options, options->output)) {
        print_error("-o %s: would replace what is read", options->output);
        return OWI_USAGE;
    }
    if (options->output && !options->force && stat(options->output, &status) == 0 &&
        S_ISREG(status.st_mode) && !is_same_file(options->output, options->model)) {
        print_error("%s: exists; --force replaces it", options->output);
        return OWI_USAGE;
    }
    return OWI_OK;
}

// Whether a file that is to be written, the index-th of them, would replace another one.
static bool is_taken(const cli *options, const char *path, size_t index) {
    bool taken = is_same_file(path, options->model) ||
                 (options->output && is_same_file(path, options->output));
    for (size_t i = 0; i < index && i < options->report.count; i++) {
        taken = taken || is_same_file(path, options->report.items[i]);
    }
    return taken;
}

static owi_status check_report(const cli *options, const char *path, size_t index) {
    bool list = index == options->report.count; // --trainable comes behind the reports
    const char *option = list ? "trainable" : "report", *problem = NULL;
    owi_format format = OWI_TABLE;
    if (!(list ? trainable_format : report_format)(path, &format)) {
        problem = list ? "expected a name that ends in .json or .txt"
                       : "expected a name that ends in .json, .csv, .md or .html";
    } else if (is_taken(options, path, index)) {
        problem = "would replace the model, the output or another report";
    } else if (is_read(options, path)) {
        problem = "would replace what is read";
    }
    if (problem) {
        print_error("--%s %s: %s", option, path, problem);
    }
    return problem ? OWI_USAGE : OWI_OK;
}

owi_status check_files(const cli *options) {
    if (strcmp(options->model, "-") == 0 && isatty(STDIN_FILENO)) {
        print_error("-: a model is not read from a terminal");
        return OWI_USAGE;
    }
    owi_status status = check_output(options);
    size_t count = options->report.count;
    for (size_t i = 0; i < count && status == OWI_OK; i++) {
        status = check_report(options, options->report.items[i], i);
    }
    return status == OWI_OK && options->trainable ? check_report(options, options->trainable, count)
                                                  : status;
}

static owi_status check_unread(const owi_model *model, const char *option, const char *path) {
    if (path && owi_model_reads(model, path)) {
        print_error("--%s %s: holds values of the model", option, path);
        return OWI_USAGE;
    }
    return OWI_OK;
}

owi_status check_reports(const cli *options, const owi_model *model) {
    owi_status status = check_unread(model, "trainable", options->trainable);
    for (size_t i = 0; i < options->report.count && status == OWI_OK; i++) {
        status = check_unread(model, "report", options->report.items[i]);
    }
    return status;
}

owi_status check_profile(const char *profile) {
    enum { MOST_NAMES = 32 };
    const char *names[MOST_NAMES] = {NULL};
    char *text = NULL, *rest;
    size_t length, count = 0;
    FILE *stream = profile ? open_memstream(&text, &length) : NULL;
    if (!stream) {
        return OWI_OK;
    }
    owi_status listed = owi_list("profiles", stream_sink, stream, NULL);
    if (fclose(stream) != 0 || listed != OWI_OK || !text) {
        free(text);
        print_error("--profile %s: out of memory", profile);
        return OWI_SYSTEM;
    }
    bool known = false;
    strtok_r(text, "\n", &rest); // the heading
    for (char *line = strtok_r(NULL, "\n", &rest); line && count < MOST_NAMES - 1;
         line = strtok_r(NULL, "\n", &rest)) {
        line[strcspn(line, " ")] = '\0';
        known = known || strcmp(line, profile) == 0;
        names[count++] = line;
    }
    const char *near = owi_nearest_name(profile, names);
    if (!known) {
        print_error("--profile %s: not a profile; %s%s%s", profile,
                    near ? "did you mean " : "--list-profiles shows them", near ? near : "",
                    near ? "?" : "");
    }
    free(text);
    return known ? OWI_OK : OWI_USAGE;
}

owi_status check_strict(const cli *options, const owi_plan *plan) {
    const owi_summary *summary = owi_plan_summary(plan);
    size_t unknown = summary->unknown, unused = summary->unused_rules;
    if (!options->strict || (unknown == 0 && unused == 0)) {
        return OWI_OK;
    }
    if (unused) {
        print_error("%s: %s", options->model, summary->warnings[0]);
        return OWI_USAGE;
    }
    print_error("%s: %zu tensor%s of unknown role; \"onnx-winit plan\" names them", options->model,
                unknown, unknown == 1 ? "" : "s");
    return OWI_DEVIATION;
}
