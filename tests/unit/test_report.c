// test_report.c: hand-made plans in every format.
#include "plan/plan.h"
#include "report/report.h"
#include "support/buffer.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// A plan of three rows: a packed weight, a bias with an awkward name, a constant; and one unknown.
static const int64_t shape[] = {8, 4}, top[] = {0, 0}, bottom[] = {4, 0}, half[] = {4, 4},
                     one[] = {4};
static const owi_block parts[] = {
    {"q", 0, 0, 4, top, half, 4, 4, "none", 1, "xavier_uniform", 0.5, NAN},
    {"k", 0, 4, 4, bottom, half, 4, 4, "none", 1, "xavier_uniform", 0.5, NAN},
};
static const char *const views[] = {"Transpose", "Reshape"};
static const char *const uses[] = {"/out"};
static const char *const warnings[] = {"a bias that \033[31mblinks\033[0m"};
static const owi_row rows[] = {
    {.name = "attention.weight",
     .graph = "main",
     .carrier = "initializer",
     .shape = shape,
     .rank = 2,
     .dtype = "float32",
     .elements = 32,
     .fill = true,
     .role = "linear.weight",
     .op = "MatMul",
     .node = "/mm",
     .slot = 1,
     .path = views,
     .path_count = 2,
     .activation = "none",
     .activation_before = "relu",
     .fan_in = 4,
     .fan_out = 4,
     .gain = 1.4142135623730951,
     .scheme = "xavier_uniform",
     .std = 0.5,
     .low = -0.8660254037844386,
     .high = 0.8660254037844386,
     .value = NAN,
     .blocks = parts,
     .block_count = 2,
     .trainable = true,
     .tied_with = uses,
     .tied_count = 1,
     .reason = "because, \"as\" said"},
    {.name = "=SUM(A1)\n",
     .graph = "main",
     .carrier = "initializer",
     .shape = one,
     .rank = 1,
     .dtype = "float32",
     .elements = 4,
     .fill = true,
     .role = "bias",
     .op = "Add",
     .slot = 1,
     .fan_in = NAN,
     .fan_out = NAN,
     .gain = NAN,
     .scheme = "zeros",
     .std = 0,
     .low = NAN,
     .high = NAN,
     .value = 0,
     .trainable = true,
     .warnings = warnings,
     .warning_count = 1},
    {.name = "mask",
     .graph = "main",
     .carrier = "initializer",
     .dtype = "float32",
     .elements = 1,
     .role = "constant",
     .slot = -1,
     .fan_in = NAN,
     .fan_out = NAN,
     .gain = NAN,
     .std = NAN,
     .low = NAN,
     .high = NAN,
     .value = NAN},
    {.name = "mystery",
     .graph = "main",
     .carrier = "initializer",
     .shape = one,
     .rank = 1,
     .dtype = "float32",
     .elements = 4,
     .role = "unknown",
     .slot = -1,
     .fan_in = NAN,
     .fan_out = NAN,
     .gain = NAN,
     .std = NAN,
     .low = NAN,
     .high = NAN,
     .value = NAN},
};

static Onnx__OperatorSetIdProto opset = ONNX__OPERATOR_SET_ID_PROTO__INIT;
static Onnx__OperatorSetIdProto *opsets[] = {&opset};
static Onnx__GraphProto inner = ONNX__GRAPH_PROTO__INIT, graph = ONNX__GRAPH_PROTO__INIT;
static Onnx__AttributeProto body = ONNX__ATTRIBUTE_PROTO__INIT;
static Onnx__AttributeProto *attributes[] = {&body};
static Onnx__NodeProto plain = ONNX__NODE_PROTO__INIT, branch = ONNX__NODE_PROTO__INIT;
static Onnx__NodeProto *inner_nodes[] = {&plain}, *nodes[] = {&plain, &branch};
static Onnx__ModelProto proto = ONNX__MODEL_PROTO__INIT;
static owi_model model = {.proto = &proto, .source = {.path = "m.onnx", .size = 1234}};
static owi_plan plan = {
    .model = &model,
    .rows = rows,
    .count = 4,
    .seed = 7,
    .summary = {.filled = 2,
                .kept = 1,
                .unknown = 1,
                .elements_filled = 1234567,
                .profile = "language",
                .profile_reason = "attention\tfound"},
};

