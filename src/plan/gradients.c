// gradients.c: which nodes ONNX Runtime Training can differentiate.
#include "plan/rows.h"

#include <string.h>

static const enum {
    NO_GRADIENT,
    GRADIENT,
    NEEDLESS
} kinds[OWI_OP_COUNT] = {
#define GRADIENT(op) [OWI_OP_##op] = GRADIENT,
#define NEEDLESS(op) [OWI_OP_##op] = NEEDLESS,
#include "tables/gradients.def"
};

typedef enum obstacle {
    INPUT_MISSING,
    INPUT_GIVEN,
    OUTPUT_MISSING,
    MASK_MISSING,
    REVERSE,
    NO_KERNEL,
} obstacle;

static const struct {
    owi_op_id op;
    obstacle kind;
    size_t slot;
    const char *words;
} limits[] = {
#define UNLESS(op, obstacle, slot, words) {OWI_OP_##op, obstacle, slot, words},
#include "tables/gradients.def"
};

static bool has_input(const owi_node *node, size_t slot) {
    return slot < node->input_count && node->inputs[slot];
}

static bool has_output(const owi_node *node, size_t slot) {
    return slot < node->output_count && node->outputs[slot] && *node->outputs[slot]->name;
}

static bool runs_forward(const owi_node *node) {
    const Onnx__AttributeProto *direction = owi_attribute(node, "direction");
    static const char forward[] = "forward";
    return !direction || (direction->s.len == sizeof forward - 1 &&
                          memcmp(direction->s.data, forward, sizeof forward - 1) == 0);
}

static bool stands_in_the_way(const owi_node *node, obstacle kind, size_t slot) {
    switch (kind) {
    case INPUT_MISSING: return !has_input(node, slot);
    case INPUT_GIVEN: return has_input(node, slot);
    case OUTPUT_MISSING: return !has_output(node, slot);
    case MASK_MISSING: return node->input_count > 1 && !has_output(node, slot);
    case REVERSE: return !runs_forward(node);
    case NO_KERNEL: return true;
    }
    return true;
}

bool owi_hands_gradients_on(const owi_node *node) {
    return kinds[node->op->id] != NEEDLESS;
}

const char *owi_gradient_obstacle(owi_arena *arena, const owi_node *node) {
    bool foreign = node->op->id == OWI_OP_UNKNOWN && node->proto && node->proto->op_type;
    const char *name = foreign ? owi_shown(arena, node->proto->op_type) : node->op->name;
    if (kinds[node->op->id] != GRADIENT) {
        return name;
    }
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].op == node->op->id &&
            stands_in_the_way(node, limits[i].kind, limits[i].slot)) {
            return owi_arena_printf(arena, "%s %s", name, limits[i].words);
        }
    }
    return NULL;
}
