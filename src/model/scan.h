// scan.h: a small iterative wire scanner in front of protobuf-c. It enforces the limits, notes
// where each message and each payload lies in the file, and makes the *skeleton*: the same message
// without large payloads, which protobuf-c unpacks into kilobytes whatever the model weighs.
//
// Left out of the skeleton: values of tensors beyond OWI_INLINE_PAYLOAD bytes (int32 and int64,
// the types of shapes, axes and indices: beyond OWI_INLINE_INTEGERS), all string_data, doc strings,
// other text beyond OWI_INLINE_TEXT, unknown fields. The splice still copies every one of them.
#ifndef OWI_MODEL_SCAN_H
#define OWI_MODEL_SCAN_H

#include "base/limits.h"
#include "model/source.h"

#include <stdbool.h>

enum {
    OWI_INLINE_PAYLOAD = 64,       // payloads up to this many bytes stay in the skeleton ...
    OWI_INLINE_INTEGERS = 1 << 20, // ... int32 and int64 up to this many
    OWI_INLINE_TEXT = 1 << 20
};

typedef enum owi_message {
    OWI_MESSAGE_MODEL,
    OWI_MESSAGE_GRAPH,
    OWI_MESSAGE_NODE,
    OWI_MESSAGE_ATTRIBUTE,
    OWI_MESSAGE_TENSOR,
    OWI_MESSAGE_SPARSE_TENSOR,
    OWI_MESSAGE_VALUE_INFO,
    OWI_MESSAGE_FUNCTION,
    OWI_MESSAGE_TRAINING, // TrainingInfoProto
    OWI_MESSAGE_METADATA, // StringStringEntryProto
    OWI_MESSAGE_OTHER     // checked like the rest, but neither it nor what it holds has a record
} owi_message;

// One place in the file: [offset, offset + length).
typedef struct owi_span {
    uint64_t offset, length;
} owi_span;

typedef enum owi_payload {
    OWI_PAYLOAD_NONE,     // no value: no carrier at all, or one of no bytes
    OWI_PAYLOAD_RAW,      // raw_data
    OWI_PAYLOAD_TYPED,    // float_data, int32_data, int64_data, double_data, uint64_data, strings
    OWI_PAYLOAD_EXTERNAL, // data_location is EXTERNAL
} owi_payload;

// What lies where, for a TensorProto. Neighbouring spans are joined.
typedef struct owi_tensor_record {
    owi_payload payload;
    uint64_t count;       // bytes of raw_data, or entries of the typed array
    owi_span *carriers;   // every field that carries the value, tag and all, in file order:
    size_t carrier_count; // raw_data, typed arrays, external_data entries, data_location
    owi_span *values;     // the payload bytes inside the carriers, without tag and length; of a
    size_t value_count;   // typed array that is not packed: the fields, tags and all; of strings: 0
    uint32_t field;       // TensorProto field number of the payload (9: raw_data), 0: none
    bool packed;          // typed arrays: packed, or a field for each value
} owi_tensor_record;

typedef struct owi_record {
    owi_message type;
    uint32_t field;  // the field number it has in its parent
    uint32_t parent; // record of the enclosing message; the model is record 0 and its own parent
    owi_span whole;  // tag and length included
    owi_span content;
    owi_tensor_record *tensor; // of OWI_MESSAGE_TENSOR, else NULL
} owi_record;

typedef struct owi_scan {
    owi_record *records; // in file order, parents before children
    size_t record_count;
    const char **locations; // the external files that tensors name, each once, as written
    size_t location_count;
    uint8_t *skeleton;
    size_t skeleton_length;
} owi_scan;

// Every message of the skeleton that has a record carries the record's index in a varint field of
// this number, which no schema uses (the last but one protobuf allows).
enum { OWI_RECORD_FIELD = 536870910 };

// Scans the whole file. OWI_INPUT, with byte offset and reason, for whatever is not one well-formed
// ModelProto within the limits: truncated or trailing bytes, wrong wire types, nesting too deep, a
// singular message or scalar field that comes twice, a NUL inside a name, a tensor with two
// carriers, a segment, a type the standard does not know, a payload whose size is neither zero nor
// what dims and data_type ask for, a negative dim or a product of dims that overflows, an
// initializer without name, duplicate names of initializers in a graph, no graph, no ir_version, no
// opset_import (from IR 3 on), a node without op_type, an attribute, function or value info without
// name. OWI_UNSUPPORTED for an ir_version newer than OWI_LIMIT_IR.
owi_status owi_scan_source(owi_source *source, owi_arena *arena, owi_scan *scan, owi_error *error);

#endif
