// parts.c: fans at the slot, and the parts of a packed tensor mapped back to where they are stored.
#include "infer/features.h"
#include "infer/infer.h"

#include <string.h>

typedef struct finder {
    owi_arena *arena;
    const owi_signals *signals;
    owi_fact *fact;
    struct {
        owi_fact_part *items;
        size_t count, capacity;
    } found;
    uint64_t covered; // elements
} finder;

static uint64_t size_of(const owi_box *box, size_t rank) {
    uint64_t size = 1;
    for (size_t i = 0; i < rank; i++) {
        size *= (uint64_t)box->extent[i];
    }
    return size;
}

static bool overlaps(const owi_box *a, const owi_box *b, size_t rank) {
    for (size_t i = 0; i < rank; i++) {
        if (a->offset[i] + a->extent[i] <= b->offset[i] ||
            b->offset[i] + b->extent[i] <= a->offset[i]) {
            return false;
        }
    }
    return true;
}

static void add_box(finder *at, const owi_part *part, const owi_box *box, owi_follow follow) {
    size_t rank = at->fact->tensor->rank;
    owi_spend(at->arena, OWI_COST_USE + at->found.count);
    for (size_t i = 0; i < at->found.count; i++) {
        if (overlaps(&at->found.items[i].box, box, rank)) {
            return; // seen by another use already
        }
    }
    *owi_push(at->arena, &at->found) =
        (owi_fact_part){part->label, *box, part->fan_in, part->fan_out, follow, part->forget};
    at->covered += size_of(box, rank);
}

static bool map_part(finder *at, const owi_arrival *arrival, const owi_part *part,
                     owi_follow follow) {
    const owi_tensor *tensor = at->fact->tensor;
    owi_box boxes[64];
    size_t count = owi_view_boxes(at->arena, &arrival->view, &part->box, tensor->rank, tensor->dims,
                                  boxes, sizeof boxes / sizeof *boxes);
    for (size_t i = 0; i < count && count != SIZE_MAX; i++) {
        add_box(at, part, &boxes[i], follow);
    }
    return count != SIZE_MAX;
}

// A weight whose output features are used apart falls into as many parts.
static owi_parts divide(finder *at, const owi_arrival *arrival, const owi_slot *slot,
                        owi_parts whole, owi_feature_ranges *ranges) {
    owi_parts parts = {0};
    const owi_node *node = arrival->node;
    size_t axis = owi_layout_feature_axis(slot, node, arrival->view.rank);
    *ranges = (owi_feature_ranges){0};
    if (whole.count == 1 && axis != SIZE_MAX && node->outputs[0]) {
        *ranges =
            owi_features_divide(at->arena, at->signals, node->outputs[0],
                                slot->layout == OWI_LAYOUT_CONV ? 1 : -1, arrival->view.dims[axis]);
    }
    for (size_t i = 0; i < ranges->count; i++) {
        const owi_feature_range *range = &ranges->items[i];
        size_t bytes = arrival->view.rank * sizeof(int64_t);
        int64_t *offset = owi_arena_alloc(at->arena, bytes);
        int64_t *extent = owi_arena_alloc(at->arena, bytes);
        memcpy(offset, whole.items[0].box.offset, bytes);
        memcpy(extent, whole.items[0].box.extent, bytes);
        offset[axis] = range->start;
        extent[axis] = range->length;
        owi_part part = whole.items[0];
        double share = (double)range->length / (double)arrival->view.dims[axis];
        part.label = range->label;
        part.box = (owi_box){offset, extent};
        part.fan_out = part.fan_out * share;
        *owi_push(at->arena, &parts) = part;
    }
    return ranges->count ? parts : whole;
}

