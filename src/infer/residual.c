#include "infer/residual.h"

enum {
    MOST_STEPS = 24,      // along a skip, a trunk or the end of a branch
    MOST_NODES = 4096,    // of a branch
    VISITS_PER_NODE = 64, // of the whole search
    LEAST_WEIGHTS = 2,    // of a branch beside a projected skip ...
    MOST_WEIGHTS = 8      // ... and the most: more is another path, not a branch
};

#define NO_SUM SIZE_MAX

// A residual sum, the value its skip starts from, and the sum before it on the trunk.
typedef struct sum {
    const owi_node *node;
    const owi_value *start, *skip, *branch; // skip and branch are what is added
    bool normalised;                        // somewhere in the branch
    bool starts_segment;                    // a norm stands on the trunk in front of it
    size_t before;                          // number of the sum before, or NO_SUM
    size_t root, segment; // number of the first sum of its trunk, and of those without a norm
    size_t members, segment_members; // counted at the root
} sum;

typedef struct finder {
    owi_arena *arena;
    const owi_signals *signals;
    owi_residual *nodes;
    size_t *sum_at;    // by node index: number of the sum, or NO_SUM
    size_t *marked_by; // by node index: the sum whose branch it ends
    size_t *stamps;    // by node index: the search that saw it last
    size_t search, visits;
    const owi_node **queue;
    struct {
        sum *items;
        size_t count, capacity;
    } sums;
} finder;

static bool is_signal(const owi_value *value) {
    return value && value->depends_on_input;
}

static size_t place_of(const owi_value *value) {
    return value->producer ? value->producer->index + 1 : 0;
}

static bool is_weighted(const owi_node *node) {
    for (size_t i = 0; i < node->input_count; i++) {
        const owi_slot *slot = owi_slot_find(node->op->id, i);
        if (slot && slot->role <= OWI_ROLE_LINEAR_WEIGHT && node->inputs[i] &&
            !node->inputs[i]->depends_on_input) {
            return true;
        }
    }
    return false;
}

// A factor with more than one element that depends on no input: LayerScale and its like.
static bool has_learned_factor(const owi_node *node) {
    double constant;
    for (size_t i = 0; i < node->input_count && node->op->signal == OWI_SIGNAL_MUL; i++) {
        const owi_value *factor = node->inputs[i];
        if (factor && !factor->depends_on_input && !owi_known_scalar(factor, &constant) &&
            !(factor->ranked && owi_extent(factor->dims, 0, factor->rank) == 1)) {
            return true;
        }
    }
    return false;
}

// The only signal among the inputs, or NULL.
static const owi_value *only_signal(const owi_node *node) {
    const owi_value *found = NULL;
    for (size_t i = 0; i < node->input_count; i++) {
        if (is_signal(node->inputs[i])) {
            if (found && found != node->inputs[i]) {
                return NULL;
            }
            found = node->inputs[i];
        }
    }
    return found;
}

static bool is_gate(const finder *at, const owi_value *value) {
    owi_activation made_by = at->signals->before[value->index];
    return made_by == OWI_ACTIVATION_sigmoid || made_by == OWI_ACTIVATION_hard_sigmoid;
}

// The signal that a product carries on: the only one, or the one that a gate opens.
static const owi_value *carried(const finder *at, const owi_node *node) {
    const owi_value *a = owi_input(node, 0), *b = owi_input(node, 1);
    if (!is_signal(a) || !is_signal(b) || a == b) {
        return only_signal(node);
    }
    return is_gate(at, a) == is_gate(at, b) ? NULL : is_gate(at, a) ? b : a;
}

// What a value is made of by views, biases, factors and norms: one step back, or NULL.
static const owi_value *step_back(const finder *at, const owi_value *value, bool *normalised) {
    const owi_node *node = value->producer;
    const owi_idiom *idiom = node ? at->signals->idioms[node->index] : NULL;
    if (!node || value->output != 0) {
        return NULL;
    }
    *normalised |= owi_is_norm(at->signals, node);
    if (idiom && idiom->root == node) {
        return owi_is_norm(at->signals, node) ? idiom->x : NULL;
    }
    switch (node->op->signal) {
    case OWI_SIGNAL_PASS:
    case OWI_SIGNAL_NORM: return is_signal(owi_input(node, 0)) ? owi_input(node, 0) : NULL;
    case OWI_SIGNAL_MUL: return carried(at, node);
    case OWI_SIGNAL_ADD:
    case OWI_SIGNAL_DIV: return only_signal(node);
    default: return NULL;
    }
}

