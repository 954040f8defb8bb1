// layout.h: how an op lays out a weight in its slot: the parts with fans of their own, and for each
// its fans (DESIGN §4; reference formulas measured against Monte-Carlo). All in the coordinates of
// the slot.
#ifndef OWI_INFER_LAYOUT_H
#define OWI_INFER_LAYOUT_H

#include "graph/view.h"

typedef struct owi_part {
    const char *label; // NULL for the only part
    owi_box box;
    double fan_in, fan_out;
    owi_activation activation; // of a gate; COUNT: whatever follows the op
    bool forget;               // the forget gate's input half of an LSTM bias
} owi_part;

typedef struct owi_parts {
    owi_part *items;
    size_t count, capacity;
} owi_parts;

// The parts of a tensor of these dims in a slot. None when the dims do not fit the op.
owi_parts owi_layout(owi_arena *arena, const owi_slot *slot, const owi_node *node, size_t rank,
                     const int64_t *dims);

// The axis of the slot along which the op's output features lie, or SIZE_MAX.
size_t owi_layout_feature_axis(const owi_slot *slot, const owi_node *node, size_t rank);

#endif
