// role.c: the role of one arrival.
#include "infer/infer.h"

static const owi_value *signal_operand(const owi_arrival *arrival) {
    const owi_value *other = owi_input(arrival->node, arrival->input == 0 ? 1 : 0);
    return owi_is_signal(other) ? other : NULL;
}

static bool all_are(const owi_known *known, double number) {
    for (size_t i = 0; i < known->count; i++) {
        if (!known->reals || known->reals[i] != number) {
            return false;
        }
    }
    return true;
}

static bool has_learned_factor(const owi_node *node) {
    const owi_value *output = node->outputs[0];
    for (size_t i = 0; output && i < output->uses.count; i++) {
        const owi_use *use = &output->uses.items[i];
        const owi_value *other = owi_input(use->node, use->input == 0 ? 1 : 0);
        if (use->node->op->signal == OWI_SIGNAL_MUL && other && !other->depends_on_input) {
            return true;
        }
    }
    return false;
}

// Scale and shift of a norm without learned ones are constants: all one, all zero, in a Constant
// node; or inside GroupNorm written by InstanceNormalization, whose factor comes after.
static bool is_affine_free(const owi_signals *signals, const owi_tensor *tensor,
                           const owi_arrival *arrival, owi_role role) {
    if (tensor->ours) {
        return false; // a constant would not have been filled
    }
    const owi_known *known = tensor->values[0]->known;
    bool plain = known && all_are(known, role == OWI_ROLE_NORM_SCALE ? 1 : 0);
    const owi_idiom *idiom = signals->idioms[arrival->node->index];
    if (idiom && idiom->kind == OWI_IDIOM_NORM && idiom->root != arrival->node) {
        return (plain || !tensor->has_data) && has_learned_factor(idiom->root);
    }
    return plain && tensor->carrier == OWI_CARRIER_CONSTANT;
}

// A table whose rows are chosen by the shape of the input, not by its contents, holds positions.
static owi_role in_table(const owi_arrival *arrival, const char **reason) {
    const owi_value *indices = owi_input(arrival->node, 1);
    *reason = "a table whose rows are looked up";
    if (indices && !indices->depends_on_input) {
        *reason = "a table whose rows are looked up by position";
        return OWI_ROLE_POSITION_EMBEDDING;
    }
    return OWI_ROLE_EMBEDDING_WEIGHT;
}

owi_role owi_entering_role(const owi_tensor *tensor, const char **reason) {
    bool table = tensor->rank == 2 && tensor->dims[0] > 1 && tensor->dims[1] > 1 &&
                 tensor->carrier != OWI_CARRIER_INPUT;
    *reason = table ? "a table whose rows enter as signals" : "enters as a signal";
    return table ? OWI_ROLE_POSITION_EMBEDDING : OWI_ROLE_PARAMETER;
}

static owi_role in_matrix_slot(const owi_tensor *tensor, const owi_arrival *arrival,
                               const char **reason) {
    bool generated =
        tensor->carrier == OWI_CARRIER_CONSTANT_OF_SHAPE || tensor->carrier == OWI_CARRIER_RANDOM;
    const owi_value *output = arrival->node->outputs[0];
    if (arrival->view.rank == 1 && output && !output->depends_on_input) {
        *reason = "a vector in arithmetic among parameters";
        return OWI_ROLE_CONSTANT;
    }
    const owi_value *other = owi_input(arrival->node, arrival->input == 0 ? 1 : 0);
    if (output && !output->depends_on_input && other && other->ranked && other->rank == 1) {
        *reason = "estimates the norm of a weight";
        return OWI_ROLE_UNKNOWN;
    }
    if (arrival->input == 0 && (generated || !signal_operand(arrival))) {
        owi_role role = owi_entering_role(tensor, reason);
        *reason = generated ? "noise or a latent made in the graph" : *reason;
        return generated ? OWI_ROLE_CONSTANT : role;
    }
    *reason = "matrix of a product";
    return OWI_ROLE_LINEAR_WEIGHT;
}

static bool has_integer_weight(const owi_node *node) {
    const owi_tensor *weight = owi_matrix_of(node);
    return weight && !owi_dtype_trainable(weight->dtype);
}

owi_role owi_arrival_role(const owi_signals *signals, const owi_tensor *tensor,
                          const owi_arrival *arrival, const char **reason) {
    const owi_slot *slot = owi_slot_find(arrival->node->op->id, arrival->input);
    if (!slot) {
        return owi_context_role(signals, tensor, arrival, reason);
    }
    if (tensor->rank == 0) {
        *reason = "a scalar";
        return OWI_ROLE_CONSTANT;
    }
    *reason = "the slot says so";
    switch (slot->role) {
    case OWI_ROLE_NORM_SCALE:
    case OWI_ROLE_NORM_BIAS:
        if (is_affine_free(signals, tensor, arrival, slot->role)) {
            *reason = "a norm without learned scale and shift";
            return OWI_ROLE_CONSTANT;
        }
        return slot->role;
    case OWI_ROLE_BIAS:
        if (owi_attribute_real(arrival->node, "beta", 1) == 0) {
            *reason = "times 0: a placeholder";
            return OWI_ROLE_CONSTANT;
        }
        if (has_integer_weight(arrival->node)) {
            *reason = "belongs to a quantised weight, which stays as it is";
            return OWI_ROLE_CONSTANT;
        }
        return slot->role;
    case OWI_ROLE_EMBEDDING_WEIGHT: return in_table(arrival, reason);
    case OWI_ROLE_LINEAR_WEIGHT: return in_matrix_slot(tensor, arrival, reason);
    case OWI_ROLE_CONSTANT: *reason = "this slot never holds a parameter"; return slot->role;
    default: return slot->role;
    }
}
