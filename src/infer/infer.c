#include "infer/infer.h"

#include "infer/features.h"

#include <string.h>

typedef struct inference {
    owi_arena *arena;
    owi_graph *graph;
    owi_facts facts;
    const bool *promoted;
    owi_reading reading;
} inference;

// The arrival that decides: the first of the most trusted role. A scalar in a slot that never
// holds a parameter is none, whatever else it does.
static const owi_arrival *decide(inference *at, owi_fact *fact, const owi_arrivals *arrivals) {
    const owi_arrival *deciding = NULL;
    fact->role = OWI_ROLE_UNKNOWN;
    fact->reason = arrivals->count ? "no use says what it is" : "nothing uses it";
    for (size_t i = 0; i < arrivals->count; i++) {
        const char *reason;
        owi_role role =
            owi_arrival_role(&at->facts.signals, fact->tensor, &arrivals->items[i], &reason);
        if (!deciding || role < fact->role) {
            fact->role = role;
            fact->reason = reason;
            deciding = &arrivals->items[i];
        }
    }
    return deciding;
}

static bool is_matrix(owi_role role) {
    return role <= OWI_ROLE_RNN_RECURRENT_WEIGHT || role == OWI_ROLE_EMBEDDING_WEIGHT ||
           role == OWI_ROLE_POSITION_EMBEDDING;
}

static const char *label_of(const owi_node *node) {
    return node->proto && node->proto->name && *node->proto->name ? node->proto->name
           : node->output_count && node->outputs[0]               ? node->outputs[0]->name
                                                                  : node->op->name;
}

static void name_ties(inference *at, owi_fact *fact, const owi_arrivals *arrivals) {
    const char **names = owi_new(at->arena, const char *, arrivals->count);
    fact->tied_role = OWI_ROLE_UNKNOWN;
    for (size_t i = 0; i < arrivals->count; i++) {
        const owi_arrival *arrival = &arrivals->items[i];
        const char *reason;
        owi_role role = owi_arrival_role(&at->facts.signals, fact->tensor, arrival, &reason);
        if (arrival->node == fact->node || role == OWI_ROLE_CONSTANT || role == OWI_ROLE_UNKNOWN) {
            continue;
        }
        bool listed = false;
        owi_spend(at->arena, OWI_COST_USE + fact->tied_count);
        for (size_t k = 0; k < fact->tied_count; k++) {
            listed |= strcmp(names[k], label_of(arrival->node)) == 0;
        }
        if (!listed) {
            names[fact->tied_count++] = label_of(arrival->node);
        }
        if (role != fact->role && is_matrix(role)) {
            fact->tied_role = role;
        }
    }
    fact->tied_with = names;
}

// Weight normalisation: this tensor stands for the norms of slices of another.
static void note_magnitude(owi_fact *fact, const owi_arrival *arrival) {
    const owi_tensor *source = owi_magnitude_source(arrival);
    const owi_view *view = &arrival->view;
    size_t axis = 0, varying = 0;
    if (!source || view->rank > source->rank) {
        return;
    }
    for (size_t i = 0; i < view->rank; i++) {
        if (view->dims[i] != 1) {
            axis = i + source->rank - view->rank;
            varying++;
        }
    }
    if (varying <= 1 && (uint64_t)source->dims[axis] == fact->tensor->elements) {
        fact->magnitude_of = source;
        fact->magnitude_axis = axis;
        fact->reason = "the magnitude of a normalised weight";
    }
}

static void describe(inference *at, owi_fact *fact, const owi_arrival *arrival) {
    const owi_signals *signals = &at->facts.signals;
    const owi_node *node = arrival->node;
    const owi_value *output = node->output_count ? node->outputs[0] : NULL;
    const owi_value *signal = owi_input(node, arrival->input == 0 ? 1 : 0);
    fact->node = node;
    fact->input = arrival->input;
    fact->path = arrival->path;
    fact->path_count = arrival->path_count;
    fact->residual = &at->facts.residuals.nodes[node->index];
    fact->factor = arrival->view.factor;
    if (fact->role == OWI_ROLE_LINEAR_WEIGHT) { // of Gemm and the fused products
        fact->factor *= owi_attribute_real(node, "alpha", 1);
    }
    fact->shift = arrival->view.shift;
    if (output && is_matrix(fact->role)) {
        fact->follow = signals->follow[output->index];
    }
    if (signal && is_matrix(fact->role)) {
        fact->before = signals->before[signal->index];
    }
    if (fact->role == OWI_ROLE_SCALE) {
        note_magnitude(fact, arrival);
    }
    if (fact->role == OWI_ROLE_LINEAR_WEIGHT || fact->role == OWI_ROLE_CONV_WEIGHT) {
        fact->output_unit = owi_is_output_unit(node);
        fact->attention = owi_is_attention_output(signals, node) ? "o"
                          : output ? owi_attention_part(signals, output)
                                   : NULL;
    }
}

