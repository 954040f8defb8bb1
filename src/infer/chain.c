#include "infer/chain.h"

#include <string.h>

enum { LONGEST_CHAIN = 24, MOST_STEPS = 256 };

typedef struct walker {
    owi_arena *arena;
    const owi_signals *signals;
    size_t most, steps;
    owi_chains found;
} walker;

static void end(walker *at, const char *chain) {
    for (size_t i = 0; i < at->found.count; i++) {
        if (strcmp(at->found.items[i], chain) == 0) {
            return;
        }
    }
    if (at->found.count < at->most) {
        *owi_push(at->arena, &at->found) = chain;
    } else {
        at->found.more = true;
    }
}

static const char *extend(walker *at, const char *chain, const char *link) {
    return owi_arena_printf(at->arena, "%s%s%s", chain, *chain ? " > " : "", link);
}

static bool is_signal(const owi_value *value) {
    return value && value->depends_on_input;
}

static size_t signals_into(const owi_node *node) {
    size_t count = 0;
    for (size_t i = 0; i < node->input_count; i++) {
        count += is_signal(node->inputs[i]);
    }
    return count;
}

static const char *name_of(owi_arena *arena, const owi_node *node) {
    bool foreign = node->op->id == OWI_OP_UNKNOWN && node->proto && node->proto->op_type;
    return foreign ? owi_arena_printf(arena, "%s", owi_shown(arena, node->proto->op_type))
                   : node->op->name;
}

static void walk(walker *at, const owi_value *value, const char *chain, size_t depth);

// Several nodes that are one activation or one norm.
static void pass_idiom(walker *at, const owi_idiom *idiom, const char *chain, size_t depth) {
    if (idiom->kind == OWI_IDIOM_ACTIVATION) {
        end(at, extend(at, chain,
                       owi_arena_printf(at->arena, "%s, written as several nodes",
                                        owi_activation_name(idiom->activation))));
    } else {
        walk(at, idiom->root->outputs[0], extend(at, chain, "a norm, written as several nodes"),
             depth + 1);
    }
}

static void pass_all(walker *at, const owi_node *node, const char *chain, size_t depth) {
    for (size_t i = 0; i < node->output_count; i++) {
        if (node->outputs[i] && (i == 0 || node->op->view == OWI_VIEW_SPLIT)) {
            walk(at, node->outputs[i], chain, depth + 1);
        }
    }
}

static void pass(walker *at, const owi_use *use, const char *chain, size_t depth) {
    const owi_node *node = use->node;
    const owi_idiom *idiom = at->signals->idioms[node->index];
    const char *name = name_of(at->arena, node);
    if (idiom && idiom->root->outputs[0] != node->inputs[use->input]) {
        pass_idiom(at, idiom, chain, depth);
        return;
    }
    bool two = signals_into(node) > 1;
    switch (node->op->signal) {
    case OWI_SIGNAL_SHAPE: return;
    case OWI_SIGNAL_PASS:
    case OWI_SIGNAL_LOOKUP:
        if (use->input == 0) { // a link is no op of the file
            pass_all(at, node, node->op->id == OWI_OP_Link ? chain : extend(at, chain, name),
                     depth);
        }
        return;
    case OWI_SIGNAL_SELECT:
        if (use->input > 0) {
            pass_all(at, node, extend(at, chain, name), depth);
        }
        return;
    case OWI_SIGNAL_JOIN:
    case OWI_SIGNAL_NORM: pass_all(at, node, extend(at, chain, name), depth); return;
    case OWI_SIGNAL_ADD:
        name = two ? owi_arena_printf(at->arena, "%s of another signal", name) : name;
        pass_all(at, node, extend(at, chain, name), depth + (two ? LONGEST_CHAIN / 2 : 0));
        return; // past the second sum of a residual stream there is nothing new
    case OWI_SIGNAL_MUL:
    case OWI_SIGNAL_DIV:
        if (!two) {
            pass_all(at, node, extend(at, chain, name), depth);
            return;
        }
        name = owi_arena_printf(at->arena, "%s of two signals: linear", name);
        break;
    default:
        name = node->op->signal >= OWI_SIGNAL_ACTIVATION
                   ? name
                   : owi_arena_printf(at->arena, "%s: linear", name);
    }
    end(at, extend(at, chain, name));
}

static void walk(walker *at, const owi_value *value, const char *chain, size_t depth) {
    if (depth >= LONGEST_CHAIN || ++at->steps > MOST_STEPS) {
        at->found.more = true;
        return;
    }
    for (size_t i = 0; i < value->uses.count && !at->found.more; i++) {
        owi_spend(at->arena, OWI_COST_USE + value->uses.items[i].node->input_count);
        pass(at, &value->uses.items[i], chain, depth);
    }
    if (value->is_output) {
        end(at, extend(at, chain, "output of the model"));
    }
}

owi_chains owi_chains_find(owi_arena *arena, const owi_signals *signals, const owi_value *output,
                           size_t most) {
    walker at = {.arena = arena, .signals = signals, .most = most};
    walk(&at, output, "", 0);
    return at.found;
}