// ---- is it a residual sum?

// Walks from the branch's end back to where the skip starts: whether it gets there, and what
// stands between. `others` counts signals that come from further back.
typedef struct between {
    bool reached, normalised;
    size_t weights, others;
} between;

static between search(finder *at, const owi_value *start, const owi_value *end) {
    between found = {0};
    size_t from = place_of(start), count = 0, done = 0;
    at->search++;
    if (place_of(end) <= from) {
        return found;
    }
    at->queue[count++] = end->producer;
    at->stamps[end->producer->index] = at->search;
    for (; done < count && count < MOST_NODES && at->visits; done++, at->visits--) {
        const owi_node *node = at->queue[done];
        found.weights += is_weighted(node);
        found.normalised |= owi_is_norm(at->signals, node) || has_learned_factor(node);
        for (size_t i = 0; i < node->input_count; i++) {
            const owi_value *input = node->inputs[i];
            if (!is_signal(input)) {
                continue;
            }
            found.reached |= input == start;
            found.others += input != start && place_of(input) <= from;
            if (place_of(input) > from && at->stamps[input->producer->index] != at->search) {
                at->stamps[input->producer->index] = at->search;
                at->queue[count++] = input->producer;
                if (count == MOST_NODES) {
                    break;
                }
            }
        }
    }
    found.reached = found.reached && done == count;
    return found;
}

// A convolution on the skip (He et al. 2016, option B) is one where the branch holds more weights,
// and nothing but what the skip starts from.
static bool is_projected(const between *found) {
    return found->others == 0 && found->weights >= LEAST_WEIGHTS && found->weights <= MOST_WEIGHTS;
}

static bool is_branch(finder *at, const owi_value *skip, const owi_value *branch, sum *made) {
    bool projected = false, normalised = false;
    made->skip = skip;
    for (size_t step = 0; step < MOST_STEPS && skip; step++) {
        between found = {0};
        if (skip->uses.count > 1) { // else it leads to the sum alone
            found = search(at, skip, branch);
        }
        if (found.reached && found.weights && (!projected || is_projected(&found))) {
            made->start = skip;
            made->branch = branch;
            made->normalised = found.normalised;
            return true;
        }
        const owi_node *node = skip->producer;
        size_t earlier = node ? at->sum_at[node->index] : NO_SUM;
        const owi_value *next =
            // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): sum_at holds places in sums
            earlier != NO_SUM ? at->sums.items[earlier].start : step_back(at, skip, &normalised);
        if (!next && node && !projected && node->op->id == OWI_OP_Conv) {
            projected = true;
            next = owi_input(node, 0);
        }
        skip = next;
    }
    return false;
}

// Two signals are added; the sum may be fused with the norm behind it.
static bool summands(const owi_node *node, const owi_value *operands[2]) {
    bool fused = node->op->id == OWI_OP_SkipLayerNormalization ||
                 node->op->id == OWI_OP_SkipSimplifiedLayerNormalization;
    size_t count = 0;
    if (node->op->signal != OWI_SIGNAL_ADD && !fused) {
        return false;
    }
    for (size_t i = 0; i < node->input_count && i < (fused ? 2 : node->input_count); i++) {
        if (is_signal(node->inputs[i]) && count++ < 2) {
            operands[count - 1] = node->inputs[i];
        }
    }
    return count == 2 && operands[0] != operands[1];
}

// ---- trunks

