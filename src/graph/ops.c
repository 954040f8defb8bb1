#include "graph/ops.h"

#include <string.h>

enum { // the last column of signals: activations follow
#define ACTIVATION(id, ...) OWI_SIGNAL_##id = OWI_SIGNAL_ACTIVATION + OWI_ACTIVATION_##id,
#include "tables/activations.def"
#undef ACTIVATION
};

static const owi_op ops[] = {
    [OWI_OP_UNKNOWN] = {OWI_OP_UNKNOWN, "", "unknown", OWI_SIGNAL_STOP, OWI_VIEW_NONE,
                        OWI_SHAPE_UNKNOWN, OWI_VALUE_NONE},
#define OP(id, domain, name, signal, view, shape, value)                                           \
    [OWI_OP_##id] = {OWI_OP_##id,         domain,          name,                                   \
                     OWI_SIGNAL_##signal, OWI_VIEW_##view, OWI_SHAPE_##shape,                      \
                     OWI_VALUE_##value},
#include "tables/ops.def"
#undef OP
};

static const struct {
    const char *name;
    bool trainable;
} roles[] = {
#define ROLE(id, name, trainable, meaning) {name, trainable},
#include "tables/roles.def"
#undef ROLE
};

static const char *const activations[] = {
#define ACTIVATION(id, ...) #id,
#include "tables/activations.def"
#undef ACTIVATION
};

// "ai.onnx" is the long name of the default domain.
static const char *domain_of(const char *domain) {
    return !domain || strcmp(domain, "ai.onnx") == 0 ? "" : domain;
}

const owi_op *owi_op_find(const char *domain, const char *name) {
    for (size_t i = 1; i < OWI_OP_COUNT; i++) {
        if (strcmp(ops[i].name, name) == 0 && strcmp(ops[i].domain, domain_of(domain)) == 0) {
            return &ops[i];
        }
    }
    return &ops[OWI_OP_UNKNOWN];
}

const owi_op *owi_op_row(owi_op_id id) {
    return &ops[id];
}

const owi_slot *owi_slot_find(owi_op_id op, size_t input) {
    enum { MOST_INPUTS = 256 };
    switch (input < MOST_INPUTS ? (size_t)op * MOST_INPUTS + input : 0) {
#define SLOT(op, input, role, layout)                                                              \
    case OWI_OP_##op *MOST_INPUTS + input: {                                                       \
        static const owi_slot row = {OWI_OP_##op, input, OWI_ROLE_##role, OWI_LAYOUT_##layout};    \
        return &row;                                                                               \
    }
#include "tables/slots.def"
#undef SLOT
    default: return NULL;
    }
}

owi_activation owi_op_activation(const owi_op *op) {
    return op->signal >= OWI_SIGNAL_ACTIVATION
               ? (owi_activation)(op->signal - OWI_SIGNAL_ACTIVATION)
               : OWI_ACTIVATION_none;
}

const char *owi_role_name(owi_role role) {
    return roles[role].name;
}

bool owi_role_trainable(owi_role role) {
    return roles[role].trainable;
}

const char *owi_activation_name(owi_activation activation) {
    return activations[activation];
}

owi_activation owi_activation_find(const char *name) {
    owi_activation found = 0;
    while (found < OWI_ACTIVATION_COUNT && strcmp(activations[found], name) != 0) {
        found++;
    }
    return found;
}