static bool find_in(finder *at, const owi_arrival *arrival) {
    const owi_slot *slot = owi_slot_find(arrival->node->op->id, arrival->input);
    owi_feature_ranges ranges;
    owi_parts whole =
        owi_layout(at->arena, slot, arrival->node, arrival->view.rank, arrival->view.dims);
    owi_parts parts = divide(at, arrival, slot, whole, &ranges);
    owi_follow after = {0};
    if (arrival->node->outputs[0]) {
        after = at->signals->follow[arrival->node->outputs[0]->index];
    }
    for (size_t i = 0; i < parts.count; i++) {
        const owi_part *part = &parts.items[i];
        owi_follow follow = ranges.count ? ranges.items[i].follow : after;
        if (part->activation != OWI_ACTIVATION_COUNT) {
            follow = (owi_follow){.used = true, .activation = part->activation};
        }
        if (!map_part(at, arrival, part, follow)) {
            return false;
        }
    }
    return parts.count > 0;
}

// Where the slot's dims are not known (a batch of modulated kernels): those of the tensor as it is
// stored, without the leading ones that broadcast it.
static owi_parts layout_as_stored(finder *at, const owi_slot *slot, const owi_node *node) {
    const owi_tensor *tensor = at->fact->tensor;
    size_t spatial, skipped = 0;
    bool kernel = owi_attribute_integers(node, "kernel_shape", &spatial) != NULL;
    while (kernel && skipped < tensor->rank && tensor->dims[skipped] == 1 &&
           tensor->rank - skipped > spatial + 2) {
        skipped++;
    }
    const int64_t *dims = skipped ? tensor->dims + skipped : tensor->dims; // NULL for a scalar
    return owi_layout(at->arena, slot, node, tensor->rank - skipped, dims);
}

// The fact's own numbers are those of its first part; a tensor seen in ways that boxes cannot say
// is one part with the fans of its slot.
static void settle(finder *at, const owi_arrivals *arrivals, bool mapped) {
    owi_fact *fact = at->fact;
    if (!mapped || !at->found.count || at->covered != fact->tensor->elements) {
        const owi_arrival *first = arrivals->items, *last = first + arrivals->count - 1;
        while (first < last && (first->node != fact->node || first->input != fact->input)) {
            first++;
        }
        const owi_slot *slot = owi_slot_find(first->node->op->id, first->input);
        owi_parts parts =
            owi_layout(at->arena, slot, first->node, first->view.rank, first->view.dims);
        if (!parts.count) {
            parts = layout_as_stored(at, slot, first->node);
        }
        owi_view whole = owi_view_whole(at->arena, fact->tensor->rank, fact->tensor->dims);
        int64_t *zeros = owi_new(at->arena, int64_t, whole.rank);
        owi_fact_part only = {.box = {zeros, fact->tensor->dims}, .follow = fact->follow};
        only.fan_in = parts.count ? parts.items[0].fan_in : 0;
        only.fan_out = parts.count ? parts.items[0].fan_out : 0;
        at->found.count = 0;
        *owi_push(at->arena, &at->found) = only;
    }
    fact->parts = at->found.items;
    fact->part_count = at->found.count;
    fact->fan_in = at->found.items[0].fan_in;
    fact->fan_out = at->found.items[0].fan_out;
}

void owi_parts_find(owi_arena *arena, const owi_signals *signals, owi_fact *fact,
                    const owi_arrivals *arrivals) {
    finder at = {.arena = arena, .signals = signals, .fact = fact};
    bool mapped = true, any = false;
    for (size_t i = 0; i < arrivals->count; i++) {
        const owi_arrival *arrival = &arrivals->items[i];
        const owi_slot *slot = owi_slot_find(arrival->node->op->id, arrival->input);
        const char *reason;
        if (!slot || slot->layout == OWI_LAYOUT_VECTOR ||
            owi_arrival_role(signals, fact->tensor, arrival, &reason) != fact->role) {
            continue;
        }
        any = true;
        mapped = mapped && find_in(&at, arrival);
    }
    if (any) {
        settle(&at, arrivals, mapped);
    }
}
