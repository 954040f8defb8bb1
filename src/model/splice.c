#include "model/splice.h"

#include "model/schema.h"
#include "model/wire.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

// At `offset` of the input, `removed` bytes give way to literal and generated ones. The content of
// `record` grows or shrinks by the difference.
typedef struct edit {
    uint64_t offset, removed;
    uint32_t record;
    bool at_end; // added behind the content of `record`
    size_t order;
    const uint8_t *literal;
    size_t literal_length;
    owi_segment value; // length 0: none
} edit;

typedef struct edits {
    edit *items;
    size_t count, capacity;
} edits;

struct owi_splice {
    owi_model *model;
    edits edits;
    uint8_t *gone; // by record
};

owi_splice *owi_splice_new(owi_model *model) {
    owi_splice *splice = owi_new(&model->arena, owi_splice, 1);
    splice->model = model;
    splice->gone = owi_new(&model->arena, uint8_t, model->scan.record_count);
    return splice;
}

static edit *add_edit(owi_splice *splice, const owi_record *record) {
    edit *change = owi_push(&splice->model->arena, &splice->edits);
    *change = (edit){.record = (uint32_t)(record - splice->model->scan.records),
                     .order = splice->edits.count};
    return change;
}

static edit *add_at_end(owi_splice *splice, const owi_record *record) {
    edit *change = add_edit(splice, record);
    change->offset = record->content.offset + record->content.length;
    change->at_end = true;
    return change;
}

static void set_literal(owi_splice *splice, edit *change, const uint8_t *bytes, size_t length) {
    change->literal = (uint8_t *)owi_arena_copy(&splice->model->arena, (const char *)bytes, length);
    change->literal_length = length;
}

static void set_value(edit *change, const owi_carriage *carriage) {
    change->value = carriage->value;
    change->value.length = owi_carriage_inline(carriage);
}

void owi_splice_carry(owi_splice *splice, const owi_record *tensor, const owi_carriage *carriage) {
    uint8_t head[OWI_CARRIAGE_MOST];
    size_t length = owi_carriage_write(head, carriage);
    const owi_tensor_record *found = tensor->tensor;
    for (size_t i = 1; i < found->carrier_count; i++) {
        edit *change = add_edit(splice, tensor);
        change->offset = found->carriers[i].offset;
        change->removed = found->carriers[i].length;
    }
    edit *change = found->carrier_count ? add_edit(splice, tensor) : add_at_end(splice, tensor);
    if (found->carrier_count) {
        change->offset = found->carriers[0].offset;
        change->removed = found->carriers[0].length;
    }
    set_literal(splice, change, head, length);
    set_value(change, carriage);
}

void owi_splice_add_initializer(owi_splice *splice, const owi_record *graph, const char *name,
                                owi_dtype dtype, const int64_t *dims, size_t rank,
                                const owi_carriage *carriage) {
    size_t most = (rank + 4) * 2 * OWI_VARINT_MOST + strlen(name) + OWI_CARRIAGE_MOST;
    uint8_t *fields = owi_arena_alloc(&splice->model->arena, most);
    size_t length = 0;
    for (size_t i = 0; i < rank; i++) {
        length += owi_tag_write(fields + length, OWI_TENSOR_DIMS, OWI_WIRE_VARINT);
        length += owi_varint_write(fields + length, (uint64_t)dims[i]);
    }
    length += owi_tag_write(fields + length, OWI_TENSOR_DATA_TYPE, OWI_WIRE_VARINT);
    length += owi_varint_write(fields + length, (uint64_t)dtype);
    length += owi_text_write(fields + length, OWI_TENSOR_NAME, name);
    length += owi_carriage_write(fields + length, carriage);

    edit *change = add_at_end(splice, graph);
    uint8_t *literal = owi_arena_alloc(&splice->model->arena, length + 2 * OWI_VARINT_MOST);
    size_t head =
        owi_head_write(literal, OWI_GRAPH_INITIALIZER, length + owi_carriage_inline(carriage));
    memcpy(literal + head, fields, length);
    change->literal = literal;
    change->literal_length = head + length;
    set_value(change, carriage);
}

