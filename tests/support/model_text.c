#include "support/model_text.h"

#include "support/text_parts.h"

#include <string.h>

// `field` points to the array of a model or of a function.
static void opsets(reader *p, void *field, size_t *count) {
    reader_expect(p, "[");
    do {
        NEW(p, OperatorSetIdProto, OPERATOR_SET_ID_PROTO, opset);
        opset->domain = reader_quoted(p);
        reader_expect(p, ":");
        opset->has_version = 1;
        opset->version = reader_integer(p);
        text_append(p, field, count, &opset, sizeof opset);
    } while (reader_accept(p, ","));
    reader_expect(p, "]");
}

static void model_property(reader *p, Onnx__ModelProto *model) {
    const char *key = reader_identifier(p);
    reader_expect(p, ":");
    if (strcmp(key, "ir_version") == 0) {
        model->ir_version = reader_integer(p);
        model->has_ir_version = 1;
    } else if (strcmp(key, "model_version") == 0) {
        model->model_version = reader_integer(p);
        model->has_model_version = 1;
    } else if (strcmp(key, "opset_import") == 0) {
        opsets(p, &model->opset_import, &model->n_opset_import);
    } else if (strcmp(key, "producer_name") == 0) {
        model->producer_name = reader_quoted(p);
    } else if (strcmp(key, "producer_version") == 0) {
        model->producer_version = reader_quoted(p);
    } else if (strcmp(key, "domain") == 0) {
        model->domain = reader_quoted(p);
    } else if (strcmp(key, "doc_string") == 0) {
        model->doc_string = reader_quoted(p);
    } else {
        reader_fail(p, "expected a property of a model before this");
    }
}

static void function_property(reader *p, Onnx__FunctionProto *function) {
    const char *key = reader_identifier(p);
    reader_expect(p, ":");
    if (strcmp(key, "opset_import") == 0) {
        opsets(p, &function->opset_import, &function->n_opset_import);
    } else if (strcmp(key, "domain") == 0) {
        function->domain = reader_quoted(p);
    } else if (strcmp(key, "overload") == 0) {
        function->overload = reader_quoted(p);
    } else {
        reader_fail(p, "expected a property of a function before this");
    }
}

static void parameters(reader *p, Onnx__FunctionProto *function) {
    if (!reader_accept(p, "<")) {
        return;
    }
    do {
        char *called = reader_identifier(p);
        if (reader_peek(p) == ':' || reader_peek(p) == '=') {
            Onnx__AttributeProto *preset = text_attribute(p, called);
            ADD(p, function, attribute_proto, preset);
        } else {
            ADD(p, function, attribute, called);
        }
    } while (reader_accept(p, ","));
    reader_expect(p, ">");
}

static void values(reader *p, void *field, size_t *count) {
    reader_expect(p, "(");
    if (reader_accept(p, ")")) {
        return;
    }
    do {
        char *value = text_value_info(p)->name;
        text_append(p, field, count, &value, sizeof value);
    } while (reader_accept(p, ","));
    reader_expect(p, ")");
}

static Onnx__FunctionProto *function(reader *p) {
    NEW(p, FunctionProto, FUNCTION_PROTO, made);
    if (reader_accept(p, "<")) {
        do {
            function_property(p, made);
        } while (reader_accept(p, ","));
        reader_expect(p, ">");
    }
    made->name = reader_name(p);
    parameters(p, made);
    values(p, &made->input, &made->n_input);
    reader_expect(p, "=>");
    values(p, &made->output, &made->n_output);
    reader_expect(p, "{");
    while (!reader_accept(p, "}")) {
        Onnx__NodeProto *next = text_node(p);
        ADD(p, made, node, next);
    }
    return made;
}

static Onnx__ModelProto *model(reader *p) {
    NEW(p, ModelProto, MODEL_PROTO, made);
    if (reader_accept(p, "<")) {
        do {
            model_property(p, made);
        } while (reader_accept(p, ","));
        reader_expect(p, ">");
    }
    made->graph = text_graph(p);
    while (reader_peek(p)) {
        Onnx__FunctionProto *next = function(p);
        ADD(p, made, functions, next);
    }
    return made;
}

bool model_text_parse(const char *text, owi_arena *arena, uint8_t **bytes, size_t *length,
                      char error[READER_ERROR]) {
    reader *p = owi_new(arena, reader, 1); // no local: setjmp keeps none that change
    *p = (reader){.start = text, .at = text, .arena = arena, .error = error};
    if (setjmp(p->failed)) {
        return false;
    }
    const Onnx__ModelProto *made = model(p);
    *length = onnx__model_proto__get_packed_size(made);
    *bytes = owi_new(arena, uint8_t, *length);
    onnx__model_proto__pack(made, *bytes);
    return true;
}
