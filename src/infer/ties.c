// ties.c: one initializer, several uses. Two or more dimensions are a real tie: an embedding and an
// output projection, one layer used three times. A vector is a real tie only where its sites share
// a matrix too; else an exporter merged equal values, and training would move together what was
// never one. Different roles never share.
#include "infer/infer.h"

#include <string.h>

enum {
    MOST_STEPS = 8,
    MOST_STEPS_BACK = 16,
    MOST_LEVEL = 16, // values that are followed back at once
    MOST_NEAREST = 4,
    MOST_USES = 4096,
    MOST_COMPARED = 64
};

// The tensor behind an operand, through views.
static const owi_tensor *tensor_of(const owi_value *value) {
    for (size_t step = 0; step < MOST_STEPS && value && !value->tensor; step++) {
        bool view = value->producer && value->producer->op->view != OWI_VIEW_NONE;
        value = view ? owi_input(value->producer, 0) : NULL;
    }
    return value ? value->tensor : NULL;
}

const owi_tensor *owi_matrix_of(const owi_node *node) {
    for (size_t k = 1; node && k <= node->input_count; k++) { // the left operand last
        size_t i = k % node->input_count;
        const owi_slot *slot = owi_slot_find(node->op->id, i);
        const owi_value *input = owi_input(node, i);
        const owi_tensor *found =
            slot && slot->role <= OWI_ROLE_RNN_RECURRENT_WEIGHT && input && !input->depends_on_input
                ? tensor_of(input)
                : NULL;
        if (found) {
            return found;
        }
    }
    return NULL;
}

// The first weighted op a value goes into, through whatever keeps it what it is.
static const owi_node *next_weighted(owi_arena *arena, const owi_value *value) {
    for (size_t step = 0; step < MOST_STEPS && value; step++) {
        const owi_value *next = NULL;
        for (size_t i = 0; i < value->uses.count; i++) {
            const owi_node *node = value->uses.items[i].node;
            owi_spend(arena, OWI_COST_USE * (1 + node->input_count));
            if (owi_matrix_of(node)) {
                return node;
            }
            next = next ? next : node->output_count ? node->outputs[0] : NULL;
        }
        value = next;
    }
    return NULL;
}

// The matrices nearest to a place; those as near as the nearest one.
typedef struct matrices {
    const owi_tensor *items[MOST_NEAREST];
    size_t count;
} matrices;

static void add_matrix(matrices *found, const owi_tensor *matrix) {
    if (found->count < MOST_NEAREST) {
        found->items[found->count++] = matrix;
    }
}

// Those a signal came from, level by level.
static void find_before(owi_arena *arena, const owi_node *node, size_t except, matrices *found) {
    const owi_node *level[MOST_LEVEL] = {node}, *next[MOST_LEVEL];
    size_t count = 1;
    for (size_t step = 0; step < MOST_STEPS_BACK && count && !found->count; step++) {
        size_t next_count = 0;
        for (size_t i = 0; i < count; i++) {
            // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the first `count` are there
            for (size_t k = 0; k < level[i]->input_count; k++) {
                const owi_value *input = level[i]->inputs[k];
                owi_spend(arena, OWI_COST_USE);
                if (!input || !input->producer || (step == 0 && k == except)) {
                    continue;
                }
                const owi_tensor *matrix = owi_matrix_of(input->producer);
                if (matrix) {
                    add_matrix(found, matrix);
                } else if (next_count < MOST_LEVEL) {
                    next[next_count++] = input->producer;
                }
            }
        }
        memcpy(level, next, next_count * sizeof *next);
        count = next_count;
    }
}

static bool share(const matrices *a, const matrices *b) {
    for (size_t i = 0; i < a->count; i++) {
        for (size_t k = 0; k < b->count; k++) {
            if (a->items[i] == b->items[k]) {
                return true;
            }
        }
    }
    return false;
}

// What one use of the tensor's value is for, and the matrices around it. A norm between two
// matrices is another one than the norm behind both, so the sides are told apart.
typedef struct site {
    owi_role role; // UNKNOWN for a use that no role speaks for: it goes with the first
    const owi_tensor *own, *behind;
    matrices before;
} site;

static site site_at(owi_arena *arena, const owi_arrival *arrival, owi_role role) {
    const owi_node *node = arrival->node;
    site found = {.role = role, .own = owi_matrix_of(node)};
    find_before(arena, node, arrival->input, &found.before);
    found.behind = owi_matrix_of(next_weighted(arena, node->outputs[0]));
    return found;
}

