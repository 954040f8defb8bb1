// shape.h: what the rules of shape inference share. Private to shape.c and shape_views.c.
#ifndef OWI_GRAPH_SHAPE_H
#define OWI_GRAPH_SHAPE_H

#include "graph/graph.h"

typedef struct owi_shape_context {
    owi_arena *arena;
    const owi_node *node;
    owi_value *output; // whose dims are wanted
} owi_shape_context;

// An input whose rank is known, or NULL.
const owi_value *owi_shape_input(const owi_shape_context *at, size_t input);

int64_t *owi_shape_dims(const owi_shape_context *at, size_t rank);

void owi_shape_set(const owi_shape_context *at, size_t rank, const int64_t *dims);

// Unknown times anything is unknown, and so is what overflows.
int64_t owi_shape_product(int64_t a, int64_t b);

// Two shapes broadcast to `rank` dims.
const int64_t *owi_shape_broadcast(const owi_shape_context *at, const int64_t *a, size_t a_rank,
                                   const int64_t *b, size_t b_rank, size_t rank);

// The rules of ops that show the same numbers in another way (shape_views.c).
void owi_shape_transpose(const owi_shape_context *at);
void owi_shape_reshape(const owi_shape_context *at);
void owi_shape_flatten(const owi_shape_context *at);
void owi_shape_squeeze(const owi_shape_context *at);
void owi_shape_unsqueeze(const owi_shape_context *at);
void owi_shape_slice(const owi_shape_context *at);
void owi_shape_split(const owi_shape_context *at);
void owi_shape_concat(const owi_shape_context *at);
void owi_shape_expand(const owi_shape_context *at);
void owi_shape_reduce(const owi_shape_context *at);

#endif
