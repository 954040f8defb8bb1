#include "plan/explain.h"

#include "infer/chain.h"
#include "plan/rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_LINE = 2048, MOST_CHAINS = 4, MOST_ARRIVALS = 8 };

void owi_tell(owi_arena *arena, owi_lines *lines, const char *label, const char *format, ...) {
    char text[LONGEST_LINE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    *owi_push(arena, lines) = (owi_line){label, owi_arena_copy(arena, text, strlen(text))};
}

typedef struct teller {
    owi_arena *arena;
    const owi_planner *planner;
    const owi_fact *fact;
    const owi_row *row;
    const owi_arrival *deciding; // or NULL
    owi_lines lines;
} teller;

#define TELL(at, label, ...) owi_tell((at)->arena, &(at)->lines, label, __VA_ARGS__)

static const char *operator_of(owi_arena *arena, const owi_node *node) {
    bool foreign = node->op->id == OWI_OP_UNKNOWN && node->proto && node->proto->op_type;
    return foreign ? owi_shown(arena, node->proto->op_type) : node->op->name;
}

static const char *node_of(owi_arena *arena, const owi_node *node) {
    const char *name = node->proto && node->proto->name ? node->proto->name : "";
    const char *made = node->output_count && node->outputs[0] ? node->outputs[0]->name : "";
    return *name ? owi_arena_printf(arena, "%s \"%s\"", operator_of(arena, node),
                                    owi_shown(arena, name))
                 : owi_arena_printf(arena, "%s that makes \"%s\"", operator_of(arena, node),
                                    owi_shown(arena, made));
}

const char *owi_explain_dims(owi_arena *arena, const int64_t *dims, size_t rank) {
    const char *text = rank ? "" : "scalar";
    for (size_t i = 0; i < rank; i++) {
        const char *between = i ? "x" : "";
        text = dims[i] == OWI_UNKNOWN
                   ? owi_arena_printf(arena, "%s%s?", text, between)
                   : owi_arena_printf(arena, "%s%s%" PRId64, text, between, dims[i]);
    }
    return text;
}

static void tell_tensor(teller *at) {
    const owi_row *row = at->row;
    const char *data = at->fact->tensor->has_data ? "with values" : "without values";
    bool stored = at->fact->tensor->carrier == OWI_CARRIER_INITIALIZER ||
                  at->fact->tensor->carrier == OWI_CARRIER_CONSTANT;
    TELL(at, "tensor", "%s, %s %s of %s%s%s", owi_shown(at->arena, row->name),
         owi_explain_dims(at->arena, row->shape, row->rank), row->dtype,
         owi_escaped(at->arena, row->graph), stored ? ", " : ", carried by ",
         stored ? data : row->carrier);
}

// ---- where it goes

static bool takes(const owi_tensor *copy, const owi_use *use) {
    for (size_t i = 0; i < copy->use_count; i++) {
        if (copy->uses[i].node == use->node && copy->uses[i].input == use->input) {
            return true;
        }
    }
    return false;
}

// Whether the arrival is this tensor's: copies take over uses of what they were copied from.
static bool is_own(const teller *at, const owi_arrival *arrival) {
    const owi_tensor *tensor = at->fact->tensor;
    const owi_use *use = &tensor->values[0]->uses.items[arrival->edge];
    if (tensor->carrier == OWI_CARRIER_COPY) {
        return takes(tensor, use);
    }
    for (size_t i = 0; i < at->planner->facts.count; i++) {
        const owi_tensor *other = at->planner->facts.items[i].tensor;
        if (other->carrier == OWI_CARRIER_COPY && other->values == tensor->values &&
            takes(other, use)) {
            return false;
        }
    }
    return true;
}

static const char *path_of(owi_arena *arena, const owi_arrival *arrival) {
    const char *text = "";
    for (size_t i = 0; i < arrival->path_count; i++) {
        text = owi_arena_printf(arena, "%s%s > ", text, arrival->path[i]);
    }
    return owi_arena_printf(arena, "%s%s, input %zu", text, node_of(arena, arrival->node),
                            arrival->input);
}

// Whether the slot table says it, or the company that the tensor keeps.
static const char *source_of(const owi_arrival *arrival) {
    return owi_slot_find(arrival->node->op->id, arrival->input) ? " (tables/slots.def)" : "";
}

static owi_role role_of(const teller *at, const owi_arrival *arrival, const char **why) {
    return owi_arrival_role(&at->planner->facts.signals, at->fact->tensor, arrival, why);
}

// The arrival that decided comes first; the others are what was considered, too.
static void tell_arrivals(teller *at, const owi_arrivals *all) {
    size_t others = 0;
    const char *why;
    if (!at->deciding) {
        TELL(at, "goes to", "nowhere: no node uses it");
        return;
    }
    TELL(at, "goes to", "%s", path_of(at->arena, at->deciding));
    for (size_t i = 0; i < all->count; i++) {
        const owi_arrival *arrival = &all->items[i];
        bool again = arrival->node == at->fact->node && arrival->input == at->fact->input;
        if (again || !is_own(at, arrival)) {
            continue;
        }
        if (others++ < MOST_ARRIVALS) {
            owi_role role = role_of(at, arrival, &why);
            TELL(at, "and to", "%s: %s, %s%s", path_of(at->arena, arrival), owi_role_name(role),
                 why, source_of(arrival));
        }
    }
    if (others > MOST_ARRIVALS) {
        TELL(at, "", "and to %zu more inputs", others - MOST_ARRIVALS);
    }
}

static void tell_role(teller *at) {
    const owi_fact *fact = at->fact;
    const char *why = fact->reason;
    owi_role first = at->deciding ? role_of(at, at->deciding, &why) : fact->role;
    TELL(at, "role", "%s: %s%s", at->row->role, fact->reason,
         at->deciding && first == fact->role ? source_of(at->deciding) : "");
    if (first != fact->role) {
        TELL(at, "", "by its place %s (%s%s), but that is rejected", owi_role_name(first), why,
             source_of(at->deciding));
    }
    if (fact->tied_role != OWI_ROLE_UNKNOWN) {
        TELL(at, "", "tied: also %s; the smaller spread of both is taken",
             owi_role_name(fact->tied_role));
    }
    if (fact->copy_of) {
        TELL(at, "", "filled like \"%s\", whose values it holds",
             owi_shown(at->arena, fact->copy_of->name));
    }
    if (fact->magnitude_of) {
        TELL(at, "", "it scales \"%s\"", owi_shown(at->arena, fact->magnitude_of->name));
    }
}

static void tell_signal(teller *at) {
    const owi_fact *fact = at->fact;
    bool has_signal = fact->node && fact->node->output_count && fact->part_count;
    if (!has_signal) {
        return;
    }
    if (fact->node->op->signal == OWI_SIGNAL_RECURRENT) {
        TELL(at, "activation", "%s: the gate's own", at->row->activation);
        return;
    }
    owi_chains chains = owi_chains_find(at->arena, &at->planner->facts.signals,
                                        fact->node->outputs[0], MOST_CHAINS);
    for (size_t i = 0; i < chains.count; i++) {
        TELL(at, i ? "" : "then", "%s", chains.items[i]);
    }
    if (chains.more) {
        TELL(at, "", "and other ways");
    }
    TELL(at, "activation", "%s%s%s", at->row->activation,
         fact->follow.normalised ? "; a norm stands between, so the gain is immaterial" : "",
         fact->before != OWI_ACTIVATION_none
             ? owi_arena_printf(at->arena, "; %s made the op's input", at->row->activation_before)
             : "");
}

// ---- the rest

static void tell_training(teller *at) {
    static const char *const lists[] = {
        [OWI_TRAINING_NONE] = "in neither list of --trainable",
        [OWI_TRAINING_GRADIENT] = "in requires_grad",
        [OWI_TRAINING_FROZEN] = "in frozen_params",
    };
    TELL(at, "training", "%s", lists[at->row->training]);
    for (size_t i = 0; i < at->row->warning_count; i++) {
        TELL(at, "warning", "%s", owi_escaped(at->arena, at->row->warnings[i]));
    }
}

static const owi_arrival *find_deciding(const teller *at, const owi_arrivals *all) {
    for (size_t i = 0; i < all->count; i++) {
        const owi_arrival *arrival = &all->items[i];
        if (arrival->node == at->fact->node && arrival->input == at->fact->input &&
            is_own(at, arrival)) {
            return arrival;
        }
    }
    return NULL;
}

owi_lines owi_explain_row(const owi_plan *plan, size_t row) {
    const owi_planner *planner = plan->planner;
    teller at = {.arena = planner->arena,
                 .planner = planner,
                 .fact = plan->targets[row].fact,
                 .row = &plan->rows[row]};
    owi_arrivals all = owi_trace(at.arena, at.fact->tensor);
    at.deciding = find_deciding(&at, &all);
    tell_tensor(&at);
    tell_arrivals(&at, &all);
    tell_role(&at);
    tell_signal(&at);
    owi_explain_numbers(planner, at.fact, at.row, at.deciding ? at.deciding->view.dims : NULL,
                        at.deciding ? at.deciding->view.rank : 0, &at.lines);
    owi_explain_rules(planner, at.fact, &at.lines);
    TELL(&at, at.row->fill ? "filled" : "kept", "%s", owi_escaped(at.arena, at.row->reason));
    tell_training(&at);
    return at.lines;
}