static bool belong_together(const site *a, const site *b) {
    bool same = a->own || b->own
                    ? a->own == b->own
                    : share(&a->before, &b->before) || (a->behind && a->behind == b->behind);
    return a->role == b->role && same;
}

static site *find_sites(owi_arena *arena, const owi_signals *signals, const owi_tensor *tensor,
                        const owi_arrivals *arrivals, size_t uses) {
    site *sites = owi_new(arena, site, uses);
    for (size_t i = 0; i < uses; i++) {
        sites[i].role = OWI_ROLE_UNKNOWN;
    }
    for (size_t i = 0; i < arrivals->count; i++) {
        const owi_arrival *arrival = &arrivals->items[i];
        const char *reason;
        owi_role role = owi_arrival_role(signals, tensor, arrival, &reason);
        if (role < sites[arrival->edge].role) {
            sites[arrival->edge] = site_at(arena, arrival, role);
        }
    }
    return sites;
}

static bool is_vector(const owi_tensor *tensor) {
    size_t varying = 0;
    for (size_t i = 0; i < tensor->rank; i++) {
        varying += tensor->dims[i] != 1;
    }
    return varying < 2;
}

// Uses that see different parts of the tensor do not share anything.
static bool sees_all(const owi_tensor *tensor, const owi_arrivals *arrivals) {
    for (size_t i = 0; i < arrivals->count; i++) {
        const owi_view *view = &arrivals->items[i].view;
        uint64_t seen = view->piece_count ? 1 : 0;
        for (size_t k = 0; k < view->rank && seen; k++) {
            const owi_view_axis *axis = &view->pieces[0].axes[k];
            seen *= axis->stride ? (uint64_t)axis->extent : 1;
        }
        if (view->piece_count > 1 || (view->exact && seen != tensor->elements)) {
            return false;
        }
    }
    return true;
}

// A use gets another name by an edit of its node: a link is no node of the file, and a node of a
// function is one for all its calls.
static bool has_own_nodes(const owi_value *value) {
    for (size_t i = 0; i < value->uses.count; i++) {
        const owi_node *node = value->uses.items[i].node;
        if (!node->proto || node->call) {
            return false;
        }
    }
    return true;
}

const size_t *owi_ties_split(owi_arena *arena, const owi_signals *signals, const owi_tensor *tensor,
                             const owi_arrivals *arrivals, size_t *class_count) {
    size_t uses = tensor->value_count == 1 ? tensor->values[0]->uses.count : 0;
    *class_count = 1;
    if (uses < 2 || uses > MOST_USES || tensor->carrier != OWI_CARRIER_INITIALIZER ||
        tensor->elements < 2 || !is_vector(tensor) || !sees_all(tensor, arrivals) ||
        !has_own_nodes(tensor->values[0])) {
        return NULL;
    }
    const site *sites = find_sites(arena, signals, tensor, arrivals, uses);
    size_t *classes = owi_new(arena, size_t, uses);
    const site **first = owi_new(arena, const site *, uses); // of each class
    for (size_t k = 0; k < 2 * uses;
         k++) { // an Identity may give its name to a copy: it comes last
        const site *here = &sites[k % uses];
        bool renamed = tensor->values[0]->uses.items[k % uses].node->op->id == OWI_OP_Identity;
        if (here->role >= OWI_ROLE_CONSTANT || renamed != (k >= uses)) {
            continue;
        }
        size_t found = 0;
        while (found < *class_count && first[found] && !belong_together(first[found], here)) {
            found++;
        }
        first[found] = first[found] ? first[found] : here;
        *class_count = found < *class_count ? *class_count : found + 1;
        classes[k % uses] = found;
    }
    return *class_count > 1 ? classes : NULL;
}

bool owi_is_transposed_copy(const owi_model *model, const owi_tensor *table,
                            const owi_tensor *matrix, double *scratch) {
    if (!table->has_data || !matrix->has_data || !table->proto || !matrix->proto ||
        table->rank != 2 || matrix->rank != 2 || table->dims[0] != matrix->dims[1] ||
        table->dims[1] != matrix->dims[0] || table->dims[1] < 8) {
        return false;
    }
    size_t columns = (size_t)table->dims[1];
    columns = columns < MOST_COMPARED ? columns : MOST_COMPARED;
    if (!owi_tensor_read(model, table->proto, 0, columns, scratch)) {
        return false;
    }
    bool varies = false;
    for (size_t i = 0; i < columns; i++) {
        double other;
        uint64_t at = i * (uint64_t)matrix->dims[1];
        if (!owi_tensor_read(model, matrix->proto, at, 1, &other) || other != scratch[i]) {
            return false;
        }
        varies |= scratch[i] != scratch[0];
    }
    return varies;
}