static int set_up(void **state) {
    (void)state;
    opset.version = 17;
    opset.has_version = 1;
    proto.ir_version = 8;
    proto.n_opset_import = 1;
    proto.opset_import = opsets;
    proto.producer_name = "torch";
    proto.producer_version = "2.1";
    proto.graph = &graph;
    graph.n_node = 2;
    graph.node = nodes;
    branch.n_attribute = 1;
    branch.attribute = attributes;
    body.g = &inner;
    inner.n_node = 1;
    inner.node = inner_nodes;
    return 0;
}

static buffer made(owi_report_options options) {
    buffer text = {0};
    owi_error error = {OWI_OK, ""};
    assert_int_equal(owi_report(&plan, &options, buffer_sink, &text, &error), OWI_OK);
    assert_non_null(text.text);
    return text;
}

static json_t *member(json_t *tensor, const char *key) {
    json_t *value = json_object_get(tensor, key);
    assert_non_null(value);
    return value;
}

static void json_has_every_field_in_order(void **state) {
    (void)state;
    buffer text = made((owi_report_options){.format = OWI_JSON});
    json_t *report = json_loads(text.text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(report);
    static const char *const keys[] = {"format",  "version", "model",   "seed",
                                       "profile", "summary", "tensors", "warnings"};
    size_t i = 0;
    const char *key;
    json_t *value;
    json_object_foreach(report, key, value) {
        assert_string_equal(key, keys[i++]);
    }
    assert_int_equal(i, 8);
    json_t *tensor = json_array_get(member(report, "tensors"), 0);
    static const char *const fields[] = {
        "name",   "graph",   "carrier",   "shape",     "dtype",  "elements",   "action",
        "role",   "op",      "node",      "slot",      "path",   "activation", "activation_before",
        "fan_in", "fan_out", "gain",      "scheme",    "std",    "low",        "high",
        "value",  "blocks",  "trainable", "tied_with", "reason", "rule",       "warnings"};
    i = 0;
    json_object_foreach(tensor, key, value) {
        assert_string_equal(key, fields[i++]);
    }
    assert_int_equal(i, 28);
    json_decref(report);
    buffer_free(&text);
}

static void json_values_are_exact(void **state) {
    (void)state;
    buffer text = made((owi_report_options){.format = OWI_JSON});
    assert_non_null(strstr(text.text, "\"gain\":1.41421356,"));
    assert_non_null(strstr(text.text, "\"seed\":7,"));
    assert_non_null(strstr(
        text.text, "\"model\":{\"file\":\"m.onnx\",\"ir_version\":8,\"opset\":{\"\":17},"
                   "\"producer\":\"torch 2.1\",\"nodes\":3,\"parameters\":36,\"bytes\":1234}"));
    assert_non_null(strstr(text.text, "\"summary\":{\"filled\":2,\"kept\":1,\"unknown\":1,"
                                      "\"elements_filled\":1234567,\"bytes_filled\":0,"
                                      "\"operations\":0.0,\"warnings\":1}"));
    assert_non_null(strstr(
        text.text, "{\"label\":\"k\",\"axis\":0,\"start\":4,\"length\":4,\"offset\":[4,0],"
                   "\"extent\":[4,4],\"fan_in\":4.0,\"fan_out\":4.0,\"activation\":\"none\","
                   "\"gain\":1.0,\"scheme\":\"xavier_uniform\",\"std\":0.5,\"value\":null}"));
    json_t *report = json_loads(text.text, 0, NULL);
    json_t *tensors = member(report, "tensors");
    json_t *weight = json_array_get(tensors, 0), *bias = json_array_get(tensors, 1);
    assert_string_equal(json_string_value(member(weight, "action")), "fill");
    assert_string_equal(json_string_value(json_array_get(member(weight, "path"), 1)), "Reshape");
    assert_true(json_is_null(member(weight, "value")));
    assert_true(json_is_null(member(weight, "rule")));
    assert_string_equal(json_string_value(member(bias, "name")), "=SUM(A1)\\x0a");
    assert_true(json_is_null(member(bias, "fan_in")));
    assert_string_equal(json_string_value(json_array_get(member(bias, "warnings"), 0)),
                        "a bias that \\x1b[31mblinks\\x1b[0m");
    assert_string_equal(json_string_value(member(json_array_get(tensors, 2), "action")), "keep");
    json_decref(report);
    buffer_free(&text);
}

static void any_seed_is_shown_whole(void **state) {
    (void)state;
    plan.seed = UINT64_MAX;
    buffer text = made((owi_report_options){.format = OWI_JSON});
    assert_non_null(strstr(text.text, "\"seed\":18446744073709551615,"));
    buffer_free(&text);
    plan.seed = 7;
}

static void a_model_describes_itself(void **state) {
    (void)state;
    owi_model_info info;
    assert_int_equal(owi_model_describe(&model, &info, NULL), OWI_OK);
    assert_string_equal(info.file, "m.onnx");
    assert_string_equal(info.producer, "torch 2.1");
    assert_int_equal(info.opset_count, 1);
    assert_string_equal(info.opsets[0].domain, "");
    assert_int_equal(info.opsets[0].version, 17);
    assert_int_equal(info.nodes, 3);
    assert_int_equal(info.bytes, 1234);
    owi_arena_free(&model.arena);
}

static void csv_is_quoted_and_defused(void **state) {
    (void)state;
    buffer text = made((owi_report_options){.format = OWI_CSV});
    static const char expected[] =
        "name,graph,carrier,shape,dtype,elements,action,role,op,node,slot,activation,"
        "activation_before,fan_in,fan_out,gain,scheme,std,low,high,value,blocks,trainable,reason,"
        "rule\r\n"
        "attention.weight,main,initializer,8x4,float32,32,fill,linear.weight,MatMul,/mm,1,none,"
        "relu,4,4,1.41421356,xavier_uniform,0.5,-0.866025404,0.866025404,,2,true,"
        "\"because, \"\"as\"\" said\",\r\n"
        "'=SUM(A1)\\x0a,main,initializer,4,float32,4,fill,bias,Add,,1,,,,,,zeros,0,,,0,0,true,,\r\n"
        "mask,main,initializer,scalar,float32,1,keep,constant,,,-1,,,,,,,,,,,0,false,,\r\n"
        "mystery,main,initializer,4,float32,4,keep,unknown,,,-1,,,,,,,,,,,0,false,,\r\n";
    assert_string_equal(text.text, expected);
    buffer_free(&text);
}

static void table_condenses_what_is_kept(void **state) {
    (void)state;
    buffer text = made((owi_report_options)OWI_REPORT_INIT);
    static const char expected[] =
        "NAME             SHAPE ROLE          ACTIVATION FANS SCHEME            STD\n"
        "attention.weight 8x4   linear.weight none       4/4  xavier_uniform x2 0.5\n"
        "=SUM(A1)\\x0a     4     bias                          zeros             = 0\n"
        "mystery          4     unknown                       kept\n"
        "\n"
        "model     m.onnx (torch 2.1, opset 17, 3 nodes, 36 parameters)\n"
        "profile   language: attention\\x09found\n"
        "seed      7\n"
        "filled    2 of 4 tensors, 1,234,567 values\n"
        "roles     bias 1, linear.weight 1\n"
        "schemes   xavier_uniform 1, zeros 1\n"
        "kept      constant 1, unknown 1\n"
        "warnings  1\n"
        "\n"
        "warning: =SUM(A1)\\x0a: a bias that \\x1b[31mblinks\\x1b[0m\n";
    assert_string_equal(text.text, expected);
    buffer_free(&text);
    text = made((owi_report_options){.all = true});
    assert_non_null(strstr(text.text, "\nmask "));
    buffer_free(&text);
}

static size_t longest_line(const char *text) {
    size_t longest = 0;
    while (*text && *text != '\n') { // the table ends at the first empty line
        size_t length = strcspn(text, "\n");
        longest = length > longest ? length : longest;
        text += length + 1;
    }
    return longest;
}

static void table_fits_the_terminal(void **state) {
    (void)state;
    buffer narrow = made((owi_report_options){.width = 73});
    assert_int_equal(longest_line(narrow.text), 73);
    assert_non_null(strstr(narrow.text, "\natte...n.weight 8x4 "));
    buffer wide = made((owi_report_options){.width = 200});
    assert_non_null(strstr(wide.text, "attention.weight"));
    assert_null(strstr(wide.text, "\033"));
    buffer_free(&narrow);
    buffer_free(&wide);
    buffer bold = made((owi_report_options){.width = 100, .color = true});
    assert_non_null(strstr(bold.text, "\033[1m"));
    buffer_free(&bold);
}

static void summary_is_short(void **state) {
    (void)state;
    buffer text = made((owi_report_options){.format = OWI_SUMMARY});
    size_t lines = 0;
    for (const char *at = text.text; (at = strchr(at, '\n')); at++) {
        lines++;
    }
    assert_true(lines <= 15);
    assert_memory_equal(text.text, "model     m.onnx", 16);
    buffer_free(&text);
}

static void numbers_ignore_the_locale(void **state) {
    (void)state;
    char text[OWI_NUMBER_SIZE];
    assert_string_equal(owi_real(text, 1.5e-7, 9), "1.5e-07");
    assert_string_equal(owi_real(text, -0.02, 4), "-0.02");
    assert_string_equal(owi_real(text, NAN, 4), "");
    assert_string_equal(owi_real(text, INFINITY, 4), "");
    assert_string_equal(owi_grouped(text, 999), "999");
    assert_string_equal(owi_grouped(text, 1000), "1,000");
    assert_string_equal(owi_grouped(text, UINT64_MAX), "18,446,744,073,709,551,615");
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        print_message("no locale with a decimal comma here (LOCPATH); skipped\n");
        skip();
    }
    char local[16];
    snprintf(local, sizeof local, "%.1f", 0.5);
    assert_string_equal(local, "0,5");
    assert_string_equal(owi_real(text, 0.25, 4), "0.25");
    buffer json = made((owi_report_options){.format = OWI_JSON});
    assert_non_null(strstr(json.text, "\"gain\":1.41421356,"));
    buffer_free(&json);
    setlocale(LC_ALL, "C");
}

static void a_stopped_sink_is_an_error(void **state) {
    (void)state;
    for (owi_format format = OWI_TABLE; format <= OWI_CSV; format++) {
        buffer text = {.limit = 10};
        owi_error error = {OWI_OK, ""};
        owi_report_options options = {.format = format};
        assert_int_equal(owi_report(&plan, &options, buffer_sink, &text, &error), OWI_SYSTEM);
        assert_int_equal(error.status, OWI_SYSTEM);
        buffer_free(&text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_every_field_in_order),
        cmocka_unit_test(json_values_are_exact),
        cmocka_unit_test(any_seed_is_shown_whole),
        cmocka_unit_test(a_model_describes_itself),
        cmocka_unit_test(csv_is_quoted_and_defused),
        cmocka_unit_test(table_condenses_what_is_kept),
        cmocka_unit_test(table_fits_the_terminal),
        cmocka_unit_test(summary_is_short),
        cmocka_unit_test(a_stopped_sink_is_an_error),
        cmocka_unit_test(numbers_ignore_the_locale),
    };
    return cmocka_run_group_tests_name("report", tests, set_up, NULL);
}
