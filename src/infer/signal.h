// signal.h: what happens to each value before and after: which activation follows, which one made
// it, and what it is the output of. Three linear passes over the graph; no walk is repeated.
#ifndef OWI_INFER_SIGNAL_H
#define OWI_INFER_SIGNAL_H

#include "infer/idiom.h"

// What follows a value.
typedef struct owi_follow {
    bool used; // anything follows at all
    owi_activation activation;
    double slope;    // of leaky_relu and prelu
    bool normalised; // a norm stands between
    bool residual;   // a sum of two signals stands between
} owi_follow;

// What a value is the output of, through views, biases and constant factors.
typedef enum owi_origin_kind {
    OWI_ORIGIN_OTHER,
    OWI_ORIGIN_INPUT,     // of the graph
    OWI_ORIGIN_PARAMETER, // does not depend on any input
    OWI_ORIGIN_WEIGHTED,  // of Conv, MatMul and so on, perhaps with a bias added
    OWI_ORIGIN_QUANTIZED, // of the same in integers
    OWI_ORIGIN_NORM,      // of a norm whose scale has not been applied
    OWI_ORIGIN_SCALED_NORM,
    OWI_ORIGIN_SCALED, // of anything else times a parameter
    OWI_ORIGIN_LOOKUP, // rows of a table
    OWI_ORIGIN_SUM,    // of two signals
    OWI_ORIGIN_JOINED, // of several signals side by side
    OWI_ORIGIN_ACTIVATED
} owi_origin_kind;

typedef struct owi_origin {
    owi_origin_kind kind;
    const owi_node *node;
} owi_origin;

// All by value index.
typedef struct owi_signals {
    const owi_idiom *const *idioms; // by node index
    const owi_follow *follow;
    const owi_activation *before;
    const owi_origin *origin;
} owi_signals;

owi_signals owi_signals_trace(const owi_graph *graph);

// Whether the node is a norm, as an op or as the last node of an idiom.
bool owi_is_norm(const owi_signals *signals, const owi_node *node);

#endif