// The sum whose output the skip continues, if any. Convolutions between the stages of a net belong
// to the trunk.
static void find_before(const finder *at, sum *made) {
    const owi_value *value = made->skip;
    made->before = NO_SUM;
    for (size_t step = 0; step < MOST_STEPS && value && value->producer; step++) {
        const owi_node *node = value->producer;
        size_t number = at->sum_at[node->index];
        if (number != NO_SUM) {
            bool fused = node->op->signal == OWI_SIGNAL_NORM && value->output == 0;
            made->before = number;
            made->starts_segment |= fused;
            return;
        }
        const owi_idiom *idiom = at->signals->idioms[node->index];
        const owi_value *next = step_back(at, value, &made->starts_segment);
        if (!next && idiom && idiom->root == node) {
            next = idiom->x;
        }
        if (!next && (node->op->signal >= OWI_SIGNAL_ACTIVATION || is_weighted(node))) {
            next = only_signal(node);
        }
        value = next;
    }
}

static void join_trunk(finder *at, size_t number) {
    sum *items = at->sums.items, *made = &items[number];
    bool first = made->before == NO_SUM;
    made->root = first ? number : items[made->before].root;
    made->segment = first || made->starts_segment ? number : items[made->before].segment;
    items[made->root].members++;
    items[made->segment].segment_members++;
}

// ---- ends of branches

static void mark(finder *at, const owi_value *value, size_t number, bool norm_behind,
                 size_t steps) {
    const owi_node *node = value ? value->producer : NULL;
    if (!node || steps == MOST_STEPS || place_of(value) <= place_of(at->sums.items[number].start)) {
        return;
    }
    owi_residual *residual = &at->nodes[node->index];
    const owi_value *back;
    bool normalised = false;
    if (is_weighted(node)) {
        residual->last_projection = true;
        residual->norm_behind = norm_behind;
        at->marked_by[node->index] = number;
        return;
    }
    if (node->op->signal == OWI_SIGNAL_ADD && !only_signal(node)) {
        for (size_t i = 0; i < node->input_count; i++) {
            mark(at, node->inputs[i], number, norm_behind, steps + MOST_STEPS / 4);
        }
        return;
    }
    bool scales = node->op->signal == OWI_SIGNAL_NORM || has_learned_factor(node);
    back = step_back(at, value, &normalised);
    bool of_norm = back && (node->op->signal == OWI_SIGNAL_NORM ||
                            at->signals->origin[back->index].kind == OWI_ORIGIN_NORM);
    if (scales && of_norm && !norm_behind) {
        residual->last_norm = true;
        at->marked_by[node->index] = number;
    }
    mark(at, back, number, norm_behind || normalised || (scales && of_norm), steps + 1);
}

static void examine(finder *at, const owi_node *node) {
    const owi_value *operands[2];
    sum made = {.node = node};
    if (at->signals->idioms[node->index] || !summands(node, operands) ||
        (!is_branch(at, operands[0], operands[1], &made) &&
         !is_branch(at, operands[1], operands[0], &made))) {
        return;
    }
    size_t number = at->sums.count;
    find_before(at, &made);
    *owi_push(at->arena, &at->sums) = made;
    at->sum_at[node->index] = number;
    join_trunk(at, number);
    mark(at, made.branch, number, false, 0);
}

owi_residuals owi_residuals_find(const owi_graph *graph, const owi_signals *signals) {
    owi_arena *arena = &graph->model->arena;
    size_t count = graph->nodes.count, norms = 0;
    finder at = {.arena = arena,
                 .signals = signals,
                 .nodes = owi_new(arena, owi_residual, count),
                 .sum_at = owi_new(arena, size_t, count),
                 .marked_by = owi_new(arena, size_t, count),
                 .stamps = owi_new(arena, size_t, count),
                 .visits = VISITS_PER_NODE * count,
                 .queue = owi_new(arena, const owi_node *, MOST_NODES)};
    for (size_t i = 0; i < count; i++) {
        at.sum_at[i] = at.marked_by[i] = NO_SUM;
    }
    for (size_t i = 0; i < count; i++) {
        const owi_node *node = graph->nodes.items[i];
        norms += owi_is_norm(signals, node);
        examine(&at, node);
    }
    for (size_t i = 0; i < count; i++) {
        if (at.marked_by[i] != NO_SUM) {
            const sum *made = &at.sums.items[at.marked_by[i]];
            at.nodes[i].normalised = made->normalised;
            at.nodes[i].count = at.sums.items[made->segment].segment_members;
            at.nodes[i].total = at.sums.items[made->root].members;
        }
    }
    return (owi_residuals){at.nodes, at.sums.count, norms};
}
