#include "model/share.h"

#include "model/meter.h"

#include <stdlib.h>

static bool is_whole(const owi_generator *generator, const owi_segment *segment) {
    return segment->kind == OWI_SEGMENT_FILL &&
           generator->is_whole(generator->context, segment->tensor);
}

owi_share owi_share_all(const owi_layout *layout) {
    return (owi_share){.end = layout->length};
}

// The multiple of OWI_STRETCH before which about `bytes` bytes lie that are written in blocks.
static uint64_t find(const owi_layout *layout, const owi_generator *generator, double bytes) {
    for (size_t i = 0; i < layout->count; i++) {
        const owi_segment *segment = &layout->segments[i];
        if (is_whole(generator, segment)) {
            continue;
        }
        if (bytes < (double)segment->length) {
            uint64_t offset = segment->output + (uint64_t)bytes;
            return offset - offset % OWI_STRETCH;
        }
        bytes -= (double)segment->length;
    }
    return layout->length;
}

// ---- tensors that are made as a whole ----

typedef struct task {
    size_t segment;
    double work;
} task;

static int compare(const void *left, const void *right) {
    const task *a = left, *b = right;
    if (a->work != b->work) {
        return a->work > b->work ? -1 : 1;
    }
    return a->segment < b->segment ? -1 : 1;
}

static unsigned least(const double *loads, unsigned count) {
    unsigned found = 0;
    for (unsigned i = 1; i < count; i++) {
        found = loads[i] < loads[found] ? i : found;
    }
    return found;
}

static const bool *assign(const owi_layout *layout, const owi_generator *generator, unsigned index,
                          unsigned count, owi_arena *arena) {
    bool *mine = owi_new(arena, bool, layout->count);
    task *tasks = owi_new(arena, task, layout->count);
    double *loads =
        owi_new(arena, double, count); // besides the blocks, which are shared out evenly
    size_t task_count = 0;
    for (size_t i = 0; i < layout->count; i++) {
        const owi_segment *segment = &layout->segments[i];
        if (is_whole(generator, segment)) {
            double operations = generator->work(generator->context, segment->tensor);
            tasks[task_count++] = (task){i, owi_meter_work(segment->length, operations)};
        }
    }
    if (task_count) {
        qsort(tasks, task_count, sizeof *tasks, compare);
    }
    for (size_t i = 0; i < task_count; i++) {
        unsigned to = least(loads, count);
        loads[to] += tasks[i].work;
        mine[tasks[i].segment] = to == index;
    }
    return mine;
}

owi_share owi_share_part(const owi_layout *layout, const owi_generator *generator, unsigned index,
                         unsigned count, owi_arena *arena) {
    double bytes = 0;
    for (size_t i = 0; i < layout->count; i++) {
        bytes += is_whole(generator, &layout->segments[i]) ? 0 : (double)layout->segments[i].length;
    }
    return (owi_share){
        .start = index ? find(layout, generator, bytes * index / count) : 0,
        .end = index + 1 == count ? layout->length
                                  : find(layout, generator, bytes * (index + 1) / count),
        .whole = assign(layout, generator, index, count, arena),
    };
}

void owi_share_measure(const owi_share *share, const owi_layout *layout,
                       const owi_generator *generator, uint64_t *bytes, double *operations) {
    for (size_t i = 0; i < layout->count; i++) {
        const owi_segment *segment = &layout->segments[i];
        uint64_t end = segment->output + segment->length;
        uint64_t from = segment->output > share->start ? segment->output : share->start;
        uint64_t to = end < share->end ? end : share->end;
        if (!is_whole(generator, segment)) {
            *bytes += to > from ? to - from : 0;
        } else if (!share->whole || share->whole[i]) {
            *bytes += segment->length;
            *operations += generator->work(generator->context, segment->tensor);
        }
    }
}
