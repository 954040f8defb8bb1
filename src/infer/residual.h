// residual.h: residual branches, found from the graph's shape alone.
//
//          +------------ skip ------------+          A residual sum adds two signals, one of which,
//          |                              v          seen through norms and sums, the other comes
//     ---- v --- norm --- W --- f --- W - + ----     from. The other is the branch; the weights
//                               branch               that enter the sum are its last projections.
//
// Sums that follow each other make a trunk. Forward signals grow with the number of sums since the
// last norm on the trunk itself.
#ifndef OWI_INFER_RESIDUAL_H
#define OWI_INFER_RESIDUAL_H

#include "infer/signal.h"

// What a node is for a residual sum; all false for most.
typedef struct owi_residual {
    bool last_projection; // its weight is the last of a branch
    bool last_norm;       // its scale is the last of a branch, behind the last projection
    bool norm_behind;     // of a last projection: a norm stands between it and the sum
    bool normalised;      // a norm, or a learned factor, stands somewhere in the branch
    size_t count;         // sums of the trunk since its last norm, and until its next one
    size_t total;         // sums of the whole trunk
} owi_residual;

typedef struct owi_residuals {
    const owi_residual *nodes; // by node index
    size_t sums;
    size_t norms; // nodes of the graph that normalise
} owi_residuals;

// Work is bounded by a multiple of the graph's size; a branch of thousands of nodes is none.
owi_residuals owi_residuals_find(const owi_graph *graph, const owi_signals *signals);

#endif
