// constants.c: tensors that all their uses together show to be constants, though each alone could
// be that of a parameter.
#include "infer/infer.h"

enum { MOST_STEPS = 6, MOST_VISITS = 64 };

typedef struct functions {
    bool sine, cosine, other;
} functions;

// What functions of each number a value reaches, through views, and sums and products with numbers.
static void find_functions(const owi_value *value, size_t steps, size_t *visits, functions *found) {
    for (size_t i = 0; value && i < value->uses.count; i++) {
        const owi_node *node = value->uses.items[i].node;
        double number;
        const owi_value *other = owi_input(node, 1 - (value->uses.items[i].input & 1));
        bool arithmetic = node->op->signal == OWI_SIGNAL_MUL ||
                          node->op->signal == OWI_SIGNAL_ADD || node->op->signal == OWI_SIGNAL_DIV;
        bool goes_on = node->op->signal == OWI_SIGNAL_PASS || node->op->signal == OWI_SIGNAL_JOIN ||
                       (arithmetic && owi_known_scalar(other, &number));
        if (node->op->signal == OWI_SIGNAL_SHAPE) {
            continue;
        }
        if (++*visits > MOST_VISITS || steps == MOST_STEPS) {
            found->other = true;
        } else if (node->op->id == OWI_OP_Sin) {
            found->sine = true;
        } else if (node->op->id == OWI_OP_Cos) {
            found->cosine = true;
        } else if (goes_on) {
            for (size_t k = 0; k < node->output_count; k++) {
                find_functions(node->outputs[k], steps + 1, visits, found);
            }
        } else {
            found->other = true;
        }
    }
}

// Sines and cosines of a signal times these numbers, and nothing else: the frequencies of a Fourier
// feature map (Tancik et al. 2020) or of a time or position embedding (Vaswani et al. 2017).
static bool are_frequencies(const owi_arrivals *arrivals, size_t *visits) {
    functions found = {false, false, false};
    for (size_t i = 0; i < arrivals->count; i++) {
        const owi_node *node = arrivals->items[i].node;
        bool product = node->op->signal == OWI_SIGNAL_MUL || node->op->signal == OWI_SIGNAL_PRODUCT;
        if (node->op->id == OWI_OP_Sin || node->op->id == OWI_OP_Cos) {
            found.sine |= node->op->id == OWI_OP_Sin;
            found.cosine |= node->op->id == OWI_OP_Cos;
        } else if (product) {
            find_functions(node->outputs[0], 0, visits, &found);
        } else {
            return false;
        }
    }
    return found.sine && found.cosine && !found.other;
}

// Whether a value is an input of the model, perhaps with something subtracted or divided by
// already.
static bool is_input(const owi_signals *signals, const owi_value *value) {
    for (size_t step = 0; step < MOST_STEPS && value && value->depends_on_input; step++) {
        if (signals->origin[value->index].kind == OWI_ORIGIN_INPUT) {
            return true;
        }
        bool moved = value->producer && value->producer->op->signal == OWI_SIGNAL_DIV &&
                     !owi_is_signal(owi_input(value->producer, 1));
        value = moved ? owi_input(value->producer, 0) : NULL;
    }
    return false;
}

// Subtracted from an input of the model or dividing it, one number for each channel.
static bool is_input_statistic(const owi_signals *signals, const owi_arrivals *arrivals) {
    for (size_t i = 0; i < arrivals->count; i++) {
        const owi_node *node = arrivals->items[i].node;
        size_t varying = 0;
        for (size_t k = 0; k < arrivals->items[i].view.rank; k++) {
            varying += arrivals->items[i].view.dims[k] != 1;
        }
        if (node->op->signal == OWI_SIGNAL_DIV && arrivals->items[i].input == 1 && varying < 2 &&
            is_input(signals, owi_input(node, 0))) {
            return true;
        }
    }
    return false;
}

// Zeros that a matrix is multiplied by: what a recurrent cell starts from.
static bool is_zero_state(const owi_tensor *tensor, const owi_arrivals *arrivals) {
    const owi_known *known = tensor->values[0]->known;
    bool zero = known && known->count == tensor->elements && known->reals;
    for (size_t i = 0; zero && i < known->count; i++) {
        zero = known->reals[i] == 0;
    }
    for (size_t i = 0; zero && i < arrivals->count; i++) {
        unsigned signal = arrivals->items[i].node->op->signal;
        zero = arrivals->items[i].input == 0 &&
               (signal == OWI_SIGNAL_PRODUCT || signal == OWI_SIGNAL_WEIGHTED) &&
               !owi_is_signal(owi_input(arrivals->items[i].node, 1));
    }
    return zero && arrivals->count > 0;
}

const char *owi_constant_by_uses(owi_arena *arena, const owi_signals *signals,
                                 const owi_tensor *tensor, const owi_arrivals *arrivals) {
    size_t visits = 0;
    const char *found = NULL;
    if (tensor->carrier == OWI_CARRIER_INITIALIZER && (!tensor->has_data || tensor->ours)) {
        return NULL; // what an export kept the values of; what it did not, is to be filled
    }
    if (are_frequencies(arrivals, &visits)) {
        found = "frequencies of sines and cosines";
    } else if (is_input_statistic(signals, arrivals)) {
        found = "the mean or spread of an input";
    } else if (is_zero_state(tensor, arrivals)) {
        found = "a state of zeros to start from";
    }
    owi_spend(arena, OWI_COST_USE * (visits + arrivals->count));
    return found;
}