void owi_splice_remove(owi_splice *splice, const owi_record *message) {
    edit *change = add_edit(splice, &splice->model->scan.records[message->parent]);
    change->offset = message->whole.offset;
    change->removed = message->whole.length;
    splice->gone[message - splice->model->scan.records] = 1;
}

// The field at an offset of the file: its number and its place, tag and all.
static owi_status read_field(const owi_model *model, uint64_t offset, uint64_t end,
                             uint32_t *number, owi_span *field, owi_error *error) {
    uint8_t bytes[2 * OWI_VARINT_MOST];
    size_t room = end - offset < sizeof bytes ? (size_t)(end - offset) : sizeof bytes;
    uint64_t tag = 0, length = 0;
    OWI_TRY(owi_source_read(&model->source, offset, bytes, room, error));
    size_t head = owi_varint_read(bytes, room, &tag), more = 0;
    switch (tag & 7) {
    case OWI_WIRE_VARINT:
        more = owi_varint_read(bytes + head, room - head, &length);
        length = 0;
        break;
    case OWI_WIRE_BYTES: more = owi_varint_read(bytes + head, room - head, &length); break;
    case OWI_WIRE_FIXED64: length = 8; break;
    case OWI_WIRE_FIXED32: length = 4; break;
    default: head = 0; break;
    }
    if (!head || length > end - offset - head - more) {
        return owi_fail(error, OWI_INPUT, "%s: byte %llu: the file changed while it was read",
                        model->source.path, (unsigned long long)offset);
    }
    *number = (uint32_t)(tag >> 3);
    *field = (owi_span){offset, head + more + length};
    return OWI_OK;
}

owi_status owi_splice_rename_input(owi_splice *splice, const owi_record *node, size_t input,
                                   const char *name, owi_error *error) {
    uint64_t end = node->content.offset + node->content.length;
    size_t length = strlen(name), seen = 0;
    for (uint64_t at = node->content.offset; at < end;) {
        uint32_t number = 0;
        owi_span field = {0, 0};
        OWI_TRY(read_field(splice->model, at, end, &number, &field, error));
        at += field.length;
        if (number != OWI_NODE_INPUT || seen++ != input) {
            continue;
        }
        uint8_t *bytes = owi_arena_alloc(&splice->model->arena, length + 2 * OWI_VARINT_MOST);
        size_t head = owi_head_write(bytes, OWI_NODE_INPUT, length);
        memcpy(bytes + head, name, length);
        edit *change = add_edit(splice, node);
        change->offset = field.offset;
        change->removed = field.length;
        set_literal(splice, change, bytes, head + length);
        return OWI_OK;
    }
    return owi_fail(error, OWI_INTERNAL, "a node has no input %zu", input);
}

void owi_splice_append(owi_splice *splice, const owi_record *message, const uint8_t *bytes,
                       size_t length) {
    set_literal(splice, add_at_end(splice, message), bytes, length);
}

// ---- the layout ----

// Edits inside messages that go are forgotten.
static void drop_edits(owi_splice *splice) {
    const owi_scan *scan = &splice->model->scan;
    for (size_t i = 1; i < scan->record_count; i++) {
        splice->gone[i] |= splice->gone[scan->records[i].parent];
    }
    size_t kept = 0;
    for (size_t i = 0; i < splice->edits.count; i++) {
        if (!splice->gone[splice->edits.items[i].record]) {
            splice->edits.items[kept++] = splice->edits.items[i];
        }
    }
    splice->edits.count = kept;
}

static owi_status check_length(const owi_splice *splice, double length, uint64_t limit,
                               owi_error *error) {
    if (length > (double)limit) {
        return owi_fail(error, OWI_UNSUPPORTED,
                        "%s: the output would hold %.0f bytes, but one protobuf message holds no "
                        "more than %" PRIu64,
                        splice->model->source.path, length, limit);
    }
    return OWI_OK;
}

