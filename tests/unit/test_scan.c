// What the scanner refuses and why, what it notes, and what it leaves out of the skeleton.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/dtype.h"
#include "model/model.h"
#include "support/models.h"

// ---- opening ----

static void check_refused(bytes file, owi_status status, const char *text) {
    owi_model *model;
    owi_error error = {OWI_OK, ""};
    owi_status got = open_bytes(&file, &model, &error);
    if (got != status || !strstr(error.text, text)) {
        fail_msg("expected %d \"%s\", got %d \"%s\"", status, text, got, error.text);
    }
    assert_null(model);
    assert_int_equal(error.status, status);
    assert_non_null(strstr(error.text, "model.onnx: "));
    bytes_free(&file);
}

static owi_model *check_opens(bytes file) {
    owi_model *model;
    owi_error error;
    if (open_bytes(&file, &model, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    bytes_free(&file);
    return model;
}

// ---- files that are no models ----

static bytes text_bytes(const char *text) {
    bytes run = {0};
    put_bytes(&run, text, strlen(text));
    return run;
}

static bytes small_model(void) {
    return with_initializer(make_tensor("w"));
}

static void test_not_a_model(void **state) {
    (void)state;
    check_refused((bytes){0}, OWI_INPUT, "model.onnx: is empty");
    check_refused(text_bytes("{\"model\": 1}"), OWI_INPUT, "byte 0: wire type 3");
    check_refused(text_bytes("PK\x05\x06"), OWI_INPUT, "byte 2: no field of ModelProto");
}

static void test_foreign_files(void **state) {
    (void)state;
    check_refused(text_bytes("version https://git-lfs.github.com/spec/v1\n"), OWI_INPUT,
                  "model.onnx: is no ONNX model, but a pointer of Git LFS: \"git lfs pull\"");
    check_refused(text_bytes("<!DOCTYPE html>"), OWI_INPUT, "but a web page");
    check_refused(text_bytes("<!doctype html>"), OWI_INPUT, "but a web page");
    check_refused(text_bytes("<html>"), OWI_INPUT, "but a web page");
    check_refused(text_bytes("<?xml version=\"1.0\"?>"), OWI_INPUT, "but an XML file");
    check_refused(text_bytes("<"), OWI_INPUT, "byte 0: wire type 4");
    check_refused(text_bytes("\x1f\x8b\x08"), OWI_INPUT, "but a file that gzip");
    check_refused(text_bytes("PK\x03\x04"), OWI_INPUT, "but a zip archive");
    check_refused(text_bytes("\x89HDF\r\n\x1a\n"), OWI_INPUT, "but an HDF5 file");
    check_refused(text_bytes("GGUF\x03"), OWI_INPUT, "but a GGUF file");
    check_refused(text_bytes("\x18\x01\x02\x03ORTM"), OWI_INPUT,
                  "but a model in ONNX Runtime's own");
    check_refused(text_bytes("\x1c\x01\x02\x03TFL3"), OWI_INPUT, "but a model of TensorFlow");
    check_refused(text_bytes("\x3d\x01\x01\x01\x01\x01\x01\x01{\"a\""), OWI_INPUT,
                  "but a safetensors file");
}

static void test_unreadable(void **state) {
    (void)state;
    owi_model *model;
    owi_error error;
    assert_int_equal(owi_model_open(test_path("missing.onnx"), &model, &error), OWI_SYSTEM);
    assert_non_null(strstr(error.text, "missing.onnx: cannot be opened: No such file"));
    assert_int_equal(owi_model_open("/dev/null", &model, &error), OWI_INPUT);
    assert_string_equal(error.text, "/dev/null: is not a regular file");
    assert_int_equal(owi_model_open("/tmp", &model, &error), OWI_INPUT);
    assert_int_equal(owi_model_open("/tmp", &model, NULL), OWI_INPUT);
    assert_int_equal(mkfifo(test_path("pipe"), 0600), 0);
    assert_int_equal(owi_model_open(test_path("pipe"), &model, &error), OWI_INPUT);
    assert_non_null(strstr(error.text, "pipe: is a pipe, which only standard input"));
    owi_model_close(NULL);
}

static void test_truncated(void **state) {
    (void)state;
    bytes whole = small_model();
    for (size_t length = 1; length < whole.length; length++) {
        bytes part = {0};
        put_bytes(&part, whole.data, length);
        check_refused(part, OWI_INPUT, "damaged or not an ONNX model, byte ");
    }
    owi_model_close(check_opens(whole));
}

static void test_trailing(void **state) {
    (void)state;
    bytes zeros = small_model(), twice = small_model(), again = small_model();
    put_bytes(&zeros, "\0\0\0", 3);
    check_refused(zeros, OWI_INPUT, "no field of ModelProto starts here");
    put_bytes(&twice, again.data, again.length);
    bytes_free(&again);
    check_refused(twice, OWI_INPUT, "ModelProto.ir_version comes twice");
    bytes graph = {0}, empty = {0}, file = model_of(&graph);
    put_message(&file, 7, &empty);
    check_refused(file, OWI_INPUT, "ModelProto.graph comes twice");
}

static void test_versions(void **state) {
    (void)state;
    static const struct {
        int64_t ir; // -1: none
        int opsets;
        owi_status status;
        const char *text;
    } rows[] = {
        {-1, 1, OWI_INPUT, "ModelProto without ir_version"},
        {0, 1, OWI_INPUT, "ir_version is 0"},
        {-5, 1, OWI_INPUT, "ir_version is negative"},
        {2, 0, OWI_OK, NULL},
        {3, 0, OWI_INPUT, "no opset_import, which IR version 3 asks for"},
        {14, 1, OWI_OK, NULL},
        {15, 1, OWI_UNSUPPORTED, "IR version 15 is newer than 14"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bytes file = {0}, graph = {0}, opset = {0};
        if (rows[i].ir != -1) {
            put_number(&file, 1, (uint64_t)rows[i].ir);
        }
        put_message(&file, 7, &graph);
        if (rows[i].opsets) {
            put_message(&file, 8, &opset);
        }
        if (rows[i].status == OWI_OK) {
            owi_model_close(check_opens(file));
        } else {
            check_refused(file, rows[i].status, rows[i].text);
        }
    }
}

// ---- fields ----

static void test_wire(void **state) {
    (void)state;
    bytes number = {0}, text = {0}, group = {0}, endless = {0}, far = {0};
    put_number(&number, 4, 1); // op_type as a number
    check_refused(with_node(number), OWI_INPUT, "NodeProto.op_type has wire type 0");
    put_text(&text, 2, "x"); // data_type as text
    check_refused(with_initializer(text), OWI_INPUT, "TensorProto.data_type has wire type 2");
    put_varint(&group, 99 << 3 | 3);
    check_refused(with_node(group), OWI_INPUT, "wire type 3");
    put_varint(&endless, 1 << 3);
    put_bytes(&endless, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 11);
    check_refused(with_node(endless), OWI_INPUT, "a number has no end");
    put_varint(&far, 1 << 3 | 2);
    put_varint(&far, UINT64_MAX);
    check_refused(with_node(far), OWI_INPUT,
                  "field 1 of NodeProto needs 18446744073709551615 bytes, but only 0 are left");
}

static void test_twice(void **state) {
    (void)state;
    bytes node = {0}, inner = {0};
    put_text(&node, 4, "Relu");
    put_text(&node, 4, "Gelu");
    check_refused(with_node(node), OWI_INPUT, "NodeProto.op_type comes twice");
    put_text(&inner, 1, "a");
    put_number(&inner, 3, 1);
    put_number(&inner, 3, 2);
    node = (bytes){0};
    put_text(&node, 4, "Relu");
    put_message(&node, 5, &inner);
    check_refused(with_node(node), OWI_INPUT, "AttributeProto.i comes twice");
}

static void test_required(void **state) {
    (void)state;
    bytes no_graph = {0};
    put_number(&no_graph, 1, 8);
    check_refused(no_graph, OWI_INPUT, "ModelProto without graph");
    bytes nothing = {0}, node = {0}, value = {0}, function = {0}, graph = {0};
    check_refused(with_node(nothing), OWI_INPUT, "NodeProto without op_type");
    put_text(&node, 4, "Relu");
    put_message(&node, 5, &nothing);
    check_refused(with_node(node), OWI_INPUT, "AttributeProto without name");
    graph = graph_with(11, &value);
    check_refused(model_of(&graph), OWI_INPUT, "ValueInfoProto without name");
    graph = (bytes){0};
    bytes file = model_of(&graph);
    put_message(&file, 25, &function);
    check_refused(file, OWI_INPUT, "FunctionProto without name");
}

static void test_names(void **state) {
    (void)state;
    bytes nul = {0}, node = {0};
    put_block(&nul, 8, "a\0b", 3);
    check_refused(with_initializer(nul), OWI_INPUT, "TensorProto.name holds a NUL");
    put_text(&node, 4, "Relu");
    put_block(&node, 1, "x\0", 2);
    check_refused(with_node(node), OWI_INPUT, "NodeProto.input holds a NUL");
    static char longest[OWI_LIMIT_NAME + 2];
    memset(longest, 'n', OWI_LIMIT_NAME);
    owi_model *model = check_opens(with_initializer(make_tensor(longest)));
    assert_string_equal(model->proto->graph->initializer[0]->name, longest);
    owi_model_close(model);
    longest[OWI_LIMIT_NAME] = 'n';
    check_refused(with_initializer(make_tensor(longest)), OWI_INPUT,
                  "TensorProto.name has 65537 bytes, more than 65536");
    model = check_opens(with_initializer(make_tensor("\xff\xfe"))); // not UTF-8: allowed
    assert_string_equal(model->proto->graph->initializer[0]->name, "\xff\xfe");
    owi_model_close(model);
}

// ---- limits ----

// A sequence of sequences: graph, value info and type, and two messages more for each level.
static bytes nested_types(size_t levels) {
    bytes type = {0}, value = {0};
    for (size_t i = 0; i < levels; i++) {
        bytes sequence = {0}, outer = {0};
        put_message(&sequence, 1, &type);
        put_message(&outer, 4, &sequence);
        type = outer;
    }
    put_text(&value, 1, "x");
    put_message(&value, 2, &type);
    bytes graph = graph_with(11, &value);
    return model_of(&graph);
}

// Bodies in bodies: the main graph, and node, attribute and graph for each level.
static bytes nested_graphs(size_t levels) {
    bytes graph = {0};
    for (size_t i = 0; i < levels; i++) {
        bytes attribute = {0}, node = {0}, outer = {0};
        put_text(&attribute, 1, "body");
        put_message(&attribute, 6, &graph);
        put_number(&attribute, 20, 5);
        put_text(&node, 4, "Loop");
        put_message(&node, 5, &attribute);
        put_message(&outer, 1, &node);
        graph = outer;
    }
    return model_of(&graph);
}

static void test_depth(void **state) {
    (void)state;
    owi_model_close(check_opens(nested_graphs(33)));
    check_refused(nested_graphs(34), OWI_INPUT, "nested deeper than 100 messages");
    check_refused(nested_graphs(3000), OWI_INPUT, "nested deeper than 100 messages");
    owi_model_close(check_opens(nested_types(48)));
    check_refused(nested_types(49), OWI_INPUT, "nested deeper than 100 messages");
    check_refused(nested_types(5000), OWI_INPUT, "nested deeper than 100 messages");
}

static void test_counts(void **state) {
    (void)state;
    bytes graph = {0}, function = {0};
    bytes file = model_of(&graph);
    for (int i = 0; i < OWI_LIMIT_FUNCTIONS; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        put_text(&function, 1, name);
        put_message(&file, 25, &function);
    }
    put_text(&function, 1, "f");
    bytes one_more = {0};
    put_bytes(&one_more, file.data, file.length);
    put_message(&one_more, 25, &function);
    owi_model_close(check_opens(file));
    check_refused(one_more, OWI_INPUT, "more than 10000 functions");
}

static void test_rank(void **state) {
    (void)state;
    bytes deep = make_typed(OWI_DTYPE_FLOAT, 1), deeper = make_typed(OWI_DTYPE_FLOAT, 1),
          packed = {0};
    for (int i = 1; i < OWI_LIMIT_RANK; i++) {
        put_number(&deep, 1, 1);
        put_number(&deeper, 1, 1);
    }
    put_number(&deeper, 1, 1);
    owi_model *model = check_opens(with_initializer(deep));
    assert_int_equal(model->proto->graph->initializer[0]->n_dims, OWI_LIMIT_RANK);
    owi_model_close(model);
    check_refused(with_initializer(deeper), OWI_INPUT, "more than 32 dims");
    put_block(&packed, 1, "\x02\x03", 2);
    put_number(&packed, 2, OWI_DTYPE_FLOAT);
    put_text(&packed, 8, "p");
    put_block(&packed, 9, "012345678901234567890123", 24);
    owi_model_close(check_opens(with_initializer(packed)));
}

// ---- tensors ----

static void test_shapes(void **state) {
    (void)state;
    bytes negative = make_typed(OWI_DTYPE_FLOAT, (uint64_t)-2),
          huge = make_typed(OWI_DTYPE_FLOAT, 1);
    check_refused(with_initializer(negative), OWI_INPUT,
                  "initializer \"t\" at byte 4: a dim is neg");
    put_number(&huge, 1, (uint64_t)1 << 62);
    check_refused(with_initializer(huge), OWI_INPUT, "dims ask for more than 2^48 elements");
    bytes overflow = make_typed(OWI_DTYPE_INT8, (uint64_t)1 << 40),
          zero = make_typed(1, (uint64_t)1 << 40);
    put_number(&overflow, 1, (uint64_t)1 << 40);
    check_refused(with_initializer(overflow), OWI_INPUT, "dims ask for more than 2^48 elements");
    put_number(&zero, 1, 0);
    owi_model *model = check_opens(with_initializer(zero));
    assert_int_equal(owi_tensor_elements(model->proto->graph->initializer[0]), 0);
    assert_true(owi_tensor_has_data(model, model->proto->graph->initializer[0]));
    owi_model_close(model);
    bytes nothing = make_typed(1, (uint64_t)1 << 40); // strides would overflow all the same
    put_number(&nothing, 1, (uint64_t)1 << 40);
    put_number(&nothing, 1, 0);
    check_refused(with_initializer(nothing), OWI_INPUT, "dims ask for more than 2^48 elements");
    check_refused(with_initializer(make_typed(99, 1)), OWI_INPUT,
                  "data_type 99 is not a type of the standard");
    check_refused(with_initializer(make_typed(0, 1)), OWI_INPUT, "data_type 0 is not");
}

static void test_initializer_names(void **state) {
    (void)state;
    check_refused(with_initializer(make_tensor(NULL)), OWI_INPUT,
                  "initializer \"\" at byte 4: it has no");
    check_refused(with_initializer(make_tensor("")), OWI_INPUT, "it has no name");
    bytes first = make_tensor("w"), second = make_tensor("w"), graph = {0};
    put_message(&graph, 5, &first);
    put_message(&graph, 5, &second);
    check_refused(model_of(&graph), OWI_INPUT, "another initializer of the graph has this name");
    bytes dense = make_tensor("w"), values = make_typed(OWI_DTYPE_FLOAT, 1), sparse = {0};
    bytes indices = make_typed(OWI_DTYPE_INT64, 1), lonely = make_typed(OWI_DTYPE_FLOAT, 1);
    put_message(&sparse, 1, &lonely);
    graph = graph_with(15, &sparse);
    check_refused(model_of(&graph), OWI_INPUT, "SparseTensorProto without indices");
    put_message(&sparse, 1, &values);
    put_message(&sparse, 2, &indices);
    graph = (bytes){0};
    put_message(&graph, 15, &sparse);
    put_message(&graph, 5, &dense);
    owi_model_close(check_opens(model_of(&graph)));
    dense = make_tensor("t"), values = make_typed(OWI_DTYPE_FLOAT, 1);
    graph = sparse = (bytes){0};
    indices = make_typed(OWI_DTYPE_INT64, 1);
    put_message(&sparse, 1, &values);
    put_message(&sparse, 2, &indices);
    put_message(&graph, 5, &dense);
    put_message(&graph, 15, &sparse);
    check_refused(model_of(&graph), OWI_INPUT, "another initializer of the graph has this name");
}

static void test_payload_sizes(void **state) {
    (void)state;
    static const uint8_t zeros[64];
    static const struct {
        int dtype;
        uint64_t dim;
        uint32_t field;
        size_t bytes; // zeros in it: each is also a varint
        const char *text;
    } rows[] = {
        {OWI_DTYPE_FLOAT, 3, 9, 12, NULL},
        {OWI_DTYPE_FLOAT, 3, 9, 0, NULL},
        {OWI_DTYPE_FLOAT, 3, 9, 8,
         "raw_data holds 8 bytes, but dims and data_type float32 ask for 12"},
        {OWI_DTYPE_FLOAT, 3, 9, 13, "raw_data holds 13 bytes"},
        {OWI_DTYPE_FLOAT, 0, 9, 4, "raw_data holds 4 bytes"},
        {OWI_DTYPE_FLOAT, 3, 4, 12, NULL},
        {OWI_DTYPE_FLOAT, 3, 4, 16,
         "float_data holds 4 entries, but dims and data_type float32 ask for 3"},
        {OWI_DTYPE_FLOAT, 3, 4, 13, "float_data ends inside a number"},
        {OWI_DTYPE_COMPLEX64, 2, 4, 16, NULL},
        {OWI_DTYPE_COMPLEX64, 2, 4, 8, "float_data holds 2 entries"},
        {OWI_DTYPE_DOUBLE, 2, 10, 16, NULL},
        {OWI_DTYPE_COMPLEX128, 1, 10, 16, NULL},
        {OWI_DTYPE_FLOAT16, 3, 5, 3, NULL},
        {OWI_DTYPE_FLOAT16, 3, 9, 6, NULL},
        {OWI_DTYPE_BFLOAT16, 3, 5, 2, "int32_data holds 2 entries"},
        {OWI_DTYPE_FLOAT8E5M2, 3, 5, 3, NULL},
        {OWI_DTYPE_FLOAT6E2M3, 4, 5, 4, NULL},
        {OWI_DTYPE_FLOAT6E2M3, 4, 9, 3, NULL},
        {OWI_DTYPE_INT4, 5, 5, 3, NULL},
        {OWI_DTYPE_INT4, 5, 9, 3, NULL},
        {OWI_DTYPE_UINT2, 5, 5, 2, NULL},
        {OWI_DTYPE_UINT2, 5, 5, 5,
         "int32_data holds 5 entries, but dims and data_type uint2 ask for 2"},
        {OWI_DTYPE_BOOL, 5, 5, 5, NULL},
        {OWI_DTYPE_INT64, 5, 7, 5, NULL},
        {OWI_DTYPE_UINT32, 5, 11, 5, NULL},
        {OWI_DTYPE_UINT64, 5, 11, 4, "uint64_data holds 4 entries"},
        {OWI_DTYPE_FLOAT, 3, 7, 3, "float32 values cannot stand in int64_data"},
        {OWI_DTYPE_INT64, 3, 5, 3, "int64 values cannot stand in int32_data"},
        {OWI_DTYPE_STRING, 3, 9, 3, "string values cannot stand in raw_data"},
        {OWI_DTYPE_STRING, 1, 6, 3, NULL},
        {OWI_DTYPE_STRING, 2, 6, 3, "string_data holds 1 entries"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bytes fields = make_typed(rows[i].dtype, rows[i].dim);
        put_block(&fields, rows[i].field, zeros, rows[i].bytes);
        if (rows[i].text) {
            check_refused(with_initializer(fields), OWI_INPUT, rows[i].text);
            continue;
        }
        owi_model *model = check_opens(with_initializer(fields));
        const Onnx__TensorProto *proto = model->proto->graph->initializer[0];
        assert_int_equal(owi_tensor_has_data(model, proto), rows[i].bytes > 0);
        owi_model_close(model);
    }
}

static void test_carriers(void **state) {
    (void)state;
    bytes both = make_tensor("w"), segment = make_tensor("w"), nothing = {0},
          mixed = make_tensor("w");
    put_block(&both, 9, "012345678901234567890123", 24);
    put_block(&both, 4, "0123", 4);
    check_refused(with_initializer(both), OWI_INPUT,
                  "values stand both in raw_data and in float_data");
    put_message(&segment, 3, &nothing);
    check_refused(with_initializer(segment), OWI_INPUT, "it is a segment of a larger tensor");
    put_block(&mixed, 4, "01234567890123456789", 20);
    put_float(&mixed, 4, 1);
    check_refused(with_initializer(mixed), OWI_INPUT,
                  "float_data comes both packed and not packed");
    bytes external = make_tensor("w"), odd = make_tensor("w"), cut = make_typed(OWI_DTYPE_INT64, 1);
    put_number(&external, 14, 1);
    put_block(&external, 9, "012345678901234567890123", 24);
    check_refused(with_initializer(external), OWI_INPUT,
                  "data_location is EXTERNAL, but values stand in raw_data");
    put_number(&odd, 14, 7);
    check_refused(with_initializer(odd), OWI_INPUT, "data_location 7 is not one of the standard");
    put_block(&cut, 7, "\x80", 1);
    check_refused(with_initializer(cut), OWI_INPUT, "int64_data holds a number that has no end");
}

// Tensors hide in many places; each is checked.
static void test_every_place(void **state) {
    (void)state;
    for (int place = 0; place < 9; place++) {
        bytes bad = make_typed(OWI_DTYPE_FLOAT, 3), sparse = {0}, attribute = {0}, node = {0},
              graph = {0};
        put_block(&bad, 9, "12345", 5);
        put_text(&attribute, 1, "value");
        put_text(&node, 4, "Constant");
        if (place < 2) { // t, tensors
            put_message(&attribute, place ? 10 : 5, &bad);
        } else if (place < 5) { // sparse_tensor.values, sparse_tensor.indices, sparse_tensors
            put_message(&sparse, place == 3 ? 2 : 1, &bad);
            put_message(&attribute, place == 4 ? 23 : 22, &sparse);
        } else { // g, graphs, a function's node, a training graph
            put_message(&graph, 5, &bad);
            put_message(&attribute, place == 6 ? 11 : 6, &graph);
        }
        put_message(&node, 5, &attribute);
        bytes main_graph = {0}, outer = {0};
        if (place < 7) {
            put_message(&main_graph, 1, &node);
        }
        bytes file = model_of(&main_graph);
        if (place == 7) {
            put_text(&outer, 1, "f");
            put_message(&outer, 7, &node);
            put_message(&file, 25, &outer);
        } else if (place == 8) {
            put_message(&main_graph, 1, &node);
            put_message(&outer, 2, &main_graph);
            put_message(&file, 20, &outer);
        }
        check_refused(file, OWI_INPUT, "\"t\" at byte ");
    }
}

// ---- what is noted ----

static const owi_record *record_of_initializer(const owi_model *model, size_t index) {
    return owi_record_of(model, &model->proto->graph->initializer[index]->base);
}

static void test_records(void **state) {
    (void)state;
    float large[100] = {0};
    bytes raw = make_typed(OWI_DTYPE_FLOAT, 100), absent = make_tensor("a"), graph = {0},
          node = {0};
    put_block(&raw, 9, large, sizeof large);
    put_message(&graph, 5, &raw);
    put_message(&graph, 5, &absent);
    put_text(&node, 4, "Relu");
    put_message(&graph, 1, &node);
    bytes file = model_of(&graph), copy = {0};
    put_bytes(&copy, file.data, file.length);
    owi_model *model = check_opens(file);
    const owi_record *first = record_of_initializer(model, 0);
    assert_int_equal(first->type, OWI_MESSAGE_TENSOR);
    assert_int_equal(first->field, 5);
    assert_int_equal(first->tensor->payload, OWI_PAYLOAD_RAW);
    assert_int_equal(first->tensor->count, 400);
    assert_int_equal(first->tensor->field, 9);
    assert_int_equal(first->tensor->value_count, 1);
    assert_int_equal(first->tensor->values[0].length, 400);
    assert_memory_equal(copy.data + first->tensor->values[0].offset, large, 400);
    assert_int_equal(first->tensor->carriers[0].offset, first->tensor->values[0].offset - 3);
    assert_int_equal(first->tensor->carriers[0].length, 403);
    assert_int_equal(model->scan.records[first->parent].type, OWI_MESSAGE_GRAPH);
    assert_int_equal(copy.data[first->whole.offset], 5 << 3 | 2);
    const owi_record *second = record_of_initializer(model, 1);
    assert_int_equal(second->tensor->payload, OWI_PAYLOAD_NONE);
    assert_int_equal(second->tensor->carrier_count, 0);
    assert_int_equal(first->whole.offset + first->whole.length, second->whole.offset);
    assert_ptr_equal(owi_record_of(model, &model->proto->base), model->scan.records);
    assert_int_equal(owi_record_of(model, &model->proto->graph->node[0]->base)->type,
                     OWI_MESSAGE_NODE);
    assert_null(owi_record_of(model, &model->proto->opset_import[0]->base));
    bytes_free(&copy);
    owi_model_close(model);
}

static void test_external_record(void **state) {
    (void)state;
    bytes one = make_tensor("a"), two = make_tensor("b"), graph = {0};
    for (int i = 0; i < 2; i++) {
        bytes location = make_entry("location", "w.bin"), offset = make_entry("offset", "4096");
        put_message(i ? &two : &one, 13, &location);
        put_message(i ? &two : &one, 13, &offset);
        put_number(i ? &two : &one, 14, 1);
    }
    put_message(&graph, 5, &one);
    put_message(&graph, 5, &two);
    owi_model *model = check_opens(model_of(&graph));
    const owi_tensor_record *record = record_of_initializer(model, 0)->tensor;
    assert_int_equal(record->payload, OWI_PAYLOAD_EXTERNAL);
    assert_int_equal(record->carrier_count, 1); // three neighbours, joined
    assert_int_equal(model->scan.location_count, 1);
    assert_string_equal(model->scan.locations[0], "w.bin");
    assert_int_equal(model->proto->graph->initializer[0]->n_external_data, 2);
    owi_model_close(model);
}

// ---- what stays in the skeleton ----

static void test_skeleton(void **state) {
    (void)state;
    static const uint8_t zeros[4 << 20];
    static const struct {
        int dtype;
        uint64_t dim;
        uint32_t field;
        size_t bytes;
        bool kept;
    } rows[] = {
        {OWI_DTYPE_FLOAT, 16, 9, 64, true},
        {OWI_DTYPE_FLOAT, 17, 9, 68, false},
        {OWI_DTYPE_FLOAT, 16, 4, 64, true},
        {OWI_DTYPE_FLOAT, 17, 4, 68, false},
        {OWI_DTYPE_FLOAT16, 64, 5, 64, true},
        {OWI_DTYPE_FLOAT16, 65, 5, 65, false},
        {OWI_DTYPE_UINT8, 65, 9, 65, false},
        {OWI_DTYPE_INT64, 1000, 7, 1000, true},
        {OWI_DTYPE_INT64, 1000, 9, 8000, true},
        {OWI_DTYPE_INT32, 1 << 18, 9, 1 << 20, true},
        {OWI_DTYPE_INT32, (1 << 18) + 1, 9, (1 << 20) + 4, false},
        {OWI_DTYPE_STRING, 1, 6, 5, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bytes fields = make_typed(rows[i].dtype, rows[i].dim);
        put_block(&fields, rows[i].field, zeros, rows[i].bytes);
        owi_model *model = check_opens(with_initializer(fields));
        const Onnx__TensorProto *proto = model->proto->graph->initializer[0];
        size_t kept = (size_t)proto->has_raw_data + proto->n_float_data + proto->n_int32_data +
                      proto->n_int64_data + proto->n_string_data;
        assert_int_equal(kept > 0, rows[i].kept);
        assert_int_equal(proto->has_raw_data ? proto->raw_data.len : 0,
                         rows[i].kept && rows[i].field == 9 ? rows[i].bytes : 0);
        owi_model_close(model);
    }
}

// Values first and type last, one field for each value: every order and form that protobuf allows.
static void test_odd_order(void **state) {
    (void)state;
    bytes fields = {0};
    put_float(&fields, 4, 1.5f);
    put_text(&fields, 8, "w");
    put_float(&fields, 4, -2);
    put_number(&fields, 2, OWI_DTYPE_FLOAT);
    put_number(&fields, 1, 2);
    owi_model *model = check_opens(with_initializer(fields));
    const Onnx__TensorProto *proto = model->proto->graph->initializer[0];
    assert_int_equal(proto->n_float_data, 2);
    assert_true(proto->float_data[0] == 1.5f && proto->float_data[1] == -2);
    const owi_tensor_record *record = record_of_initializer(model, 0)->tensor;
    assert_false(record->packed);
    assert_int_equal(record->count, 2);
    assert_int_equal(record->carrier_count, 2);
    double values[2];
    assert_true(owi_tensor_read(model, proto, 0, 2, values));
    assert_true(values[0] == 1.5 && values[1] == -2);
    owi_model_close(model);
}

static void test_text(void **state) {
    (void)state;
    static char large[OWI_INLINE_TEXT + 1];
    memset(large, 'x', OWI_INLINE_TEXT);
    bytes graph = {0}, kept = make_entry("k", "v"), dropped = make_entry("big", large), nul = {0};
    put_text(&graph, 10, "a doc string");
    put_number(&graph, 777, 5); // a field of the future
    bytes file = model_of(&graph);
    put_text(&nul, 1, "nul");
    put_block(&nul, 2, "a\0b", 3);
    put_message(&file, 14, &kept);
    put_message(&file, 14, &dropped);
    put_message(&file, 14, &nul);
    owi_model *model = check_opens(file);
    assert_null(model->proto->graph->doc_string);
    assert_int_equal(model->proto->graph->base.n_unknown_fields, 1); // ours
    assert_string_equal(model->proto->metadata_props[0]->value, "v");
    assert_string_equal(model->proto->metadata_props[1]->key, "big");
    assert_null(model->proto->metadata_props[1]->value);
    assert_null(model->proto->metadata_props[2]->value);
    owi_model_close(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_a_model),
        cmocka_unit_test(test_foreign_files),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_trailing),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_wire),
        cmocka_unit_test(test_twice),
        cmocka_unit_test(test_required),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_rank),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_initializer_names),
        cmocka_unit_test(test_payload_sizes),
        cmocka_unit_test(test_carriers),
        cmocka_unit_test(test_every_place),
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_external_record),
        cmocka_unit_test(test_skeleton),
        cmocka_unit_test(test_odd_order),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
