#include "model/scanner.h"

#include "onnx.pb-c.h"

#include <inttypes.h>
#include <string.h>

static owi_status count_message(owi_scanner *scanner, const owi_field *field, owi_message type) {
    bool is_node =
        type == OWI_MESSAGE_NODE || type == OWI_MESSAGE_TENSOR || type == OWI_MESSAGE_VALUE_INFO;
    scanner->messages++;
    scanner->nodes += is_node;
    scanner->functions += type == OWI_MESSAGE_FUNCTION;
    if (scanner->depth > OWI_LIMIT_DEPTH) {
        return owi_scan_damaged(scanner, field->offset, "nested deeper than %d messages",
                                OWI_LIMIT_DEPTH);
    }
    if (scanner->messages > OWI_LIMIT_RECORDS) {
        return owi_scan_damaged(scanner, field->offset, "more than %d messages", OWI_LIMIT_RECORDS);
    }
    if (scanner->nodes > OWI_LIMIT_NODES) {
        return owi_scan_damaged(scanner, field->offset, "more than %d nodes, tensors and values",
                                OWI_LIMIT_NODES);
    }
    if (scanner->functions > OWI_LIMIT_FUNCTIONS) {
        return owi_scan_damaged(scanner, field->offset, "more than %d functions",
                                OWI_LIMIT_FUNCTIONS);
    }
    return OWI_OK;
}

static uint32_t add_record(owi_scanner *scanner, const owi_frame *frame, uint64_t content) {
    owi_record *record = owi_push(scanner->arena, &scanner->records);
    *record = (owi_record){
        .type = frame->schema.type,
        .field = frame->field,
        .parent = scanner->depth ? owi_scan_top(scanner)->record : 0,
        .whole = {frame->offset, frame->end - frame->offset},
        .content = {content, frame->end - content},
    };
    return (uint32_t)(scanner->records.count - 1);
}

static owi_status open_message(owi_scanner *scanner, const owi_field *field) {
    owi_frame frame = {
        .schema = owi_schema_of(field->known->descriptor),
        .offset = field->offset,
        .end = field->end,
        .field = field->number,
        .record = OWI_NO_RECORD,
    };
    owi_message type = frame.schema.type;
    OWI_TRY(count_message(scanner, field, type));
    if (type != OWI_MESSAGE_OTHER && owi_scan_top(scanner)->record != OWI_NO_RECORD) {
        frame.record = add_record(scanner, &frame, field->content);
    }
    owi_skeleton_open(scanner, &frame);
    scanner->frames[scanner->depth++] = frame;
    scanner->at = field->content;
    if (type == OWI_MESSAGE_TENSOR) {
        owi_scan_tensor_begin(scanner);
    }
    scanner->is_location = false;
    scanner->text = NULL;
    return OWI_OK;
}

static bool is_external_entry(const owi_scanner *scanner) {
    const owi_frame *frame = &scanner->frames[scanner->depth - 1];
    return frame->schema.type == OWI_MESSAGE_METADATA && frame->field == OWI_TENSOR_EXTERNAL_DATA &&
           frame[-1].schema.type == OWI_MESSAGE_TENSOR;
}

// Notes key or value of an external_data entry; what is longer than a name is no path.
static owi_status note_entry(owi_scanner *scanner, const owi_field *field) {
    size_t length = (size_t)(field->end - field->content), got;
    if (length > OWI_LIMIT_NAME) {
        return OWI_OK;
    }
    const uint8_t *bytes =
        owi_source_window(scanner->source, field->content, length, &got, scanner->error);
    if (!bytes) {
        return scanner->error->status;
    }
    const char *text = owi_arena_copy(scanner->arena, (const char *)bytes, length);
    if (field->number == 1) {
        scanner->is_location = strcmp(text, "location") == 0;
    } else {
        scanner->text = text;
    }
    return OWI_OK;
}

static void end_entry(owi_scanner *scanner) {
    const char *location = scanner->text;
    if (scanner->is_location && location && !owi_strmap_get(&scanner->seen_locations, location)) {
        owi_strmap_put(scanner->arena, &scanner->seen_locations, location, (void *)location);
        *owi_push(scanner->arena, &scanner->locations) = location;
    }
}

