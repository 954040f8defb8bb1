#include "model/save.h"

typedef struct saving {
    owi_model *model;
    const owi_file *files;
    size_t count;
    const owi_generator *generator;
    const owi_save_options *options;
    owi_output outputs[OWI_FILES_MOST];
    owi_meter meter;
} saving;

static owi_status open_all(saving *work, owi_error *error) {
    for (size_t i = 0; i < work->count; i++) {
        bool last = i + 1 == work->count;
        unsigned flags = work->options->write->flags & ~(last ? 0U : (unsigned)OWI_REPLACE);
        if (work->options->sink) {
            owi_output_to_sink(&work->outputs[i], work->options->sink, work->options->sink_context);
            continue;
        }
        OWI_TRY(owi_output_open(&work->outputs[i], work->model, work->files[i].path, flags, error));
    }
    for (size_t i = 0; i < work->count; i++) {
        // What an older file gives way to must be on the disk first.
        work->outputs[i].flush |= work->outputs[work->count - 1].replaces;
        OWI_TRY(owi_output_allocate(&work->outputs[i], work->files[i].layout->length, error));
    }
    return OWI_OK;
}

static owi_status write_all(saving *work, owi_error *error) {
    double operations = 0;
    owi_share shares[OWI_FILES_MOST];
    for (size_t i = 0; i < work->count; i++) {
        shares[i] = owi_share_all(work->files[i].layout);
        owi_share_measure(&shares[i], work->files[i].layout, work->generator,
                          &work->meter.bytes_total, &operations);
    }
    work->meter.work_total = owi_meter_work(work->meter.bytes_total, operations);
    for (size_t i = 0; i < work->count; i++) {
        owi_blocks blocks = {.model = work->model,
                             .layout = work->files[i].layout,
                             .generator = work->generator,
                             .output = &work->outputs[i],
                             .share = shares[i],
                             .window = work->options->window,
                             .threads = work->options->threads,
                             .meter = &work->meter};
        OWI_TRY(owi_blocks_write(&blocks, error));
    }
    return OWI_OK;
}

// What the last file would have referred to goes again when that one does not come.
static owi_status commit_all(saving *work, owi_error *error) {
    owi_status status = OWI_OK;
    for (size_t i = 0; i < work->count && status == OWI_OK; i++) {
        status = owi_output_finish(&work->outputs[i], error);
    }
    for (size_t i = 0; i < work->count && status == OWI_OK; i++) {
        bool last = i + 1 == work->count;
        for (size_t k = 0; last && k < i; k++) {
            owi_output_settle(&work->outputs[k]);
        }
        status = owi_output_commit(&work->outputs[i], last, error);
    }
    for (size_t i = 0; i < work->count && !work->outputs[work->count - 1].placed; i++) {
        owi_output_withdraw(&work->outputs[i]);
    }
    return status;
}

owi_status owi_save(owi_model *model, const owi_file *files, size_t count,
                    const owi_generator *generator, const owi_save_options *options,
                    owi_error *error) {
    saving work = {
        .model = model, .files = files, .count = count, .generator = generator, .options = options};
    for (size_t i = 0; i < count; i++) {
        work.outputs[i] = (owi_output){.folder = -1, .fd = -1, .unfinished = -1};
    }
    owi_meter_begin(&work.meter, options->write);
    owi_status status = open_all(&work, error);
    if (status == OWI_OK) {
        status = write_all(&work, error);
    }
    if (status == OWI_OK) {
        status = commit_all(&work, error);
    }
    owi_meter_end(&work.meter);
    for (size_t i = 0; i < count; i++) {
        owi_output_close(&work.outputs[i]);
    }
    return status;
}
