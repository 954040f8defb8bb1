#include "support/text_parts.h"

#include "base/dtype.h"

#include <string.h>

// Room doubles whenever the count is a power of two.
void text_append(reader *p, void *field, size_t *count, const void *item, size_t size) {
    void *items;
    memcpy(&items, field, sizeof items);
    if ((*count & (*count - 1)) == 0) {
        void *larger = owi_arena_array(p->arena, *count ? *count * 2 : 1, size);
        if (*count) {
            memcpy(larger, items, *count * size);
        }
        items = larger;
        memcpy(field, &items, sizeof items);
    }
    memcpy((char *)items + (*count)++ * size, item, size);
}

// The element type of this name, or UNDEFINED. Reports call float and double by their widths.
static int32_t element_type(const char *word) {
    if (strcmp(word, "float") == 0) {
        return OWI_DTYPE_FLOAT;
    }
    if (strcmp(word, "double") == 0) {
        return OWI_DTYPE_DOUBLE;
    }
    for (int32_t number = 1; owi_dtype_known(number); number++) {
        if (strcmp(owi_dtype_name((owi_dtype)number), word) == 0) {
            return number;
        }
    }
    return OWI_DTYPE_UNDEFINED;
}

bool text_is_type_next(reader *p) {
    const char *at = p->at;
    bool is_type = reader_is_letter(reader_peek(p)) && element_type(reader_identifier(p));
    p->at = at;
    return is_type;
}

Onnx__TypeProto *text_type(reader *p) {
    NEW(p, TypeProto, TYPE_PROTO, made);
    NEW(p, TypeProto__Tensor, TYPE_PROTO__TENSOR, tensor);
    NEW(p, TensorShapeProto, TENSOR_SHAPE_PROTO, shape);
    tensor->has_elem_type = 1;
    tensor->elem_type = element_type(reader_identifier(p));
    if (!tensor->elem_type) {
        reader_fail(p, "expected a tensor type before this");
    }
    made->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    made->tensor_type = tensor;
    tensor->shape = shape;
    if (!reader_accept(p, "[")) {
        return made;
    }
    if (reader_accept(p, "]")) {
        tensor->shape = NULL;
        return made;
    }
    do {
        NEW(p, TensorShapeProto__Dimension, TENSOR_SHAPE_PROTO__DIMENSION, dim);
        if (reader_peek(p) == '"' || reader_is_letter(reader_peek(p))) {
            dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
            dim->dim_param = reader_name(p);
        } else if (!reader_accept(p, "?")) {
            dim->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
            dim->dim_value = reader_integer(p);
        }
        ADD(p, shape, dim, dim);
    } while (reader_accept(p, ","));
    reader_expect(p, "]");
    return made;
}

ProtobufCBinaryData text_bytes(char *text) {
    return (ProtobufCBinaryData){strlen(text), (uint8_t *)text};
}

// One value into the field that the standard has for the type. 16-bit floats are their bits.
static void element(reader *p, Onnx__TensorProto *tensor) {
    int64_t whole;
    double real;
    if (tensor->data_type == OWI_DTYPE_STRING) {
        ProtobufCBinaryData text = text_bytes(reader_quoted(p));
        ADD(p, tensor, string_data, text);
        return;
    }
    bool is_whole = reader_number(p, &whole, &real);
    float single = (float)real;
    int32_t narrow = (int32_t)whole;
    uint64_t wide = (uint64_t)whole;
    if (tensor->data_type == OWI_DTYPE_FLOAT) {
        ADD(p, tensor, float_data, single);
    } else if (tensor->data_type == OWI_DTYPE_DOUBLE) {
        ADD(p, tensor, double_data, real);
    } else if (!is_whole) {
        reader_fail(p, "expected an integer before this");
    } else if (tensor->data_type == OWI_DTYPE_INT64) {
        ADD(p, tensor, int64_data, whole);
    } else if (tensor->data_type == OWI_DTYPE_UINT32 || tensor->data_type == OWI_DTYPE_UINT64) {
        ADD(p, tensor, uint64_data, wide);
    } else {
        ADD(p, tensor, int32_data, narrow);
    }
}

static void external(reader *p, Onnx__TensorProto *tensor) {
    tensor->has_data_location = 1;
    tensor->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
    do {
        NEW(p, StringStringEntryProto, STRING_STRING_ENTRY_PROTO, entry);
        entry->key = reader_quoted(p);
        reader_expect(p, ":");
        entry->value = reader_quoted(p);
        ADD(p, tensor, external_data, entry);
    } while (reader_accept(p, ","));
    reader_expect(p, "]");
}

Onnx__TensorProto *text_tensor(reader *p, const Onnx__TypeProto *from, char *called) {
    NEW(p, TensorProto, TENSOR_PROTO, tensor);
    const Onnx__TensorShapeProto *shape = from ? from->tensor_type->shape : NULL;
    if (!shape) {
        reader_fail(p, "expected a tensor of known rank before this");
    }
    tensor->name = called;
    tensor->has_data_type = 1;
    tensor->data_type = from->tensor_type->elem_type;
    for (size_t i = 0; i < shape->n_dim; i++) {
        if (shape->dim[i]->value_case != ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE) {
            reader_fail(p, "expected a tensor of known dims before this");
        }
        ADD(p, tensor, dims, shape->dim[i]->dim_value);
    }
    if (reader_accept(p, "[")) {
        external(p, tensor);
    } else if (reader_accept(p, "{") && !reader_accept(p, "}")) {
        do {
            element(p, tensor);
        } while (reader_accept(p, ","));
        reader_expect(p, "}");
    }
    return tensor;
}

Onnx__ValueInfoProto *text_value_info(reader *p) {
    NEW(p, ValueInfoProto, VALUE_INFO_PROTO, info);
    if (text_is_type_next(p)) {
        info->type = text_type(p);
    }
    info->name = reader_name(p);
    return info;
}