static void infer_arrivals(inference *at, owi_tensor *tensor, const owi_arrivals *arrivals) {
    owi_fact *fact = owi_push(at->arena, &at->facts);
    *fact = (owi_fact){.tensor = tensor, .tied_role = OWI_ROLE_UNKNOWN, .factor = 1};
    const owi_arrival *deciding = decide(at, fact, arrivals);
    bool generated =
        tensor->carrier == OWI_CARRIER_CONSTANT_OF_SHAPE || tensor->carrier == OWI_CARRIER_RANDOM;
    if (generated && fact->role == OWI_ROLE_UNKNOWN) {
        fact->role = OWI_ROLE_CONSTANT;
        fact->reason = "made in the graph, and no slot says that it is a weight";
    }
    if (!deciding) {
        return;
    }
    describe(at, fact, deciding);
    if (fact->role == OWI_ROLE_UNKNOWN) {
        fact->copy_of = owi_copied_weight(tensor, deciding);
    }
    const char *structure = NULL;
    if (fact->role != OWI_ROLE_CONSTANT) {
        structure = owi_constant_by_uses(at->arena, &at->facts.signals, tensor, arrivals);
        structure = structure ? structure
                              : owi_evidence(at->graph->model, tensor, fact->role, &at->reading);
    }
    if (!structure && fact->role <= OWI_ROLE_POSITION_EMBEDDING && !tensor->has_data &&
        owi_name_suggests(tensor->name, OWI_SUGGESTS_BUFFER)) {
        fact->role = OWI_ROLE_UNKNOWN;
        fact->reason = "guessed from its name: a table that lost its values";
        return;
    }
    if (structure) {
        fact->role = OWI_ROLE_CONSTANT;
        fact->reason = structure;
        return;
    }
    owi_parts_find(at->arena, &at->facts.signals, fact, arrivals);
    name_ties(at, fact, arrivals);
}

// The name of a copy: the Identity output that it replaces, or the original's and its consumer's.
static const char *copy_name(inference *at, const owi_tensor *tensor, const owi_use *use) {
    const char *output = use->node->outputs[0] ? use->node->outputs[0]->name : "";
    return use->node->op->id == OWI_OP_Identity
               ? output
               : owi_arena_printf(at->arena, "%s__%s", tensor->name, output);
}

// The tensor that a class of uses gets in place of one that was merged by accident.
static owi_tensor *copy_for(inference *at, const owi_tensor *tensor, const size_t *classes,
                            size_t class) {
    const owi_uses *uses = &tensor->values[0]->uses;
    size_t count = 0;
    owi_spend(at->arena, uses->count);
    for (size_t i = 0; i < uses->count; i++) {
        count += classes[i] == class;
    }
    owi_use *taken = owi_new(at->arena, owi_use, count);
    owi_tensor *copy = owi_new(at->arena, owi_tensor, 1);
    *copy = *tensor;
    copy->carrier = OWI_CARRIER_COPY;
    copy->uses = taken;
    for (size_t i = 0; i < uses->count; i++) {
        if (classes[i] == class) {
            taken[copy->use_count++] = uses->items[i];
        }
    }
    copy->name = copy_name(at, tensor, &taken[0]);
    return copy;
}

static void infer_tensor(inference *at, owi_tensor *tensor) {
    owi_arrivals arrivals = owi_trace(at->arena, tensor);
    size_t class_count;
    const size_t *classes =
        owi_ties_split(at->arena, &at->facts.signals, tensor, &arrivals, &class_count);
    for (size_t class = 0; class < class_count; class ++) {
        owi_arrivals own = {0};
        for (size_t i = 0; i < arrivals.count; i++) {
            if (!classes || classes[arrivals.items[i].edge] == class) {
                *owi_push(at->arena, &own) = arrivals.items[i];
            }
        }
        owi_tensor *carrier = class ? copy_for(at, tensor, classes, class) : tensor;
        infer_arrivals(at, carrier, &own);
    }
}

static bool has_dims(const owi_value *value, const owi_tensor *tensor) {
    return value->ranked && value->rank == tensor->rank &&
           memcmp(value->dims, tensor->dims, tensor->rank * sizeof *tensor->dims) == 0;
}

