#include "model/scanner.h"

#include "model/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// What the file is instead of a model, or NULL.
static const char *foreign(const owi_source *source) {
    static const struct {
        size_t offset;
        const char *bytes, *what;
    } files[] = {
#define FOREIGN(offset, bytes, what) {offset, bytes, what},
#include "tables/foreign.def"
#undef FOREIGN
    };
    char head[32] = {0};
    size_t length = source->size < sizeof head ? (size_t)source->size : sizeof head;
    if (owi_source_read(source, 0, head, length, NULL) != OWI_OK) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (memcmp(head + files[i].offset, files[i].bytes, strlen(files[i].bytes)) == 0) {
            return files[i].what;
        }
    }
    return NULL;
}

owi_status owi_scan_damaged(const owi_scanner *scanner, uint64_t offset, const char *format, ...) {
    const char *what = foreign(scanner->source);
    if (what) {
        return owi_fail(scanner->error, OWI_INPUT, "%s: is no ONNX model, but %s",
                        scanner->source->path, what);
    }
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return owi_fail(scanner->error, OWI_INPUT,
                    "%s: damaged or not an ONNX model, byte %" PRIu64 ": %s", scanner->source->path,
                    offset, text);
}

static const char *message_name(const owi_scanner *scanner) {
    return scanner->frames[scanner->depth - 1].schema.descriptor->short_name;
}

// How many bytes the value of a field takes, and its number if it has one; the place of the value
// moves behind its length.
static owi_status read_extent(owi_scanner *scanner, owi_field *field, const uint8_t *bytes,
                              size_t length, uint64_t *size) {
    size_t more = owi_varint_read(bytes, length, &field->value);
    if (!more && (field->wire == OWI_WIRE_VARINT || field->wire == OWI_WIRE_BYTES)) {
        return owi_scan_damaged(scanner, field->content, "a number has no end");
    }
    switch (field->wire) {
    case OWI_WIRE_VARINT: *size = more; return OWI_OK;
    case OWI_WIRE_FIXED32: *size = 4; return OWI_OK;
    case OWI_WIRE_FIXED64: *size = 8; return OWI_OK;
    case OWI_WIRE_BYTES:
        field->content += more;
        *size = field->value;
        return OWI_OK;
    default:
        return owi_scan_damaged(scanner, field->offset, "wire type %u, which ONNX does not use",
                                field->wire);
    }
}

owi_status owi_scan_read_field(owi_scanner *scanner, owi_field *field) {
    const owi_frame *frame = owi_scan_top(scanner);
    uint64_t left = frame->end - scanner->at, tag, size = 0;
    size_t least = left < 2 * OWI_VARINT_MOST ? (size_t)left : 2 * OWI_VARINT_MOST, got;
    const uint8_t *bytes =
        owi_source_window(scanner->source, scanner->at, least, &got, scanner->error);
    if (!bytes) {
        return scanner->error->status;
    }
    size_t length = owi_varint_read(bytes, least, &tag);
    if (!length || tag > UINT32_MAX || tag >> 3 == 0) {
        return owi_scan_damaged(scanner, scanner->at, "no field of %s starts here",
                                message_name(scanner));
    }
    uint32_t number = (uint32_t)tag >> 3;
    *field = (owi_field){
        .known = protobuf_c_message_descriptor_get_field(frame->schema.descriptor, number),
        .number = number,
        .wire = tag & 7,
        .offset = scanner->at,
        .content = scanner->at + length,
    };
    OWI_TRY(read_extent(scanner, field, bytes + length, least - length, &size));
    left = frame->end - field->content;
    if (size > left) {
        return owi_scan_damaged(scanner, field->offset,
                                "field %" PRIu32 " of %s needs %" PRIu64 " bytes, but only %" PRIu64
                                " are left",
                                field->number, message_name(scanner), size, left);
    }
    field->end = field->content + size;
    return OWI_OK;
}

owi_status owi_scan_check_field(owi_scanner *scanner, const owi_field *field) {
    owi_frame *frame = owi_scan_top(scanner);
    bool packed = owi_schema_packable(field->known) && field->wire == OWI_WIRE_BYTES;
    if (!packed && field->wire != owi_schema_wire(field->known)) {
        return owi_scan_damaged(scanner, field->offset, "%s.%s has wire type %u",
                                message_name(scanner), field->known->name, field->wire);
    }
    bool again = frame->seen & OWI_FIELD(field->number);
    if (again && field->known->label != PROTOBUF_C_LABEL_REPEATED) {
        return owi_scan_damaged(scanner, field->offset, "%s.%s comes twice", message_name(scanner),
                                field->known->name);
    }
    frame->seen |= OWI_FIELD(field->number);
    return OWI_OK;
}

_Static_assert((int)OWI_LIMIT_NAME <= OWI_WINDOW, "names are read through the window");

// A name is a C string of bounded length.
static owi_status check_name(owi_scanner *scanner, const owi_field *field) {
    uint64_t length = field->end - field->content;
    if (length > OWI_LIMIT_NAME) {
        return owi_scan_damaged(scanner, field->offset, "%s.%s has %" PRIu64 " bytes, more than %d",
                                message_name(scanner), field->known->name, length, OWI_LIMIT_NAME);
    }
    size_t got;
    const uint8_t *name =
        owi_source_window(scanner->source, field->content, (size_t)length, &got, scanner->error);
    if (!name) {
        return scanner->error->status;
    }
    if (memchr(name, 0, (size_t)length)) {
        return owi_scan_damaged(scanner, field->offset, "%s.%s holds a NUL", message_name(scanner),
                                field->known->name);
    }
    return OWI_OK;
}

// A string that is no name and holds a NUL is as good as none.
static owi_status copy_text(owi_scanner *scanner, const owi_field *field) {
    size_t start = scanner->skeleton.count, length = (size_t)(field->end - field->content);
    owi_span whole = {field->offset, field->end - field->offset};
    OWI_TRY(owi_skeleton_copy(scanner, whole));
    const uint8_t *text = scanner->skeleton.items + scanner->skeleton.count - length;
    if (field->known->type == PROTOBUF_C_TYPE_STRING && memchr(text, 0, length)) {
        scanner->skeleton.count = start;
    }
    return OWI_OK;
}

owi_status owi_scan_keep_field(owi_scanner *scanner, const owi_field *field) {
    const owi_schema *schema = &owi_scan_top(scanner)->schema;
    owi_fields bit = OWI_FIELD(field->number);
    owi_span whole = {field->offset, field->end - field->offset};
    if (bit & (schema->dropped | schema->payload)) {
        return OWI_OK;
    }
    if (bit & schema->text) {
        return whole.length > OWI_INLINE_TEXT ? OWI_OK : copy_text(scanner, field);
    }
    if (field->known->type == PROTOBUF_C_TYPE_STRING) {
        OWI_TRY(check_name(scanner, field));
    }
    if (owi_schema_packable(field->known) && field->wire == OWI_WIRE_BYTES) {
        uint64_t count;
        OWI_TRY(owi_scan_packed(scanner, field, &count));
    }
    return owi_skeleton_copy(scanner, whole);
}
