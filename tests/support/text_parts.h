// text_parts.h: the parts of the parser behind model_text.h. Everything made lives in the reader's
// arena; a part that does not find what it expects goes to reader_fail.
#ifndef TESTS_SUPPORT_TEXT_PARTS_H
#define TESTS_SUPPORT_TEXT_PARTS_H

#include "onnx.pb-c.h"
#include "support/reader.h"

// Adds an item to an array of protobuf-c. `field` points to the array's pointer.
void text_append(reader *p, void *field, size_t *count, const void *item, size_t size);

#define ADD(p, owner, field, item)                                                                 \
    text_append((p), &(owner)->field, &(owner)->n_##field, &(item), sizeof(item))

#define NEW(p, Type, INIT, variable)                                                               \
    Onnx__##Type *variable = owi_new((p)->arena, Onnx__##Type, 1);                                 \
    *variable = (Onnx__##Type)ONNX__##INIT##__INIT

ProtobufCBinaryData text_bytes(char *text);

// Whether a type stands next.
bool text_is_type_next(reader *p);

// "float" is a scalar, "float[]" of unknown rank, "float[N,3]" of known rank.
Onnx__TypeProto *text_type(reader *p);

// The tensor of a type with numbers for dims: values, external data, or neither.
Onnx__TensorProto *text_tensor(reader *p, const Onnx__TypeProto *from, char *called);

// A name, perhaps with a type before it.
Onnx__ValueInfoProto *text_value_info(reader *p);

// What follows an attribute's name.
Onnx__AttributeProto *text_attribute(reader *p, char *called);

Onnx__NodeProto *text_node(reader *p);

Onnx__GraphProto *text_graph(reader *p);

#endif
