#include "model/scanner.h"

#include "model/wire.h"

// ---- packed numbers ----

static owi_status count_varints(owi_scanner *scanner, const owi_field *field, uint64_t *count) {
    unsigned running = 0; // bytes of the varint that has not ended yet
    *count = 0;
    for (uint64_t at = field->content; at < field->end;) {
        uint64_t left = field->end - at;
        size_t part = left < OWI_WINDOW ? (size_t)left : OWI_WINDOW, got;
        const uint8_t *bytes = owi_source_window(scanner->source, at, part, &got, scanner->error);
        if (!bytes) {
            return scanner->error->status;
        }
        for (size_t i = 0; i < part && running < OWI_VARINT_MOST; i++) {
            bool last = bytes[i] < 0x80;
            running = last ? 0 : running + 1;
            *count += last;
        }
        at += part;
    }
    if (running) {
        return owi_scan_damaged(scanner, field->offset, "%s holds a number that has no end",
                                field->known->name);
    }
    return OWI_OK;
}

owi_status owi_scan_packed(owi_scanner *scanner, const owi_field *field, uint64_t *count) {
    unsigned wire = owi_schema_wire(field->known);
    if (wire == OWI_WIRE_VARINT) {
        return count_varints(scanner, field, count);
    }
    uint64_t width = wire == OWI_WIRE_FIXED64 ? 8 : 4, length = field->end - field->content;
    *count = length / width;
    if (length % width) {
        return owi_scan_damaged(scanner, field->offset, "%s ends inside a number",
                                field->known->name);
    }
    return OWI_OK;
}

// ---- the fields of a tensor ----

void owi_scan_tensor_begin(owi_scanner *scanner) {
    owi_tensor_scan *tensor = &scanner->tensor;
    owi_spans carriers = tensor->carriers, values = tensor->values;
    carriers.count = values.count = 0;
    *tensor = (owi_tensor_scan){.elements = 1, .carriers = carriers, .values = values};
}

static void add_span(owi_arena *arena, owi_spans *spans, uint64_t offset, uint64_t end) {
    if (spans->count) {
        owi_span *last = &spans->items[spans->count - 1];
        if (last->offset + last->length == offset) {
            last->length += end - offset;
            return;
        }
    }
    *owi_push(arena, spans) = (owi_span){offset, end - offset};
}

static void note_dim(owi_tensor_scan *tensor, uint64_t dim) {
    tensor->rank++;
    tensor->negative |= dim > INT64_MAX;
    tensor->empty |= dim == 0;
    tensor->overflow |= dim && __builtin_mul_overflow(tensor->elements, dim, &tensor->elements);
}

static owi_status note_dims(owi_scanner *scanner, const owi_field *field) {
    if (field->wire == OWI_WIRE_VARINT) {
        note_dim(&scanner->tensor, field->value);
        return OWI_OK;
    }
    size_t length = (size_t)(field->end - field->content), got, taken;
    if (length > OWI_LIMIT_RANK * OWI_VARINT_MOST) {
        scanner->tensor.rank = OWI_LIMIT_RANK + 1;
        return OWI_OK;
    }
    const uint8_t *bytes =
        owi_source_window(scanner->source, field->content, length, &got, scanner->error);
    if (!bytes) {
        return scanner->error->status;
    }
    uint64_t dim;
    for (size_t i = 0; i < length && (taken = owi_varint_read(bytes + i, length - i, &dim));) {
        note_dim(&scanner->tensor, dim);
        i += taken;
    }
    return OWI_OK;
}

static owi_status note_payload(owi_scanner *scanner, const owi_field *field) {
    owi_tensor_scan *tensor = &scanner->tensor;
    owi_tensor_record *found = &tensor->found;
    bool packed = field->wire == OWI_WIRE_BYTES;
    uint64_t entries = 1;
    if (field->number == OWI_TENSOR_RAW_DATA) {
        entries = field->end - field->content;
    } else if (packed && field->number != OWI_TENSOR_STRING_DATA) {
        OWI_TRY(owi_scan_packed(scanner, field, &entries));
    }
    if (entries == 0) {
        return OWI_OK;
    }
    if (found->field && found->field != field->number) {
        tensor->second = field->known->name;
        return OWI_OK;
    }
    tensor->mixed |= found->field && found->packed != packed;
    found->field = field->number;
    found->packed = packed;
    found->count += entries;
    tensor->carrier = field->known->name;
    if (field->number != OWI_TENSOR_STRING_DATA) {
        uint64_t start = packed ? field->content : field->offset;
        add_span(scanner->arena, &tensor->values, start, field->end);
        tensor->bytes += field->end - start;
    }
    return OWI_OK;
}

static owi_status note_name(owi_scanner *scanner, const owi_field *field) {
    size_t length = (size_t)(field->end - field->content), got;
    if (length > OWI_LIMIT_NAME) {
        return OWI_OK; // refused with every other long name
    }
    const uint8_t *bytes =
        owi_source_window(scanner->source, field->content, length, &got, scanner->error);
    if (!bytes) {
        return scanner->error->status;
    }
    scanner->tensor.name = owi_arena_copy(scanner->arena, (const char *)bytes, length);
    return OWI_OK;
}

owi_status owi_scan_tensor_field(owi_scanner *scanner, const owi_field *field) {
    owi_tensor_scan *tensor = &scanner->tensor;
    bool payload = owi_scan_top(scanner)->schema.payload & OWI_FIELD(field->number);
    if (payload || field->number == OWI_TENSOR_EXTERNAL_DATA ||
        field->number == OWI_TENSOR_DATA_LOCATION) {
        add_span(scanner->arena, &tensor->carriers, field->offset, field->end);
    }
    if (payload) {
        return note_payload(scanner, field);
    }
    switch (field->number) {
    case OWI_TENSOR_DIMS: return note_dims(scanner, field);
    case OWI_TENSOR_NAME: return note_name(scanner, field);
    case OWI_TENSOR_DATA_TYPE: tensor->data_type = field->value; return OWI_OK;
    case OWI_TENSOR_DATA_LOCATION: tensor->location = field->value; return OWI_OK;
    default: return OWI_OK;
    }
}