// In double, because what is asked for may pass 64 bits.
static double estimate(const owi_splice *splice) {
    double length = (double)splice->model->source.size;
    for (size_t i = 0; i < splice->edits.count; i++) {
        const edit *change = &splice->edits.items[i];
        length += (double)change->literal_length + (double)change->value.length;
        length -= (double)change->removed;
    }
    return length;
}

// Adds an edit for the tag and length of each message whose content changes its length, from the
// inside out: a longer length makes the message around it longer too. Heads of messages that keep
// their length stay as they are, even if padded. Returns the growth of the whole.
static int64_t resize_messages(owi_splice *splice) {
    const owi_scan *scan = &splice->model->scan;
    int64_t *growth = owi_new(&splice->model->arena, int64_t, scan->record_count);
    for (size_t i = 0; i < splice->edits.count; i++) {
        const edit *change = &splice->edits.items[i];
        growth[change->record] +=
            (int64_t)(change->literal_length + change->value.length) - (int64_t)change->removed;
    }
    for (size_t i = scan->record_count - 1; i > 0; i--) {
        const owi_record *record = &scan->records[i];
        if (splice->gone[i] || growth[i] == 0) {
            continue;
        }
        uint8_t head[2 * OWI_VARINT_MOST];
        size_t length =
            owi_head_write(head, record->field, record->content.length + (uint64_t)growth[i]);
        edit *change = add_edit(splice, &scan->records[record->parent]);
        change->offset = record->whole.offset;
        change->removed = record->content.offset - record->whole.offset;
        set_literal(splice, change, head, length);
        growth[record->parent] += growth[i] + (int64_t)length - (int64_t)change->removed;
    }
    return growth[0];
}

// By place. Where several edits stand at one place, messages that end there come first, the
// innermost (the later record) before those around it, then what replaces the bytes that follow.
static int compare(const void *left, const void *right) {
    const edit *a = left, *b = right;
    if (a->offset != b->offset) {
        return a->offset < b->offset ? -1 : 1;
    }
    if (a->at_end != b->at_end) {
        return a->at_end ? -1 : 1;
    }
    if (a->at_end && a->record != b->record) {
        return a->record > b->record ? -1 : 1;
    }
    return a->order < b->order ? -1 : 1;
}

// False when two edits want the same bytes.
static bool put_all(const owi_splice *splice, owi_layout *layout) {
    owi_arena *arena = &splice->model->arena;
    uint64_t at = 0, size = splice->model->source.size;
    for (size_t i = 0; i < splice->edits.count; i++) {
        const edit *change = &splice->edits.items[i];
        if (change->offset < at) {
            return false;
        }
        owi_layout_put(arena, layout, owi_segment_copy(at, change->offset - at));
        owi_layout_put(arena, layout, owi_segment_literal(change->literal, change->literal_length));
        owi_layout_put(arena, layout, change->value);
        at = change->offset + change->removed;
    }
    owi_layout_put(arena, layout, owi_segment_copy(at, size - at));
    return true;
}

owi_status owi_splice_layout(owi_splice *splice, uint64_t limit, owi_layout *layout,
                             owi_error *error) {
    drop_edits(splice);
    OWI_TRY(check_length(splice, estimate(splice), limit, error));
    int64_t growth = resize_messages(splice);
    uint64_t length = splice->model->source.size + (uint64_t)growth;
    OWI_TRY(check_length(splice, (double)length, limit, error));
    if (splice->edits.count) {
        qsort(splice->edits.items, splice->edits.count, sizeof *splice->edits.items, compare);
    }
    *layout = (owi_layout){0};
    if (!put_all(splice, layout) || layout->length != length) {
        return owi_fail(error, OWI_INTERNAL, "%s: edits of the output contradict each other",
                        splice->model->source.path);
    }
    return OWI_OK;
}