static owi_status end_model(const owi_scanner *scanner, const owi_frame *frame) {
    if (scanner->ir_version == 0 || scanner->ir_version > INT64_MAX) {
        return owi_scan_damaged(scanner, frame->end, "ModelProto.ir_version is %s",
                                scanner->ir_version ? "negative" : "0");
    }
    if (scanner->ir_version >= 3 && !(frame->seen & OWI_FIELD(8))) {
        return owi_scan_damaged(scanner, frame->end,
                                "ModelProto has no opset_import, which IR version %" PRIu64
                                " asks for",
                                scanner->ir_version);
    }
    if (scanner->ir_version < 3 && frame->seen & OWI_FIELD(8)) {
        return owi_scan_damaged(scanner, frame->end,
                                "ModelProto has an opset_import, which came with IR version 3, but "
                                "IR version %" PRIu64,
                                scanner->ir_version);
    }
    return OWI_OK;
}

static owi_status close_message(owi_scanner *scanner) {
    owi_frame *frame = owi_scan_top(scanner);
    owi_fields missing = frame->schema.required & ~frame->seen;
    for (unsigned i = 0; missing && i < frame->schema.descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &frame->schema.descriptor->fields[i];
        if (missing & OWI_FIELD(field->id)) {
            return owi_scan_damaged(scanner, frame->offset, "%s without %s",
                                    frame->schema.descriptor->short_name, field->name);
        }
    }
    if (frame->schema.type == OWI_MESSAGE_TENSOR) {
        OWI_TRY(owi_scan_tensor_end(scanner));
    } else if (frame->schema.type == OWI_MESSAGE_MODEL) {
        OWI_TRY(end_model(scanner, frame));
    } else if (is_external_entry(scanner)) {
        end_entry(scanner);
    }
    owi_skeleton_close(scanner, frame);
    scanner->depth--;
    return OWI_OK;
}

static owi_status note_ir_version(owi_scanner *scanner, const owi_field *field) {
    scanner->ir_version = field->value;
    if (field->value > OWI_LIMIT_IR && field->value <= INT64_MAX) {
        return owi_fail(scanner->error, OWI_UNSUPPORTED,
                        "%s: IR version %" PRIu64 " is newer than %d, the newest one known here",
                        scanner->source->path, field->value, OWI_LIMIT_IR);
    }
    return OWI_OK;
}

static owi_status take_field(owi_scanner *scanner, const owi_field *field) {
    const owi_frame *frame = owi_scan_top(scanner);
    scanner->at = field->end;
    if (!field->known) {
        return OWI_OK;
    }
    OWI_TRY(owi_scan_check_field(scanner, field));
    if (frame->schema.type == OWI_MESSAGE_TENSOR) {
        OWI_TRY(owi_scan_tensor_field(scanner, field));
    } else if (frame->schema.type == OWI_MESSAGE_MODEL && field->number == 1) {
        OWI_TRY(note_ir_version(scanner, field));
    } else if (is_external_entry(scanner)) {
        OWI_TRY(note_entry(scanner, field));
    }
    if (field->known->type == PROTOBUF_C_TYPE_MESSAGE) {
        return open_message(scanner, field);
    }
    return owi_scan_keep_field(scanner, field);
}

owi_status owi_scan_source(owi_source *source, owi_arena *arena, owi_scan *scan, owi_error *error) {
    owi_error unwanted;
    owi_scanner *scanner = owi_new(arena, owi_scanner, 1);
    scanner->source = source;
    scanner->arena = arena;
    scanner->error = error ? error : &unwanted;
    if (source->size == 0) {
        return owi_fail(error, OWI_INPUT, "%s: is empty", source->path);
    }
    owi_frame model = {.schema = owi_schema_of(&onnx__model_proto__descriptor),
                       .end = source->size};
    model.record = add_record(scanner, &model, 0);
    scanner->frames[scanner->depth++] = model;
    while (scanner->depth) {
        if (scanner->at == owi_scan_top(scanner)->end) {
            OWI_TRY(close_message(scanner));
        } else {
            owi_field field;
            OWI_TRY(owi_scan_read_field(scanner, &field));
            OWI_TRY(take_field(scanner, &field));
        }
    }
    *scan = (owi_scan){
        .records = scanner->records.items,
        .record_count = scanner->records.count,
        .locations = scanner->locations.items,
        .location_count = scanner->locations.count,
        .skeleton = scanner->skeleton.items,
        .skeleton_length = scanner->skeleton.count,
    };
    return OWI_OK;
}
