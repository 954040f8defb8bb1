#include "model/schema.h"

#include "model/wire.h"
#include "onnx.pb-c.h"

#define F(number) OWI_FIELD(number)

static const owi_schema schemas[] = {
    {.descriptor = &onnx__model_proto__descriptor,
     .type = OWI_MESSAGE_MODEL,
     .required = F(1) | F(7), // ir_version, graph
     .dropped = F(6)},
    {.descriptor = &onnx__graph_proto__descriptor, .type = OWI_MESSAGE_GRAPH, .dropped = F(10)},
    {.descriptor = &onnx__node_proto__descriptor,
     .type = OWI_MESSAGE_NODE,
     .required = F(4), // op_type
     .dropped = F(6)},
    {.descriptor = &onnx__attribute_proto__descriptor,
     .type = OWI_MESSAGE_ATTRIBUTE,
     .required = F(1), // name
     .dropped = F(13),
     .text = F(4) | F(9)}, // s, strings
    {.descriptor = &onnx__tensor_proto__descriptor,
     .type = OWI_MESSAGE_TENSOR,
     .dropped = F(12),
     .payload = F(4) | F(5) | F(6) | F(7) | F(9) | F(10) | F(11)},
    {.descriptor = &onnx__sparse_tensor_proto__descriptor,
     .type = OWI_MESSAGE_SPARSE_TENSOR,
     .required = F(1) | F(2)}, // values, indices
    {.descriptor = &onnx__value_info_proto__descriptor,
     .type = OWI_MESSAGE_VALUE_INFO,
     .required = F(1), // name
     .dropped = F(3)},
    {.descriptor = &onnx__function_proto__descriptor,
     .type = OWI_MESSAGE_FUNCTION,
     .required = F(1), // name
     .dropped = F(8)},
    {.descriptor = &onnx__training_info_proto__descriptor, .type = OWI_MESSAGE_TRAINING},
    {.descriptor = &onnx__string_string_entry_proto__descriptor,
     .type = OWI_MESSAGE_METADATA,
     .text = F(2)}, // value
};

owi_schema owi_schema_of(const ProtobufCMessageDescriptor *descriptor) {
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++) {
        if (schemas[i].descriptor == descriptor) {
            return schemas[i];
        }
    }
    return (owi_schema){.descriptor = descriptor, .type = OWI_MESSAGE_OTHER};
}

unsigned owi_schema_wire(const ProtobufCFieldDescriptor *field) {
    switch (field->type) {
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FLOAT: return OWI_WIRE_FIXED32;
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_DOUBLE: return OWI_WIRE_FIXED64;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE: return OWI_WIRE_BYTES;
    default: return OWI_WIRE_VARINT;
    }
}

bool owi_schema_packable(const ProtobufCFieldDescriptor *field) {
    return field->label == PROTOBUF_C_LABEL_REPEATED && owi_schema_wire(field) != OWI_WIRE_BYTES;
}
