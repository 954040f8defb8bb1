// test_model_text.c: models written as text become the bytes that were meant. The grammar as a
// whole is compared with ONNX's own parser in tests/ecosystem/check_text.py.
#include "support/model_text.h"

#include "base/dtype.h"
#include "onnx.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static owi_arena arena;
static char error[READER_ERROR];

static Onnx__ModelProto *parsed(const char *text) {
    uint8_t *bytes;
    size_t length;
    if (!model_text_parse(text, &arena, &bytes, &length, error)) {
        fail_msg("%s", error);
    }
    Onnx__ModelProto *model = onnx__model_proto__unpack(NULL, length, bytes);
    assert_non_null(model);
    return model;
}

static void refused(const char *text, const char *expected) {
    uint8_t *bytes;
    size_t length;
    assert_false(model_text_parse(text, &arena, &bytes, &length, error));
    assert_string_equal(error, expected);
}

static int free_arena(void **state) {
    (void)state;
    owi_arena_free(&arena);
    return 0;
}

static void entries_are_initializers_unless_a_node_makes_them(void **state) {
    (void)state;
    Onnx__ModelProto *model =
        parsed("<ir_version: 8, opset_import: [\"\" : 17]>\n"
               "g (float[N,3] x) => (float[N,2] y)\n"
               "<float[2,3] w, float[2] \"the.bias\" = {0, 1.5}, float[N,2] t>\n"
               "{ [n] t = Gemm<transB = 1>(x, w, \"the.bias\") y = Relu(t) }");
    const Onnx__GraphProto *graph = model->graph;
    assert_int_equal(graph->n_initializer, 2);
    assert_string_equal(graph->initializer[0]->name, "w");
    assert_int_equal(graph->initializer[0]->data_type, OWI_DTYPE_FLOAT);
    assert_int_equal(graph->initializer[0]->n_dims, 2);
    assert_int_equal(graph->initializer[0]->dims[1], 3);
    assert_int_equal(graph->initializer[0]->n_float_data, 0);
    assert_string_equal(graph->initializer[1]->name, "the.bias");
    assert_true(graph->initializer[1]->float_data[1] == 1.5F);
    assert_int_equal(graph->n_value_info, 1);
    assert_string_equal(graph->value_info[0]->name, "t");
    assert_string_equal(graph->node[0]->name, "n");
    assert_string_equal(graph->node[0]->attribute[0]->name, "transB");
    assert_int_equal(graph->node[0]->attribute[0]->i, 1);
    assert_int_equal(model->opset_import[0]->version, 17);
    onnx__model_proto__free_unpacked(model, NULL);
}

static void bodies_and_functions_nest(void **state) {
    (void)state;
    Onnx__ModelProto *model =
        parsed("g (bool c, float x) => (float y) {\n"
               "  y = If(c) <then_branch = t () => (float a) <float[2] w> { a = Identity(x) },\n"
               "             else_branch = e () => (float b) { b = d.e.f<alpha = 0.5>(x) }>\n"
               "}\n"
               "<domain: \"d.e\", opset_import: [\"\" : 17]>\n"
               "f <alpha, beta: float = 2> (x) => (y) { y = Elu<alpha: float = @alpha>(x) }");
    const Onnx__NodeProto *branch = model->graph->node[0];
    assert_int_equal(branch->n_attribute, 2);
    assert_string_equal(branch->attribute[0]->g->initializer[0]->name, "w");
    const Onnx__NodeProto *call = branch->attribute[1]->g->node[0];
    assert_string_equal(call->domain, "d.e");
    assert_string_equal(call->op_type, "f");
    const Onnx__FunctionProto *function = model->functions[0];
    assert_string_equal(function->attribute[0], "alpha");
    assert_true(function->attribute_proto[0]->f == 2.0F);
    assert_string_equal(function->node[0]->attribute[0]->ref_attr_name, "alpha");
    onnx__model_proto__free_unpacked(model, NULL);
}

static void mistakes_have_a_place(void **state) {
    (void)state;
    refused("g (float x => (float y) {}", "1:13: expected )");
    refused("g () => () <float[N] w> { }", "1:28: expected a tensor of known dims before this");
    refused("g () => () {\n  y = (x)\n}", "2:7: expected an identifier");
    refused("g () => () { y = Op<a = []>() }", "1:27: expected a type for an empty list");
    refused("g () => () { y = Op<a = \"open>() }", "1:35: expected \" at the end of the string");
    refused("<ir_versoin: 8> g () => () {}", "1:13: expected a property of a model before this");
}

static void depth_is_bounded(void **state) {
    (void)state;
    char text[40 * 300] = "";
    for (int i = 0; i < 300; i++) {
        strcat(text, "g () => () { y = If(c) <then_branch = ");
    }
    refused(text, "1:7601: expected fewer graphs in graphs");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_initializers_unless_a_node_makes_them),
        cmocka_unit_test(bodies_and_functions_nest),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests_name("model_text", tests, NULL, free_arena);
}
