#include "model/scanner.h"

#include "model/wire.h"

#include <string.h>

// A length is known when its message ends, so it takes this many bytes always: a varint padded with
// zeros, which every parser reads.
enum { LENGTH_BYTES = 5 };

void owi_skeleton_put(owi_scanner *scanner, const void *bytes, size_t length) {
    size_t need = scanner->skeleton.count + length;
    if (need > scanner->skeleton.capacity) {
        scanner->skeleton.items =
            owi_arena_grow(scanner->arena, scanner->skeleton.items, scanner->skeleton.count,
                           &scanner->skeleton.capacity, need, 1);
    }
    if (length) {
        memcpy(scanner->skeleton.items + scanner->skeleton.count, bytes, length);
    }
    scanner->skeleton.count = need;
}

void owi_skeleton_put_head(owi_scanner *scanner, uint32_t field, uint64_t length) {
    uint8_t head[2 * OWI_VARINT_MOST];
    size_t size = owi_tag_write(head, field, OWI_WIRE_BYTES);
    size += owi_varint_write(head + size, length);
    owi_skeleton_put(scanner, head, size);
}

owi_status owi_skeleton_copy(owi_scanner *scanner, owi_span span) {
    while (span.length) {
        size_t part = span.length < OWI_WINDOW ? (size_t)span.length : OWI_WINDOW, got;
        const uint8_t *bytes =
            owi_source_window(scanner->source, span.offset, part, &got, scanner->error);
        if (!bytes) {
            return scanner->error->status;
        }
        owi_skeleton_put(scanner, bytes, part);
        span.offset += part;
        span.length -= part;
    }
    return OWI_OK;
}

void owi_skeleton_open(owi_scanner *scanner, owi_frame *frame) {
    uint8_t head[OWI_VARINT_MOST + LENGTH_BYTES] = {0};
    size_t tag = owi_tag_write(head, frame->field, OWI_WIRE_BYTES);
    owi_skeleton_put(scanner, head, tag + LENGTH_BYTES);
    frame->length_at = scanner->skeleton.count - LENGTH_BYTES;
}

void owi_skeleton_close(owi_scanner *scanner, const owi_frame *frame) {
    if (frame->record != OWI_NO_RECORD) {
        uint8_t mark[2 * OWI_VARINT_MOST];
        size_t size = owi_tag_write(mark, OWI_RECORD_FIELD, OWI_WIRE_VARINT);
        size += owi_varint_write(mark + size, frame->record);
        owi_skeleton_put(scanner, mark, size);
    }
    if (frame->length_at == 0) {
        return; // the model has no length in front
    }
    size_t length = scanner->skeleton.count - frame->length_at - LENGTH_BYTES;
    uint8_t *bytes = scanner->skeleton.items + frame->length_at;
    for (size_t i = 0; i < LENGTH_BYTES; i++) {
        bytes[i] = (uint8_t)((length >> (7 * i) & 0x7f) | (i + 1 < LENGTH_BYTES ? 0x80 : 0));
    }
}
