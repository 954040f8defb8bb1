// idiom.h: operators that exporters write as several nodes, found by the patterns of
// tables/idioms.def.
#ifndef OWI_INFER_IDIOM_H
#define OWI_INFER_IDIOM_H

#include "graph/graph.h"

typedef enum owi_idiom_kind {
    OWI_IDIOM_PART,
    OWI_IDIOM_ACTIVATION,
    OWI_IDIOM_NORM,
    OWI_IDIOM_STATISTICS // a norm by a mean and a variance that are parameters
} owi_idiom_kind;

typedef struct owi_idiom {
    owi_idiom_kind kind;
    const char *id;
    owi_activation activation; // of an ACTIVATION
    const owi_value *x;        // what goes in
    const owi_node *root;      // the node whose first output is what comes out
    double slope;              // the scalar matched by c
    uint64_t rows;             // of tables/idioms.def that took part, as bits from row 0 on
} owi_idiom;

// For each node, by index, the idiom it is a part of, or NULL. The largest idiom wins.
const owi_idiom *const *owi_idioms_find(const owi_graph *graph);

#endif
