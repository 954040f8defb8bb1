#include "model/shards.h"

#include "model/meeting.h"

#include <string.h>

typedef struct sharding {
    owi_model *model;
    const owi_file *files;
    size_t count;
    const owi_generator *generator;
    const owi_save_options *options;
    owi_meeting meeting;
    owi_share shares[OWI_FILES_MOST];
    owi_meter meter;
} sharding;

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool takes_part(const sharding *work, size_t file) {
    return file == 0 || work->options->write->shard == 0;
}

// What a job under way has put in its place already is no older file.
static owi_status check_places(const sharding *work, owi_error *error) {
    const char *path = work->files[work->count - 1].path;
    bool fresh = !owi_meeting_read_line(&work->model->arena, path, "bytes ");
    for (size_t i = 0; i < work->count; i++) {
        bool last = i + 1 == work->count;
        if (last || fresh) {
            unsigned flags = work->options->write->flags & (last ? (unsigned)OWI_REPLACE : 0U);
            OWI_TRY(owi_output_check(work->model, work->files[i].path, flags, error));
        }
    }
    return OWI_OK;
}

// Everything that takes memory of the arena, and so comes before anything is open.
static owi_status prepare(sharding *work, const char *job, owi_error *error) {
    const owi_write_options *write = work->options->write;
    const owi_file *last = &work->files[work->count - 1];
    owi_arena *arena = &work->model->arena;
    double operations = 0;
    OWI_TRY(check_places(work, error));
    for (size_t i = 0; i < work->count; i++) {
        const owi_layout *layout = work->files[i].layout;
        work->shares[i] =
            i ? owi_share_all(layout)
              : owi_share_part(layout, work->generator, write->shard, write->shard_count, arena);
        if (takes_part(work, i)) {
            owi_share_measure(&work->shares[i], layout, work->generator, &work->meter.bytes_total,
                              &operations);
        }
    }
    work->meter.work_total = owi_meter_work(work->meter.bytes_total, operations);
    const char *text = owi_arena_printf(arena, "onnx-winit %s\nshards %u\n%sdata %s\n",
                                        owi_version(), write->shard_count, job,
                                        work->count > 1 ? name_of(work->files[0].path) : "");
    return owi_meeting_prepare(&work->meeting, arena, last->path, text, error);
}

static owi_status write_part(sharding *work, size_t file, owi_error *error) {
    owi_output output;
    OWI_TRY(owi_meeting_open_part(&work->meeting, file, &output, error));
    owi_status status = owi_output_allocate(&output, work->files[file].layout->length, error);
    if (status == OWI_OK) {
        owi_blocks blocks = {.model = work->model,
                             .layout = work->files[file].layout,
                             .generator = work->generator,
                             .output = &output,
                             .share = work->shares[file],
                             .window = work->options->window,
                             .threads = work->options->threads,
                             .meter = &work->meter};
        status = owi_blocks_write(&blocks, error);
    }
    if (status == OWI_OK) {
        status = owi_output_flush(&output, work->files[file].layout->length, error);
    }
    owi_output_close(&output);
    return status;
}

static owi_status write_shard(sharding *work, owi_error *error) {
    unsigned shard = work->options->write->shard;
    if (owi_meeting_is_done(&work->meeting, shard)) {
        return OWI_OK;
    }
    for (size_t i = 0; i < work->count; i++) {
        if (takes_part(work, i)) {
            OWI_TRY(write_part(work, i, error));
        }
    }
    return owi_meeting_mark_done(&work->meeting, shard, error);
}

static owi_status complete(sharding *work, owi_error *error) {
    unsigned count = work->options->write->shard_count;
    for (unsigned i = 0; i < count; i++) {
        if (!owi_meeting_is_done(&work->meeting, i)) {
            return OWI_OK;
        }
    }
    for (size_t i = 0; i < work->count; i++) {
        bool last = i + 1 == work->count;
        bool replace = last && work->options->write->flags & OWI_REPLACE;
        OWI_TRY(owi_meeting_place(&work->meeting, i, name_of(work->files[i].path), replace, error));
    }
    owi_meeting_remove(&work->meeting);
    return OWI_OK;
}

static owi_status save(sharding *work, owi_error *error) {
    OWI_TRY(owi_meeting_open(&work->meeting, error));
    OWI_TRY(write_shard(work, error));
    return complete(work, error);
}

owi_status owi_shards_save(owi_model *model, const owi_file *files, size_t count,
                           const owi_generator *generator, const owi_save_options *options,
                           const char *job, owi_error *error) {
    sharding work = {
        .model = model, .files = files, .count = count, .generator = generator, .options = options};
    owi_meter_begin(&work.meter, options->write);
    owi_status status = prepare(&work, job, error);
    if (status == OWI_OK) {
        status = save(&work, error);
    }
    owi_meeting_close(&work.meeting);
    owi_meter_end(&work.meter);
    return status;
}

const char *owi_shards_data_name(owi_arena *arena, const char *path) {
    return owi_meeting_read_line(arena, path, "data ");
}
