// schema.h: what the scanner has to know of the schema beyond protobuf-c's own descriptors.
#ifndef OWI_MODEL_SCHEMA_H
#define OWI_MODEL_SCHEMA_H

#include "model/scan.h"

#include <protobuf-c/protobuf-c.h>

// Field sets are bit masks: bit n stands for field n. No message of ONNX has a field above 63.
typedef uint64_t owi_fields;

#define OWI_FIELD(number) ((owi_fields)1 << (number))

// Fields of TensorProto that the scanner looks into.
enum {
    OWI_TENSOR_DIMS = 1,
    OWI_TENSOR_DATA_TYPE = 2,
    OWI_TENSOR_SEGMENT = 3,
    OWI_TENSOR_FLOAT_DATA = 4,
    OWI_TENSOR_INT32_DATA = 5,
    OWI_TENSOR_STRING_DATA = 6,
    OWI_TENSOR_INT64_DATA = 7,
    OWI_TENSOR_NAME = 8,
    OWI_TENSOR_RAW_DATA = 9,
    OWI_TENSOR_DOUBLE_DATA = 10,
    OWI_TENSOR_UINT64_DATA = 11,
    OWI_TENSOR_EXTERNAL_DATA = 13,
    OWI_TENSOR_DATA_LOCATION = 14
};

enum { OWI_GRAPH_INITIALIZER = 5 };

enum { OWI_NODE_INPUT = 1 };

typedef struct owi_schema {
    const ProtobufCMessageDescriptor *descriptor;
    owi_message type;
    owi_fields required; // whoever uses the struct relies on these
    owi_fields dropped;  // never in the skeleton
    owi_fields text;     // in the skeleton up to OWI_INLINE_TEXT bytes; not a name
    owi_fields payload;  // values of a tensor; in the skeleton when small
} owi_schema;

// The row of a message; for one that has nothing special, a row of type OTHER.
owi_schema owi_schema_of(const ProtobufCMessageDescriptor *descriptor);

// The wire type a field has when it is not packed.
unsigned owi_schema_wire(const ProtobufCFieldDescriptor *field);

// Whether a repeated field may also come packed.
bool owi_schema_packable(const ProtobufCFieldDescriptor *field);

#endif
