// layout.h: a file to be written, as a list of segments: copy these bytes, these literal bytes,
// fill tensor T here. Every length is known before the first byte is written.
#ifndef OWI_MODEL_LAYOUT_H
#define OWI_MODEL_LAYOUT_H

#include "model/external.h"

typedef enum owi_segment_kind {
    OWI_SEGMENT_COPY,
    OWI_SEGMENT_LITERAL,
    OWI_SEGMENT_FILL
} owi_segment_kind;

typedef struct owi_segment {
    owi_segment_kind kind;
    uint64_t output; // offset in the output
    uint64_t length;
    uint64_t input;               // COPY: offset in the input
    const owi_external *external; // COPY: not from the model file, but from these values
    const uint8_t *literal;       // LITERAL
    size_t tensor;                // FILL: the caller's number for the tensor
} owi_segment;

typedef struct owi_layout {
    owi_segment *segments; // in output order, without gaps, none empty
    size_t count, capacity;
    uint64_t length; // of the whole output
} owi_layout;

// From the model file.
owi_segment owi_segment_copy(uint64_t input, uint64_t length);

// The bytes are not copied.
owi_segment owi_segment_literal(const uint8_t *bytes, uint64_t length);

// Adds a segment at the end, at the place that it has there.
void owi_layout_put(owi_arena *arena, owi_layout *layout, owi_segment segment);

// Adds zeros up to a multiple of `alignment`, at most OWI_ALIGNMENT_MOST.
void owi_layout_align(owi_arena *arena, owi_layout *layout, uint64_t alignment);

enum { OWI_ALIGNMENT_MOST = 4096 };

#endif
