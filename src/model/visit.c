#include "model/model.h"

typedef struct visitor {
    void (*visit)(void *context, const Onnx__TensorProto *tensor);
    void *context;
} visitor;

// Goes through the messages by protobuf-c's own description of them, so that no place is forgotten.
// The scan has bounded the depth.
static void visit_message(const visitor *to, const ProtobufCMessage *message);

static void visit_field(const visitor *to, const ProtobufCMessage *message,
                        const ProtobufCFieldDescriptor *field) {
    const char *bytes = (const char *)message;
    const void *member = bytes + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        size_t count = *(const size_t *)(const void *)(bytes + field->quantifier_offset);
        for (size_t i = 0; i < count; i++) {
            visit_message(to, (*(ProtobufCMessage *const *const *)member)[i]);
        }
        return;
    }
    bool other = field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF &&
                 *(const uint32_t *)(const void *)(bytes + field->quantifier_offset) != field->id;
    if (!other && *(const ProtobufCMessage *const *)member) {
        visit_message(to, *(const ProtobufCMessage *const *)member);
    }
}

static void visit_message(const visitor *to, const ProtobufCMessage *message) {
    if (message->descriptor == &onnx__tensor_proto__descriptor) {
        to->visit(to->context, (const Onnx__TensorProto *)message);
        return;
    }
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        if (message->descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE) {
            visit_field(to, message, &message->descriptor->fields[i]);
        }
    }
}

void owi_tensors_visit(const owi_model *model,
                       void (*visit)(void *context, const Onnx__TensorProto *tensor),
                       void *context) {
    visitor to = {visit, context};
    visit_message(&to, &model->proto->base);
}
