#include "model/scanner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool is_initializer(const owi_frame *frame) {
    if (frame[-1].schema.type == OWI_MESSAGE_SPARSE_TENSOR && frame->field == 1) {
        frame--; // its values carry the name of a sparse initializer
    }
    return frame[-1].schema.type == OWI_MESSAGE_GRAPH;
}

static owi_status refuse(owi_scanner *scanner, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// OWI_INPUT: "path: initializer "w" at byte N: ...".
static owi_status refuse(owi_scanner *scanner, const char *format, ...) {
    const owi_frame *frame = owi_scan_top(scanner);
    const char *name = scanner->tensor.name;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return owi_fail(scanner->error, OWI_INPUT, "%s: %s \"%s\" at byte %" PRIu64 ": %s",
                    scanner->source->path, is_initializer(frame) ? "initializer" : "tensor",
                    name ? owi_shown(scanner->arena, name) : "", frame->offset, text);
}

// The typed array that values of a type stand in.
static uint32_t typed_field(owi_dtype dtype) {
    switch (dtype) {
    case OWI_DTYPE_FLOAT:
    case OWI_DTYPE_COMPLEX64: return OWI_TENSOR_FLOAT_DATA;
    case OWI_DTYPE_DOUBLE:
    case OWI_DTYPE_COMPLEX128: return OWI_TENSOR_DOUBLE_DATA;
    case OWI_DTYPE_INT64: return OWI_TENSOR_INT64_DATA;
    case OWI_DTYPE_UINT32:
    case OWI_DTYPE_UINT64: return OWI_TENSOR_UINT64_DATA;
    case OWI_DTYPE_STRING: return OWI_TENSOR_STRING_DATA;
    default: return OWI_TENSOR_INT32_DATA;
    }
}

// How many entries of it; `bytes` is what the elements would take in raw_data.
static uint64_t typed_entries(owi_dtype dtype, uint64_t elements, uint64_t bytes) {
    switch (dtype) {
    case OWI_DTYPE_COMPLEX64:
    case OWI_DTYPE_COMPLEX128: return 2 * elements;
    case OWI_DTYPE_UINT4:
    case OWI_DTYPE_INT4:
    case OWI_DTYPE_FLOAT4E2M1:
    case OWI_DTYPE_UINT2:
    case OWI_DTYPE_INT2: return bytes; // an entry holds as many elements as a byte
    default: return elements;
    }
}

static owi_status check_shape(owi_scanner *scanner, uint64_t *bytes) {
    const owi_tensor_scan *tensor = &scanner->tensor;
    if (!owi_dtype_known((int64_t)tensor->data_type)) {
        return refuse(scanner, "data_type %" PRId64 " is not a type of the standard",
                      (int64_t)tensor->data_type);
    }
    if (tensor->rank > OWI_LIMIT_RANK) {
        return refuse(scanner, "more than %d dims", OWI_LIMIT_RANK);
    }
    if (tensor->negative) {
        return refuse(scanner, "a dim is negative");
    }
    owi_dtype dtype = (owi_dtype)tensor->data_type;
    *bytes = 0;
    if (tensor->overflow || tensor->elements > OWI_LIMIT_ELEMENTS) {
        return refuse(scanner, "dims ask for more than 2^48 elements");
    }
    if (!tensor->empty && dtype != OWI_DTYPE_STRING) {
        owi_dtype_bytes(dtype, tensor->elements, bytes);
    }
    return OWI_OK;
}

static owi_status check_carrier(owi_scanner *scanner) {
    const owi_tensor_scan *tensor = &scanner->tensor;
    if (owi_scan_top(scanner)->seen & OWI_FIELD(OWI_TENSOR_SEGMENT)) {
        return refuse(scanner, "it is a segment of a larger tensor");
    }
    if (tensor->location > 1) {
        return refuse(scanner, "data_location %" PRIu64 " is not one of the standard",
                      tensor->location);
    }
    if (tensor->second) {
        return refuse(scanner, "values stand both in %s and in %s", tensor->carrier,
                      tensor->second);
    }
    if (tensor->mixed) {
        return refuse(scanner, "%s comes both packed and not packed", tensor->carrier);
    }
    if (tensor->location == 1 && tensor->found.field) {
        return refuse(scanner, "data_location is EXTERNAL, but values stand in %s",
                      tensor->carrier);
    }
    return OWI_OK;
}

static owi_status check_size(owi_scanner *scanner, uint64_t bytes) {
    const owi_tensor_scan *tensor = &scanner->tensor;
    owi_dtype dtype = (owi_dtype)tensor->data_type;
    bool raw = tensor->found.field == OWI_TENSOR_RAW_DATA;
    if (tensor->found.field == 0) {
        return OWI_OK;
    }
    if (raw ? dtype == OWI_DTYPE_STRING : tensor->found.field != typed_field(dtype)) {
        return refuse(scanner, "%s values cannot stand in %s", owi_dtype_name(dtype),
                      tensor->carrier);
    }
    uint64_t elements = tensor->empty ? 0 : tensor->elements;
    uint64_t wanted = raw ? bytes : typed_entries(dtype, elements, bytes);
    if (tensor->found.count != wanted) {
        return refuse(scanner,
                      "%s holds %" PRIu64 " %s, but dims and data_type %s ask for %" PRIu64,
                      tensor->carrier, tensor->found.count, raw ? "bytes" : "entries",
                      owi_dtype_name(dtype), wanted);
    }
    return OWI_OK;
}

// An initializer has a name that no other one of its graph has.
static owi_status check_name(owi_scanner *scanner) {
    owi_frame *frame = owi_scan_top(scanner);
    const char *name = scanner->tensor.name;
    if (!is_initializer(frame)) {
        return OWI_OK;
    }
    if (!name || !*name) {
        return refuse(scanner, "it has no name");
    }
    owi_frame *graph = frame - (frame[-1].schema.type == OWI_MESSAGE_GRAPH ? 1 : 2);
    if (owi_strmap_put(scanner->arena, &graph->names, name, graph)) {
        return refuse(scanner, "another initializer of the graph has this name");
    }
    return OWI_OK;
}

static owi_span *copy_spans(owi_arena *arena, const owi_spans *spans) {
    owi_span *copy = owi_new(arena, owi_span, spans->count);
    if (spans->count) {
        memcpy(copy, spans->items, spans->count * sizeof *copy);
    }
    return copy;
}

static void complete_record(owi_scanner *scanner) {
    owi_tensor_scan *tensor = &scanner->tensor;
    owi_tensor_record *found = owi_new(scanner->arena, owi_tensor_record, 1);
    *found = tensor->found;
    found->payload = tensor->location == 1                 ? OWI_PAYLOAD_EXTERNAL
                     : found->field == 0                   ? OWI_PAYLOAD_NONE
                     : found->field == OWI_TENSOR_RAW_DATA ? OWI_PAYLOAD_RAW
                                                           : OWI_PAYLOAD_TYPED;
    found->carriers = copy_spans(scanner->arena, &tensor->carriers);
    found->carrier_count = tensor->carriers.count;
    found->values = copy_spans(scanner->arena, &tensor->values);
    found->value_count = tensor->values.count;
    scanner->records.items[owi_scan_top(scanner)->record].tensor = found;
}

// Small values, and those that shapes and indices are made of, go into the skeleton.
static owi_status keep_values(owi_scanner *scanner) {
    const owi_tensor_scan *tensor = &scanner->tensor;
    bool integers = tensor->data_type == OWI_DTYPE_INT64 || tensor->data_type == OWI_DTYPE_INT32;
    if (tensor->bytes > (integers ? OWI_INLINE_INTEGERS : OWI_INLINE_PAYLOAD)) {
        return OWI_OK;
    }
    for (size_t i = 0; i < tensor->values.count; i++) {
        owi_span span = tensor->values.items[i];
        if (tensor->found.packed) {
            owi_skeleton_put_head(scanner, tensor->found.field, span.length);
        }
        OWI_TRY(owi_skeleton_copy(scanner, span));
    }
    return OWI_OK;
}

owi_status owi_scan_tensor_end(owi_scanner *scanner) {
    uint64_t bytes = 0;
    OWI_TRY(check_shape(scanner, &bytes));
    OWI_TRY(check_carrier(scanner));
    OWI_TRY(check_size(scanner, bytes));
    OWI_TRY(check_name(scanner));
    complete_record(scanner);
    return keep_values(scanner);
}
