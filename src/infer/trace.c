#include "infer/trace.h"

#include <string.h>

typedef struct tracer {
    owi_arena *arena;
    owi_arrivals found;
    const char *path[OWI_LIMIT_PATH];
    size_t depth;
    size_t level, edge; // walks under way; the use of the tensor's value the first one follows
} tracer;

static void arrive(tracer *at, const owi_use *use, const owi_view *view) {
    const char **path = owi_new(at->arena, const char *, at->depth);
    if (at->depth) {
        memcpy(path, at->path, at->depth * sizeof *path);
    }
    *owi_push(at->arena, &at->found) =
        (owi_arrival){use->node, use->input, at->edge, *view, path, at->depth};
}

// Side by side with a signal, or added to one, a tensor has arrived: it is no longer itself.
static bool meets_signal(const owi_node *node) {
    for (size_t i = 0; i < node->input_count; i++) {
        if (node->inputs[i] && node->inputs[i]->depends_on_input) {
            return node->op->view == OWI_VIEW_CONCAT || node->op->view == OWI_VIEW_GATHER;
        }
    }
    return false;
}

static bool same_dims(const owi_value *value, const owi_view *view) {
    if (!value || !value->ranked || value->rank != view->rank) {
        return false;
    }
    for (size_t i = 0; i < view->rank; i++) {
        if (value->dims[i] != view->dims[i]) {
            return false;
        }
    }
    return true;
}

enum { MOST_STEPS = 12 };

// Whether the value is made into the kernel of a convolution.
static bool becomes_kernel(owi_arena *arena, const owi_value *value, size_t steps) {
    for (size_t i = 0; value && i < value->uses.count && steps < MOST_STEPS; i++) {
        owi_spend(arena, OWI_COST_USE);
        const owi_use *use = &value->uses.items[i];
        const owi_slot *slot = owi_slot_find(use->node->op->id, use->input);
        bool goes_on = use->node->op->signal == OWI_SIGNAL_PASS ||
                       use->node->op->signal == OWI_SIGNAL_MUL ||
                       (use->node->op->signal == OWI_SIGNAL_DIV && use->input == 0);
        if ((slot && slot->layout == OWI_LAYOUT_CONV) ||
            (goes_on && becomes_kernel(arena, use->node->outputs[0], steps + 1))) {
            return true;
        }
    }
    return false;
}

// Whether a weight is still itself behind a node made of parameters: multiplied, divided or centred
// by something smaller (weight and spectral normalisation, weight standardisation), something added
// (low-rank adapters, noise), or a function of each number. By weight normalisation the quotient
// may be multiplied by something as large: a kernel of one number.
static bool stays_weight(const owi_view *view, const owi_node *node, size_t input,
                         const owi_value *other) {
    const owi_node *made_by = owi_input(node, input)->producer;
    bool quotient = made_by && made_by->op->id == OWI_OP_Div; // v / ||v||, to meet the magnitude
    switch (node->op->signal) {
    case OWI_SIGNAL_MUL: return other && (!same_dims(other, view) || quotient);
    case OWI_SIGNAL_DIV: return other && input == 0;
    case OWI_SIGNAL_ADD: return other && other->producer;
    case OWI_SIGNAL_NORM: return input == 0; // weight standardisation
    default:
        return node->op->signal == OWI_SIGNAL_FUNCTION || node->op->signal >= OWI_SIGNAL_ACTIVATION;
    }
}

// A weight that is computed with on its way stays a weight; by styles, too, before it becomes a
// kernel (StyleGAN2).
static bool modulate(owi_arena *arena, const owi_view *view, const owi_node *node, size_t input,
                     owi_view *seen) {
    const owi_value *output = node->outputs[0];
    const owi_value *other = node->input_count == 2 ? owi_input(node, 1 - input) : NULL;
    *seen = *view;
    if (!output || view->rank < 2 || !owi_input(node, 0)) {
        return false;
    }
    if (!output->depends_on_input) {
        return output->becomes_weight && same_dims(output, view) &&
               stays_weight(view, node, input, other);
    }
    bool scaled =
        node->op->signal == OWI_SIGNAL_MUL || (node->op->signal == OWI_SIGNAL_DIV && input == 0);
    if (!scaled || !other) {
        return false;
    }
    if (other->depends_on_input && becomes_kernel(arena, output, 0)) {
        seen->exact = seen->exact && same_dims(output, view);
        seen->dims = output->ranked ? output->dims : view->dims;
        seen->rank = output->ranked ? output->rank : view->rank;
        return true;
    }
    return false;
}

static void walk(tracer *at, const owi_value *value, const owi_view *view) {
    for (size_t i = 0; i < value->uses.count && at->found.count < OWI_LIMIT_ARRIVALS; i++) {
        const owi_use *use = &value->uses.items[i];
        const owi_node *node = use->node;
        bool is_view = false;
        at->edge = at->level ? at->edge : i;
        owi_spend(at->arena, OWI_COST_USE + 8 * node->input_count);
        bool only_type = node->op->view == OWI_VIEW_IDENTITY && use->input > 0 &&
                         !owi_slot_find(node->op->id, use->input);
        if (node->op->signal == OWI_SIGNAL_SHAPE || only_type) {
            continue;
        }
        for (size_t k = 0; k < node->output_count && at->depth < OWI_LIMIT_PATH; k++) {
            owi_view seen;
            if (node->outputs[k] && !meets_signal(node) &&
                (owi_view_step(at->arena, view, node, use->input, k, &seen) ||
                 modulate(at->arena, view, node, use->input, &seen))) {
                is_view = true;
                bool is_op = node->op->id != OWI_OP_Link; // a link is no op of the file
                at->path[at->depth] = node->op->name;
                at->depth += is_op;
                at->level++;
                walk(at, node->outputs[k], &seen);
                at->level--;
                at->depth -= is_op;
            }
        }
        if (!is_view) {
            arrive(at, use, view);
        }
    }
}

owi_arrivals owi_trace(owi_arena *arena, const owi_tensor *tensor) {
    tracer at = {.arena = arena};
    owi_view whole = owi_view_whole(arena, tensor->rank, tensor->dims);
    for (size_t i = 0; i < tensor->value_count; i++) {
        walk(&at, tensor->values[i], &whole);
    }
    return at.found;
}
