// chain.h: what follows a value, as people would tell it: "Add > BatchNormalization > Relu".
#ifndef OWI_INFER_CHAIN_H
#define OWI_INFER_CHAIN_H

#include "infer/signal.h"

typedef struct owi_chains {
    const char **items; // one for each way that ends apart from the others
    size_t count, capacity;
    bool more; // there are others
} owi_chains;

// The ways from an op's output to the activations that follow, by the rules of signal.c. At most
// `most` of them.
owi_chains owi_chains_find(owi_arena *arena, const owi_signals *signals, const owi_value *output,
                           size_t most);

#endif
