#define _GNU_SOURCE
#include "cli/write.h"

#include "cli/messages.h"
#include "cli/shard.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// ---- progress ----

typedef struct line {
    double start;
    bool shown;
} line;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

// One whose line can be written anew.
static bool is_terminal(void) {
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

static void show(void *context, const owi_progress *progress) {
    line *shown = context;
    double seconds = now() - shown->start;
    if (seconds < 1 || progress->share <= 0) {
        return;
    }
    double left = seconds * (1 - progress->share) / progress->share;
    bool long_left = left > 120, large = progress->bytes_total >= 1000000000;
    double unit = large ? 1e9 : 1e6, bytes = (double)progress->bytes / unit;
    fprintf(stderr, "\r%3.0f %%  %.1f of %.1f %s  %.2f %s/s  %.0f %s left\033[K",
            100 * progress->share, bytes, (double)progress->bytes_total / unit, large ? "GB" : "MB",
            bytes / seconds, large ? "GB" : "MB", long_left ? left / 60 : left,
            long_left ? "min" : "s");
    fflush(stderr);
    shown->shown = true;
}

static void clear(const line *shown) {
    if (shown->shown) {
        fputs("\r\033[K", stderr);
    }
}

// ---- options ----

static owi_external_form external_form(unsigned choice) {
    static const owi_external_form forms[] = {[EXTERNAL_AUTO] = OWI_EXTERNAL_AUTO,
                                              [EXTERNAL_ALWAYS] = OWI_EXTERNAL_ALWAYS,
                                              [EXTERNAL_NEVER] = OWI_EXTERNAL_NEVER};
    return choice ? forms[choice] : OWI_EXTERNAL_AUTO;
}

static bool take_shard(const cli *options, owi_write_options *how) {
    if (!options->shard || shard_parse(options->shard, &how->shard, &how->shard_count)) {
        return true;
    }
    print_error("--shard %s: expected K/N with K from 0 to N - 1, or auto in a job of mpirun or "
                "Slurm",
                options->shard);
    return false;
}

bool is_silent_shard(const cli *options) {
    unsigned shard = 0, count = 0;
    return options->shard && shard_parse(options->shard, &shard, &count) && shard > 0;
}

owi_status write_model(const cli *options, const owi_plan *plan, const char *output) {
    line shown = {.start = now()};
    owi_error error;
    owi_write_options how = {.flags = (options->force ? OWI_REPLACE : 0) |
                                      (options->fsync ? OWI_SYNC : 0),
                             .threads = (unsigned)options->threads,
                             .cpu = cpu_name(options->cpu),
                             .external = external_form(options->external),
                             .progress_context = &shown};
    if (!take_shard(options, &how)) {
        return OWI_USAGE;
    }
    if (is_terminal() && !options->quiet && how.shard == 0) {
        how.progress = show;
    }
    owi_status status = owi_plan_apply(plan, output, &how, &error);
    clear(&shown);
    return status == OWI_OK ? OWI_OK : print_failure(&error);
}
