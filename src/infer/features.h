// features.h: how the output features of a weighted op are divided further on: query, key and
// value, the halves of a gated unit. The weight's parts follow from it.
#ifndef OWI_INFER_FEATURES_H
#define OWI_INFER_FEATURES_H

#include "infer/signal.h"

typedef struct owi_feature_range {
    const char *label; // "q", "k", "v", or "0", "1", ...
    int64_t start, length;
    owi_follow follow;
} owi_feature_range;

typedef struct owi_feature_ranges {
    owi_feature_range *items;
    size_t count, capacity;
} owi_feature_ranges;

// The ranges in which `count` features on an axis of the value are used apart; none when they are
// used together. axis counts from the end of the value's shape when negative.
owi_feature_ranges owi_features_divide(owi_arena *arena, const owi_signals *signals,
                                       const owi_value *value, int64_t axis, int64_t count);

// The part the value plays in attention ("q", "k", "v"), or NULL: whether it enters a product of
// two signals, and on which side of the softmax.
const char *owi_attention_part(const owi_signals *signals, const owi_value *value);

#endif
