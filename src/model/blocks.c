#define _GNU_SOURCE
#include "model/blocks.h"

#include "base/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// What a thread makes and writes at once: what fits its second-level cache, and less where that
// leaves threads without work or where touching fresh memory would take longer than filling it.
// Blocks start at multiples of it in the file, so on pages, and so does the buffer: the kernel
// copies whole pages.
enum { BLOCK = 1 << 20, SMALLEST_BLOCK = 128 << 10, BLOCKS_PER_THREAD = 4, PAGE = 4096 };

static size_t block_size(const owi_blocks *work) {
    uint64_t even = (work->share.end - work->share.start) / work->threads / BLOCKS_PER_THREAD;
    size_t block = SMALLEST_BLOCK;
    while (block < BLOCK && block < even) {
        block *= 2;
    }
    return block;
}

static bool is_whole(const owi_blocks *work, const owi_segment *segment) {
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

static owi_status make(const owi_blocks *work, const owi_segment *segment, uint64_t first,
                       uint64_t length, uint8_t *bytes, owi_error *error) {
    switch (segment->kind) {
    case OWI_SEGMENT_COPY:
        if (segment->external) {
            return owi_external_read(&work->model->source, segment->external, first, bytes,
                                     (size_t)length, error);
        }
        return owi_source_read(&work->model->source, segment->input + first, bytes, (size_t)length,
                               error);
    case OWI_SEGMENT_LITERAL:
        memcpy(bytes, segment->literal + first, (size_t)length);
        return OWI_OK;
    case OWI_SEGMENT_FILL: generate(work->generator, segment, first, length, bytes); return OWI_OK;
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
static owi_status write_block(const owi_blocks *work, uint64_t start, uint64_t end, uint8_t *buffer,
                              owi_error *error) {
    uint64_t run = start; // first byte made and not yet written
    uint64_t made = 0;
    for (size_t i = find(work->layout, start); start < end; i++) {
        const owi_segment *segment = &work->layout->segments[i];
        uint64_t first = start - segment->output, left = segment->length - first;
        uint64_t length = left < end - start ? left : end - start;
        if (is_whole(work, segment)) {
            OWI_TRY(owi_output_write(work->output, run, buffer, (size_t)(start - run), error));
            run = start + length;
        } else {
            OWI_TRY(make(work, segment, first, length, buffer + (start - run), error));
            made += length;
        }
        start += length;
    }
    OWI_TRY(owi_output_write(work->output, run, buffer, (size_t)(end - run), error));
    owi_meter_add(work->meter, made, 0);
    return OWI_OK;
}

// ---- the page cache ----

static bool is_windowed(const owi_blocks *work) {
    return !work->output->stream && work->layout->length >= work->window.from;
}

// What a file system does not know about this costs nothing but time. An error of the disk, though,
// is told once: a flush later on would know nothing of it.
static owi_status sync_range(const owi_blocks *work, off64_t start, off64_t length, unsigned flags,
                             owi_error *error) {
    if (sync_file_range(work->output->fd, start, length, flags) == 0 ||
        (errno != EIO && errno != ENOSPC && errno != EDQUOT)) {
        return OWI_OK;
    }
    return owi_fail(error, OWI_SYSTEM, "%s: cannot be written: %s", work->output->path,
                    strerror(errno));
}

// The stretch that was just written goes to the disk; the one `behind` it is there by now, and its
// pages are given back.
static owi_status move_window(const owi_blocks *work, uint64_t start, uint64_t end,
                              owi_error *error) {
    off64_t length = (off64_t)(end - start);
    OWI_TRY(sync_range(work, (off64_t)start, length, SYNC_FILE_RANGE_WRITE, error));
    if (start - work->share.start >= work->window.behind) {
        off64_t old = (off64_t)(start - work->window.behind);
        OWI_TRY(sync_range(work, old, length,
                           SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                               SYNC_FILE_RANGE_WAIT_AFTER,
                           error));
        posix_fadvise(work->output->fd, old, length, POSIX_FADV_DONTNEED);
    }
    return OWI_OK;
}

// ---- by several threads ----

typedef struct job {
    const owi_blocks *blocks;
    size_t block;
    bool windowed;
    atomic_uint_fast64_t next; // stretch
    atomic_int failed;         // set by the thread whose error counts
    owi_error error;
} job;

static void report(job *work, const owi_error *error) {
    if (!atomic_exchange(&work->failed, 1)) {
        work->error = *error;
    }
}

// Writes a stretch with one buffer of a block.
static owi_status write_stretch(const job *work, uint64_t start, uint64_t end, uint8_t *buffer,
                                owi_error *error) {
    for (uint64_t at = start, next; at < end; at = next) {
        next = end - at < work->block ? end : at + work->block;
        OWI_TRY(write_block(work->blocks, at, next, buffer, error));
    }
    return work->windowed ? move_window(work->blocks, start, end, error) : OWI_OK;
}

static void write_stretches(void *context) {
    job *work = context;
    const owi_share *share = &work->blocks->share;
    uint64_t stretch = work->windowed ? OWI_STRETCH : work->block;
    owi_error error;
    uint8_t *buffer = aligned_alloc(PAGE, work->block);
    if (!buffer) {
        owi_fail(&error, OWI_SYSTEM, "out of memory");
        report(work, &error);
        return;
    }
    while (!atomic_load(&work->failed)) {
        uint64_t start = share->start + atomic_fetch_add(&work->next, 1) * stretch;
        if (start >= share->end) {
            break;
        }
        uint64_t end = share->end - start < stretch ? share->end : start + stretch;
        if (write_stretch(work, start, end, buffer, &error)) {
            report(work, &error);
        }
    }
    free(buffer);
}

// ---- whole tensors ----

static owi_status write_made(const owi_blocks *work, const owi_segment *segment,
                             const uint8_t *bytes, owi_error *error) {
    for (uint64_t at = 0, length; at < segment->length; at += length) {
        length = segment->length - at < OWI_STRETCH ? segment->length - at : OWI_STRETCH;
        OWI_TRY(owi_output_write(work->output, segment->output + at, bytes + at, (size_t)length,
                                 error));
    }
    return OWI_OK;
}

static owi_status write_whole(const owi_blocks *work, const owi_segment *segment,
                              owi_error *error) {
    void *bytes = malloc((size_t)segment->length);
    if (!bytes) {
        return owi_fail(error, OWI_SYSTEM,
                        "%s: out of memory: a tensor of %" PRIu64 " bytes is made as a whole",
                        work->output->path, segment->length);
    }
    owi_status status = work->generator->whole(work->generator->context, segment->tensor,
                                               work->threads, bytes, error);
    if (status == OWI_OK) {
        status = write_made(work, segment, bytes, error);
    }
    free(bytes);
    owi_meter_add(work->meter, segment->length,
                  work->generator->work(work->generator->context, segment->tensor));
    return status;
}

static owi_status write_parallel(const owi_blocks *blocks, owi_error *error) {
    job work = {.blocks = blocks, .block = block_size(blocks), .windowed = is_windowed(blocks)};
    uint64_t count = (blocks->share.end - blocks->share.start) / BLOCK + 1; // worth a thread
    owi_parallel(blocks->threads < count ? blocks->threads : (unsigned)count, write_stretches,
                 &work);
    if (atomic_load(&work.failed)) {
        return owi_fail(error, work.error.status, "%s", work.error.text);
    }
    for (size_t i = 0; i < blocks->layout->count; i++) {
        const owi_segment *segment = &blocks->layout->segments[i];
        if (is_whole(blocks, segment) && (!blocks->share.whole || blocks->share.whole[i])) {
            OWI_TRY(write_whole(blocks, segment, error));
        }
    }
    return OWI_OK;
}

// A pipe takes everything in order.
static owi_status write_in_order(const owi_blocks *work, owi_error *error) {
    uint8_t *buffer = malloc(BLOCK);
    if (!buffer) {
        return owi_fail(error, OWI_SYSTEM, "out of memory");
    }
    owi_status status = OWI_OK;
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
                owi_meter_add(work->meter, length, 0);
            }
        }
    }
    free(buffer);
    return status;
}

owi_status owi_blocks_write(const owi_blocks *blocks, owi_error *error) {
    return blocks->output->stream ? write_in_order(blocks, error) : write_parallel(blocks, error);
}
