#define _GNU_SOURCE
#include "model/save.h"

#include "base/pool.h"
#include "model/output.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// What a thread writes at once. Blocks start at multiples of it in the file, so on pages, and so
// does the buffer: the kernel copies whole pages.
enum { BLOCK = 1 << 20, PAGE = 4096 };

typedef struct job {
    const owi_model *model;
    const owi_layout *layout;
    const owi_generator *generator;
    const owi_output *output;
    unsigned threads;
    atomic_uint_fast64_t next; // block
    atomic_int failed;         // set by the thread whose error counts
    owi_error error;
} job;

static bool is_whole(const job *work, const owi_segment *segment) {
    return segment->kind == OWI_SEGMENT_FILL &&
           work->generator->is_whole(work->generator->context, segment->tensor);
}

// ---- making bytes ----

// Part of a tensor from any byte to any other, from parts that keep to the grain.
static void generate(const owi_generator *generator, const owi_segment *segment, uint64_t first,
                     uint64_t length, uint8_t *bytes) {
    while (length) {
        uint64_t lead = first % OWI_GRAIN, left = segment->length - first;
        uint64_t take = length - length % OWI_GRAIN;
        if (lead == 0 && (take || length == left)) {
            take = length == left ? length : take;
            generator->range(generator->context, segment->tensor, first, take, bytes);
        } else {
            uint8_t grain[OWI_GRAIN];
            uint64_t size = left + lead < OWI_GRAIN ? left + lead : OWI_GRAIN;
            take = length < size - lead ? length : size - lead;
            generator->range(generator->context, segment->tensor, first - lead, size, grain);
            memcpy(bytes, grain + lead, (size_t)take);
        }
        bytes += take;
        first += take;
        length -= take;
    }
}

static owi_status make(const job *work, const owi_segment *segment, uint64_t first, uint64_t length,
                       uint8_t *bytes, owi_error *error) {
    switch (segment->kind) {
    case OWI_SEGMENT_COPY:
        return owi_source_read(&work->model->source, segment->input + first, bytes, (size_t)length,
                               error);
    case OWI_SEGMENT_LITERAL:
        memcpy(bytes, segment->literal + first, (size_t)length);
        return OWI_OK;
    case OWI_SEGMENT_FILL:
        generate(work->generator, segment, first, length, bytes);
        return OWI_OK;
    }
    return OWI_OK;
}

// ---- block by block ----

// The segment that holds a byte of the output.
static size_t find(const owi_layout *layout, uint64_t offset) {
    size_t low = 0, high = layout->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (layout->segments[middle].output <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

// Writes bytes [start, end) of the output but for tensors that are made as a whole.
static owi_status write_block(const job *work, uint64_t start, uint64_t end, uint8_t *buffer,
                              owi_error *error) {
    uint64_t run = start; // first byte made and not yet written
    for (size_t i = find(work->layout, start); start < end; i++) {
        const owi_segment *segment = &work->layout->segments[i];
        uint64_t first = start - segment->output, left = segment->length - first;
        uint64_t length = left < end - start ? left : end - start;
        if (is_whole(work, segment)) {
            OWI_TRY(owi_output_write(work->output, run, buffer, (size_t)(start - run), error));
            run = start + length;
        } else {
            OWI_TRY(make(work, segment, first, length, buffer + (start - run), error));
        }
        start += length;
    }
    return owi_output_write(work->output, run, buffer, (size_t)(end - run), error);
}

static void report(job *work, const owi_error *error) {
    if (!atomic_exchange(&work->failed, 1)) {
        work->error = *error;
    }
}

static void write_blocks(void *context) {
    job *work = context;
    owi_error error;
    uint8_t *buffer = aligned_alloc(PAGE, BLOCK);
    if (!buffer) {
        owi_fail(&error, OWI_SYSTEM, "out of memory");
        report(work, &error);
        return;
    }
    while (!atomic_load(&work->failed)) {
        uint64_t start = atomic_fetch_add(&work->next, 1) * BLOCK;
        uint64_t left = start < work->layout->length ? work->layout->length - start : 0;
        if (left == 0) {
            break;
        }
        if (write_block(work, start, start + (left < BLOCK ? left : BLOCK), buffer, &error)) {
            report(work, &error);
        }
    }
    free(buffer);
}

static owi_status write_whole(const job *work, const owi_segment *segment, owi_error *error) {
    void *bytes = malloc((size_t)segment->length);
    if (!bytes) {
        return owi_fail(error, OWI_SYSTEM,
                        "%s: out of memory: a tensor of %" PRIu64 " bytes is made as a whole",
                        work->output->path, segment->length);
    }
    owi_status status = work->generator->whole(work->generator->context, segment->tensor,
                                               work->threads, bytes, error);
    if (status == OWI_OK) {
        status =
            owi_output_write(work->output, segment->output, bytes, (size_t)segment->length, error);
    }
    free(bytes);
    return status;
}

static owi_status write_parallel(job *work, owi_error *error) {
    uint64_t blocks = work->layout->length / BLOCK + 1;
    owi_parallel(work->threads < blocks ? work->threads : (unsigned)blocks, write_blocks, work);
    if (atomic_load(&work->failed)) {
        return owi_fail(error, work->error.status, "%s", work->error.text);
    }
    for (size_t i = 0; i < work->layout->count; i++) {
        if (is_whole(work, &work->layout->segments[i])) {
            OWI_TRY(write_whole(work, &work->layout->segments[i], error));
        }
    }
    return OWI_OK;
}

// A pipe takes everything in order.
static owi_status write_in_order(const job *work, owi_error *error) {
    uint8_t *buffer = malloc(BLOCK);
    owi_status status = buffer ? OWI_OK : owi_fail(error, OWI_SYSTEM, "out of memory");
    for (size_t i = 0; i < work->layout->count && status == OWI_OK; i++) {
        const owi_segment *segment = &work->layout->segments[i];
        if (is_whole(work, segment)) {
            status = write_whole(work, segment, error);
            continue;
        }
        for (uint64_t at = 0; at < segment->length && status == OWI_OK; at += BLOCK) {
            uint64_t left = segment->length - at, length = left < BLOCK ? left : BLOCK;
            status = make(work, segment, at, length, buffer, error);
            if (status == OWI_OK) {
                status = owi_output_write(work->output, 0, buffer, (size_t)length, error);
            }
        }
    }
    free(buffer);
    return status;
}

static owi_status write_all(owi_output *output, job *work, owi_error *error) {
    OWI_TRY(owi_output_allocate(output, work->layout->length, error));
    OWI_TRY(output->stream ? write_in_order(work, error) : write_parallel(work, error));
    return owi_output_commit(output, error);
}

owi_status owi_save(owi_model *model, const owi_layout *layout, const owi_generator *generator,
                    const owi_save_options *options, owi_error *error) {
    owi_output output;
    owi_status status = owi_output_open(&output, model, options->path, options->flags, error);
    if (status == OWI_OK) {
        job work = {.model = model,
                    .layout = layout,
                    .generator = generator,
                    .output = &output,
                    .threads = options->threads};
        status = write_all(&output, &work, error);
    }
    owi_output_close(&output);
    return status;
}
