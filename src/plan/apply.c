// apply.c: the pipeline behind owi_plan_apply: what the plan means for the files, then write.
#define _GNU_SOURCE
#include "plan/apply.h"

#include "base/pool.h"
#include "fill/cpu.h"
#include "model/guard.h"
#include "model/shards.h"
#include "plan/job_text.h"
#include "plan/layouts.h"

#include <string.h>
#include <sys/stat.h>

static void make_range(void *context, size_t number, uint64_t offset, uint64_t length,
                       void *bytes) {
    const owi_filler *filler = &((const owi_plan *)context)->targets[number].filler;
    size_t size = owi_dtype_size(filler->dtype);
    owi_fill_range(filler, offset / size, length / size, bytes);
}

static bool is_whole(void *context, size_t number) {
    return owi_fill_is_whole(&((const owi_plan *)context)->targets[number].filler);
}

static owi_status make_whole(void *context, size_t number, unsigned threads, void *bytes,
                             owi_error *error) {
    return owi_fill_whole(&((const owi_plan *)context)->targets[number].filler, threads, bytes,
                          error);
}

static double work_of(void *context, size_t number) {
    return owi_fill_work(&((const owi_plan *)context)->targets[number].filler);
}

// ---- names ----

static bool is_taken(const char *path) {
    struct stat status;
    return lstat(path, &status) == 0;
}

// Of the data file. When an older model may be replaced, the name is one that no file has: the
// older model may refer to it.
static const char *choose_data_path(owi_arena *arena, const char *path, bool replace) {
    const char *data = owi_arena_printf(arena, "%s.data", path);
    for (unsigned number = 2; replace && is_taken(data); number++) {
        data = owi_arena_printf(arena, "%s.%u.data", path, number);
    }
    return data;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_same_folder(owi_model *model, const char *path) {
    size_t length = (size_t)(name_of(path) - path);
    const char *folder = length ? owi_arena_copy(&model->arena, path, length) : ".";
    struct stat ours, theirs;
    return *model->source.folder && stat(folder, &ours) == 0 &&
           stat(model->source.folder, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
           ours.st_ino == theirs.st_ino;
}

// ---- the pipeline ----

typedef struct applying {
    const owi_plan *plan;
    const char *path; // NULL: the sink takes the model
    owi_sink sink;
    void *sink_context;
    const char *data_path;
    const owi_write_options *options;
    const owi_apply_limits *limits;
    owi_layouts layouts;
    char job[OWI_JOB_LENGTH]; // of shards
} applying;

// A shard that joins a job takes the name that the job has: parts of it may be in their place.
static const char *data_path(const applying *work) {
    owi_arena *arena = &work->plan->model->arena;
    const char *name = work->options->shard_count ? owi_shards_data_name(arena, work->path) : NULL;
    return name ? owi_arena_printf(arena, "%.*s%s", (int)(name_of(work->path) - work->path),
                                   work->path, name)
                : choose_data_path(arena, work->path, work->options->flags & OWI_REPLACE);
}

static owi_status lay_out(applying *work, owi_error *error) {
    owi_layout_options options = {
        .form = work->options->external, .data_name = "", .limit = work->limits->message};
    if (work->path) {
        work->data_path = data_path(work);
        options.data_name = name_of(work->data_path);
        options.same_folder = is_same_folder(work->plan->model, work->path);
    }
    if (!work->path || owi_output_is_stream(work->path)) {
        options.form = OWI_EXTERNAL_NEVER;
    }
    return owi_layouts_make(work->plan, &options, &work->layouts, error);
}

static owi_status guarded_lay_out(applying *work, owi_error *error) {
    OWI_GUARD(&work->plan->model->arena, error);
    owi_status status = lay_out(work, error);
    OWI_UNGUARD(&work->plan->model->arena);
    return status;
}

static owi_status save_shard(const applying *work, const owi_file *files, size_t count,
                             const owi_generator *generator, const owi_save_options *how,
                             owi_error *error) {
    owi_model *model = work->plan->model;
    OWI_GUARD(&model->arena, error);
    owi_status status = owi_shards_save(model, files, count, generator, how, work->job, error);
    OWI_UNGUARD(&model->arena);
    return status;
}

static owi_status apply(applying *work, owi_error *error) {
    const owi_plan *plan = work->plan;
    const owi_write_options *options = work->options;
    if (options->shard_count && options->shard >= options->shard_count) {
        return owi_fail(error, OWI_USAGE, "shard %u of %u: the last is %u", options->shard,
                        options->shard_count, options->shard_count - 1);
    }
    OWI_TRY(owi_cpu_choose(options->cpu, error));
    OWI_TRY(guarded_lay_out(work, error));
    owi_generator generator = {(void *)plan, make_range, is_whole, make_whole, work_of};
    owi_save_options how = {.threads = options->threads ? options->threads : owi_processors(),
                            .window = work->limits->window,
                            .write = options,
                            .sink = work->sink,
                            .sink_context = work->sink_context};
    owi_file files[OWI_FILES_MOST] = {{work->data_path, &work->layouts.data},
                                      {work->path, &work->layouts.model}};
    if (options->shard_count) {
        OWI_TRY(owi_job_text(plan, &work->layouts, work->job, error));
    }
    size_t none = work->layouts.data.length ? 0 : 1;
    return options->shard_count
               ? save_shard(work, files + none, OWI_FILES_MOST - none, &generator, &how, error)
               : owi_save(plan->model, files + none, OWI_FILES_MOST - none, &generator, &how,
                          error);
}

owi_status owi_apply(const owi_plan *plan, const char *path, const owi_write_options *options,
                     const owi_apply_limits *limits, owi_error *error) {
    applying work = {.plan = plan, .path = path, .options = options, .limits = limits};
    return apply(&work, error);
}

static const owi_write_options defaults = OWI_WRITE_INIT;
static const owi_apply_limits usual = {OWI_LIMIT_MESSAGE, OWI_PAGE_WINDOW};

owi_status owi_plan_apply(const owi_plan *plan, const char *path, const owi_write_options *options,
                          owi_error *error) {
    return owi_apply(plan, path, options ? options : &defaults, &usual, error);
}

owi_status owi_plan_write(const owi_plan *plan, owi_sink sink, void *context,
                          const owi_write_options *options, owi_error *error) {
    applying work = {.plan = plan,
                     .sink = sink,
                     .sink_context = context,
                     .options = options ? options : &defaults,
                     .limits = &usual};
    return work.options->shard_count
               ? owi_fail(error, OWI_USAGE, "shards are parts of a file, not of a stream")
               : apply(&work, error);
}
