#include "infer/features.h"

#include "graph/view.h"

#include <stdlib.h>

enum { MOST_STEPS = 24, MOST_VISITS = 256 };

typedef struct divider {
    owi_arena *arena;
    const owi_signals *signals;
    int64_t count; // features in all
    owi_feature_ranges ranges;
    size_t visits;
} divider;

// The features a view still shows, when they are one run of the whole.
static bool run_of(const divider *at, const owi_view *view, int64_t *start, int64_t *length) {
    int64_t all = at->count;
    owi_box boxes[2];
    int64_t *offset = owi_new(at->arena, int64_t, view->rank);
    int64_t *extent = owi_new(at->arena, int64_t, view->rank);
    if (view->piece_count != 1) {
        return false;
    }
    owi_view_axis *axes = owi_new(at->arena, owi_view_axis, view->rank);
    for (size_t i = 0; i < view->rank; i++) { // axes of the batch do not matter
        axes[i] = view->pieces[0].axes[i];
        if (axes[i].stride == 0) {
            axes[i].at = 0;
            axes[i].extent = 1;
        }
        offset[i] = axes[i].at;
        extent[i] = axes[i].extent;
    }
    owi_piece piece = {view->pieces[0].base, axes};
    owi_view bare = *view;
    bare.pieces = &piece;
    owi_box seen = {offset, extent};
    if (owi_view_boxes(at->arena, &bare, &seen, 1, &all, boxes, 2) != 1) {
        return false;
    }
    *start = boxes[0].offset[0];
    *length = boxes[0].extent[0];
    return true;
}

static void add_range(divider *at, const owi_value *value, int64_t start, int64_t length) {
    for (size_t i = 0; i < at->ranges.count; i++) {
        if (at->ranges.items[i].start == start && at->ranges.items[i].length == length) {
            return;
        }
    }
    *owi_push(at->arena, &at->ranges) = (owi_feature_range){
        owi_attention_part(at->signals, value), start, length, at->signals->follow[value->index]};
}

// Follows the features until they are cut; a cut ends the walk with a range.
static void walk(divider *at, const owi_value *value, const owi_view *view, size_t steps) {
    for (size_t i = 0; i < value->uses.count && at->visits < MOST_VISITS; i++, at->visits++) {
        const owi_node *node = value->uses.items[i].node;
        size_t input = value->uses.items[i].input;
        if (steps == MOST_STEPS || at->signals->idioms[node->index]) {
            continue;
        }
        bool passes = node->op->signal == OWI_SIGNAL_ADD && node->outputs[0] &&
                      node->outputs[0]->ranked && node->outputs[0]->rank == view->rank;
        passes |= node->op->signal == OWI_SIGNAL_NORM && input == 0;
        if (passes) { // a bias, a norm
            walk(at, node->outputs[0], view, steps + 1);
            continue;
        }
        for (size_t k = 0; k < node->output_count; k++) {
            owi_view seen;
            int64_t start, length;
            if (!node->outputs[k] || !owi_view_step(at->arena, view, node, input, k, &seen) ||
                !seen.exact) {
                continue;
            }
            if (run_of(at, &seen, &start, &length) && length < at->count) {
                add_range(at, node->outputs[k], start, length);
            } else {
                walk(at, node->outputs[k], &seen, steps + 1);
            }
        }
    }
}

static int by_start(const void *a, const void *b) {
    const owi_feature_range *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

owi_feature_ranges owi_features_divide(owi_arena *arena, const owi_signals *signals,
                                       const owi_value *value, int64_t axis, int64_t count) {
    divider at = {.arena = arena, .signals = signals, .count = count};
    owi_feature_ranges none = {0};
    int64_t feature = value->ranked ? owi_axis(axis, value->rank) : OWI_UNKNOWN;
    if (feature == OWI_UNKNOWN || count < 2) {
        return none;
    }
    owi_view_axis *axes = owi_new(arena, owi_view_axis, value->rank);
    int64_t *dims = owi_new(arena, int64_t, value->rank);
    for (size_t i = 0; i < value->rank; i++) {
        bool is_feature = i == (size_t)feature;
        dims[i] = is_feature ? count : value->dims[i];
        axes[i] = (owi_view_axis){0, dims[i], is_feature};
    }
    owi_piece piece = {0, axes};
    owi_view view = {value->rank, dims, &piece, 1, 1, 0, true};
    walk(&at, value, &view, 0);
    if (at.ranges.count < 2) {
        return none;
    }
    qsort(at.ranges.items, at.ranges.count, sizeof *at.ranges.items, by_start);
    int64_t end = 0;
    for (size_t i = 0; i < at.ranges.count; i++) {
        owi_feature_range *range = &at.ranges.items[i];
        if (range->start != end) {
            return none; // they overlap or leave something out: not a packed weight
        }
        end += range->length;
        range->label = range->label ? range->label : owi_arena_printf(arena, "%zu", i);
    }
    return end == count ? at.ranges : none;
}

// ---- attention

// Whether a softmax follows the value before anything else does.
static const char *side_of(const owi_signals *signals, const owi_node *product, size_t input) {
    const owi_value *output = product->outputs[0];
    if (output && signals->follow[output->index].activation == OWI_ACTIVATION_softmax) {
        return input == 0 ? "q" : "k";
    }
    const owi_value *other = owi_input(product, 1 - input);
    return other && signals->before[other->index] == OWI_ACTIVATION_softmax ? "v" : NULL;
}

static const char *attention_part(const owi_signals *signals, const owi_value *value, size_t steps,
                                  size_t *visits) {
    for (size_t i = 0; i < value->uses.count && steps < MOST_STEPS; i++) {
        if (++*visits > MOST_VISITS) {
            return NULL;
        }
        const owi_use *use = &value->uses.items[i];
        const owi_node *node = use->node;
        const owi_value *other = use->input < 2 ? owi_input(node, 1 - use->input) : NULL;
        const char *part = NULL;
        switch (node->op->signal) {
        case OWI_SIGNAL_PRODUCT:
            if (owi_is_signal(other)) {
                part = side_of(signals, node, use->input);
            }
            break;
        case OWI_SIGNAL_ATTENTION:
            part = use->input == 0 ? "q" : use->input == 1 ? "k" : use->input == 2 ? "v" : NULL;
            break;
        case OWI_SIGNAL_PASS:
        case OWI_SIGNAL_JOIN:
        case OWI_SIGNAL_ADD:
        case OWI_SIGNAL_MUL:
        case OWI_SIGNAL_DIV:
        case OWI_SIGNAL_LOOKUP:
            for (size_t k = 0; k < node->output_count && !part; k++) {
                part = node->outputs[k]
                           ? attention_part(signals, node->outputs[k], steps + 1, visits)
                           : NULL;
            }
            break;
        default: break;
        }
        if (part) {
            return part;
        }
    }
    return NULL;
}

const char *owi_attention_part(const owi_signals *signals, const owi_value *value) {
    size_t visits = 0;
    return attention_part(signals, value, 0, &visits);
}
