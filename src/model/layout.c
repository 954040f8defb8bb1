#include "model/layout.h"

owi_segment owi_segment_copy(uint64_t input, uint64_t length) {
    return (owi_segment){.kind = OWI_SEGMENT_COPY, .length = length, .input = input};
}

owi_segment owi_segment_literal(const uint8_t *bytes, uint64_t length) {
    return (owi_segment){.kind = OWI_SEGMENT_LITERAL, .length = length, .literal = bytes};
}

// Whether the segment goes on in the model file where the last one ends.
static bool joins(const owi_segment *last, const owi_segment *segment) {
    return last->kind == OWI_SEGMENT_COPY && segment->kind == OWI_SEGMENT_COPY && !last->external &&
           !segment->external && last->input + last->length == segment->input;
}

void owi_layout_put(owi_arena *arena, owi_layout *layout, owi_segment segment) {
    if (segment.length == 0) {
        return;
    }
    owi_segment *last = layout->count ? &layout->segments[layout->count - 1] : NULL;
    segment.output = layout->length;
    layout->length += segment.length;
    if (last && joins(last, &segment)) {
        last->length += segment.length;
        return;
    }
    if (layout->count == layout->capacity) {
        layout->segments = owi_arena_grow(arena, layout->segments, layout->count, &layout->capacity,
                                          layout->count + 1, sizeof segment);
    }
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): owi_arena_grow returns room or jumps
    layout->segments[layout->count++] = segment;
}

void owi_layout_align(owi_arena *arena, owi_layout *layout, uint64_t alignment) {
    static const uint8_t zeros[OWI_ALIGNMENT_MOST];
    uint64_t over = layout->length % alignment;
    owi_layout_put(arena, layout, owi_segment_literal(zeros, over ? alignment - over : 0));
}
