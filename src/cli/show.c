#define _GNU_SOURCE
#include "cli/show.h"

#include "cli/checks.h"
#include "cli/files.h"
#include "cli/messages.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST_WARNINGS = 20 };

static bool wants_color(const cli *options) {
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    if (options->color == COLOR_ALWAYS || options->color == COLOR_NEVER) {
        return options->color == COLOR_ALWAYS;
    }
    return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0 && !(no_color && *no_color);
}

// As COLUMNS says, else the terminal; 0 where stdout is none.
static unsigned terminal_width(void) {
    enum { LEAST = 20, MOST = 10000 };
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    const long asked = columns ? strtol(columns, NULL, 10) : 0;
    if (asked >= LEAST && asked <= MOST) {
        return (unsigned)asked;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

owi_status close_stdout(owi_status status) {
    bool failed = ferror(stdout);
    if ((fflush(stdout) != 0 || failed) && status == OWI_OK) {
        if (errno != EPIPE) {
            print_error("standard output: %s", strerror(errno));
        }
        return OWI_SYSTEM;
    }
    return status;
}

owi_status print_report(const cli *options, const owi_plan *plan, const owi_audit *audit,
                        owi_format usual) {
    static const owi_format formats[] = {
        [FORMAT_TABLE] = OWI_TABLE, [FORMAT_JSON] = OWI_JSON, [FORMAT_CSV] = OWI_CSV};
    owi_report_options report = {.format = options->format ? formats[options->format] : usual,
                                 .width = terminal_width(),
                                 .all = options->verbose,
                                 .color = wants_color(options),
                                 .audit = audit};
    owi_error error;
    owi_status status = owi_report(plan, &report, stream_sink, stdout, &error);
    return status == OWI_OK || ferror(stdout) ? close_stdout(OWI_OK) : print_failure(&error);
}

owi_status write_one_report(const owi_plan *plan, const owi_audit *audit, const char *path) {
    owi_report_options report = {.audit = audit};
    report_format(path, &report.format);
    return write_report(plan, &report, path);
}

owi_status write_lists(const cli *options, const owi_plan *plan) {
    owi_report_options report = OWI_REPORT_INIT;
    if (!options->trainable) {
        return OWI_OK;
    }
    trainable_format(options->trainable, &report.format);
    return write_report(plan, &report, options->trainable);
}

owi_status write_reports(const cli *options, const owi_plan *plan, const owi_audit *audit) {
    owi_status status = OWI_OK;
    for (size_t i = 0; i < options->report.count && status == OWI_OK; i++) {
        status = write_one_report(plan, audit, options->report.items[i]);
    }
    return status == OWI_OK ? write_lists(options, plan) : status;
}

void print_warnings(const cli *options, const owi_plan *plan) {
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
