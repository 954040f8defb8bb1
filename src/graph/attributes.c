#include "graph/graph.h"

#include <string.h>

static const Onnx__AttributeProto *find(Onnx__AttributeProto **attributes, size_t count,
                                        const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (attributes[i]->name && strcmp(attributes[i]->name, name) == 0) {
            return attributes[i];
        }
    }
    return NULL;
}

// In a function's body an attribute may stand for one of the call's, or for its default.
static const Onnx__AttributeProto *resolve(const Onnx__AttributeProto *attribute,
                                           const owi_call *call) {
    while (attribute && attribute->ref_attr_name && *attribute->ref_attr_name) {
        if (!call) {
            return NULL;
        }
        const char *name = attribute->ref_attr_name;
        const Onnx__NodeProto *caller = call->node->proto;
        attribute = find(caller->attribute, caller->n_attribute, name);
        if (!attribute) {
            return find(call->function->attribute_proto, call->function->n_attribute_proto, name);
        }
        call = call->node->call;
    }
    return attribute;
}

const Onnx__AttributeProto *owi_attribute(const owi_node *node, const char *name) {
    if (!node->proto) {
        return NULL;
    }
    return resolve(find(node->proto->attribute, node->proto->n_attribute, name), node->call);
}

int64_t owi_attribute_integer(const owi_node *node, const char *name, int64_t otherwise) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, name);
    return attribute && attribute->has_i ? attribute->i : otherwise;
}

double owi_attribute_real(const owi_node *node, const char *name, double otherwise) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, name);
    return attribute && attribute->has_f ? (double)attribute->f : otherwise;
}

const int64_t *owi_attribute_integers(const owi_node *node, const char *name, size_t *count) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, name);
    *count = attribute ? attribute->n_ints : 0;
    return attribute && attribute->n_ints ? attribute->ints : NULL;
}

static owi_activation activation_named(const ProtobufCBinaryData *name) {
    char text[32] = "";
    if (name->len >= sizeof text) {
        return OWI_ACTIVATION_COUNT;
    }
    memcpy(text, name->data, name->len);
    owi_activation of_op = owi_op_activation(owi_op_find("", text));
    return of_op != OWI_ACTIVATION_none ? of_op : owi_activation_find(text);
}

owi_activation owi_attribute_activation(const owi_node *node, const char *name) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, name);
    return attribute && attribute->has_s ? activation_named(&attribute->s) : OWI_ACTIVATION_COUNT;
}

owi_activation owi_attribute_activation_at(const owi_node *node, const char *name, size_t index) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, name);
    return attribute && index < attribute->n_strings ? activation_named(&attribute->strings[index])
                                                     : OWI_ACTIVATION_COUNT;
}

const int64_t *owi_parameter_integers(const owi_node *node, size_t input, const char *name,
                                      size_t *count) {
    if (owi_input(node, input)) {
        return owi_known_integers(node->inputs[input], count);
    }
    return owi_attribute_integers(node, name, count);
}