// A graph input that is combined with signals larger than itself, or sits where rotary tables and
// masks do, but is no parameter: a buffer that lost its values. Data comes in whole batches.
static bool is_lost_buffer(const owi_fact *fact) {
    const owi_node *node = fact->node;
    bool combines =
        node && (node->op->signal == OWI_SIGNAL_ADD || node->op->signal == OWI_SIGNAL_MUL ||
                 node->op->signal == OWI_SIGNAL_DIV || node->op->signal == OWI_SIGNAL_SELECT);
    bool table = node && fact->role == OWI_ROLE_CONSTANT && node->op->signal == OWI_SIGNAL_PASS &&
                 node->op->shape == OWI_SHAPE_SAME; // RotaryEmbedding
    bool mask = combines && node->op->signal == OWI_SIGNAL_ADD && fact->role == OWI_ROLE_UNKNOWN;
    return fact->tensor->rank > 0 && (combines || table) &&
           (mask || !has_dims(node->outputs[0], fact->tensor));
}

static void infer_input(inference *at, owi_tensor *tensor, bool any_promoted) {
    bool promoted = at->promoted[tensor->values[0]->index];
    if (promoted || any_promoted) {
        infer_tensor(at, tensor);
        owi_fact *fact = &at->facts.items[at->facts.count - 1];
        // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): infer_tensor adds at least one
        fact->promoted = promoted;
        if (!promoted) {
            bool lost = is_lost_buffer(fact);
            fact->role = OWI_ROLE_CONSTANT;
            fact->reason = "stays a graph input";
            fact->warning = lost ? "looks like a buffer that lost its values (a mask or a table); "
                                   "it stays a graph input and must be fed"
                                 : NULL;
            if (!lost) {
                at->facts.count--; // a data input is no tensor of the file
            }
        }
    }
}

// A copy is what its original is.
static void settle_copies(owi_arena *arena, owi_facts *facts) {
    for (size_t i = 0; i < facts->count; i++) {
        owi_fact *fact = &facts->items[i];
        owi_spend(arena, fact->copy_of ? facts->count : 0);
        for (size_t k = 0; k < facts->count && fact->copy_of; k++) {
            const owi_fact *original = &facts->items[k];
            if (original->tensor == fact->copy_of) {
                fact->role = original->role;
                fact->follow = original->follow;
                fact->fan_in = original->fan_in;
                fact->fan_out = original->fan_out;
                fact->factor = original->factor;
                fact->part_count = 0;
                fact->reason = "the same weight, stored twice";
                fact->warning = "holds the values of another initializer; training unties them";
            }
        }
    }
}

// Reports embeddings whose output projection was stored a second time, transposed.
static void report_broken_ties(inference *at) {
    for (size_t i = 0; i < at->facts.count; i++) {
        owi_fact *table = &at->facts.items[i];
        for (size_t k = 0; table->role == OWI_ROLE_EMBEDDING_WEIGHT && k < at->facts.count; k++) {
            owi_fact *matrix = &at->facts.items[k];
            if (matrix->role == OWI_ROLE_LINEAR_WEIGHT && !matrix->warning &&
                owi_is_transposed_copy(at->graph->model, table->tensor, matrix->tensor,
                                       at->reading.values)) {
                matrix->warning = owi_arena_printf(
                    at->arena, "was tied to \"%s\" until the exporter stored it transposed",
                    owi_shown(at->arena, table->tensor->name));
            }
        }
    }
}

owi_facts owi_infer(owi_graph *graph, bool (*is_promoted)(void *context, const char *name),
                    void *context) {
    inference at = {.arena = &graph->model->arena, .graph = graph};
    at.reading.values = owi_new(at.arena, double, OWI_EVIDENCE_VALUES);
    at.promoted = owi_promote(graph, &at.reading, is_promoted, context);
    at.facts.has_gradients = owi_has_gradients(graph);
    at.facts.signals = owi_signals_trace(graph);
    at.facts.residuals = owi_residuals_find(graph, &at.facts.signals);
    bool any_promoted = false;
    for (size_t i = 0; i < graph->inputs.count; i++) {
        any_promoted |= at.promoted[graph->inputs.items[i]->index];
    }
    for (size_t i = 0; i < graph->tensors.count; i++) {
        owi_tensor *tensor = graph->tensors.items[i];
        if (!owi_dtype_trainable(tensor->dtype)) {
            continue;
        }
        if (tensor->carrier == OWI_CARRIER_INPUT) {
            infer_input(&at, tensor, any_promoted);
        } else {
            infer_tensor(&at, tensor);
        }
    }
    settle_copies(at.arena, &at.facts);
    owi_biases_join(at.arena, graph, &at.facts);
    report_broken_ties(&at);
    return at.facts;
}
