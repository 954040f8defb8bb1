// trace.h: where a tensor arrives, through any chain of views.
#ifndef OWI_INFER_TRACE_H
#define OWI_INFER_TRACE_H

#include "graph/view.h"

enum { OWI_LIMIT_ARRIVALS = 4096, OWI_LIMIT_PATH = 64 };

typedef struct owi_arrival {
    const owi_node *node;
    size_t input;
    size_t edge;             // which use of the tensor's own value the chain begins with
    owi_view view;           // the tensor as this input sees it
    const char *const *path; // the ops on the way
    size_t path_count;
} owi_arrival;

typedef struct owi_arrivals {
    owi_arrival *items;
    size_t count, capacity;
} owi_arrivals;

// Every input that the tensor reaches, uses that read only its shape left out.
owi_arrivals owi_trace(owi_arena *arena, const owi_tensor *tensor);

#endif
