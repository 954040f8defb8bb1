// Splicing: the output is, byte for byte, the file that a writer of protobuf would have written.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/generator.h"
#include "support/models.h"

static owi_model *check_opens(const bytes *file) {
    owi_model *model;
    owi_error error;
    if (open_bytes(file, &model, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    return model;
}

// What a layout says, put together.
static bytes render(const owi_layout *layout, const bytes *input) {
    bytes out = {0};
    for (size_t i = 0; i < layout->count; i++) {
        const owi_segment *segment = &layout->segments[i];
        assert_int_equal(segment->output, out.length);
        assert_true(segment->length > 0);
        for (uint64_t k = 0; segment->kind == OWI_SEGMENT_FILL && k < segment->length; k++) {
            uint8_t byte = fake_byte(segment->tensor, k);
            put_bytes(&out, &byte, 1);
        }
        if (segment->kind != OWI_SEGMENT_FILL) {
            const uint8_t *from =
                segment->kind == OWI_SEGMENT_COPY ? input->data + segment->input : segment->literal;
            put_bytes(&out, from, (size_t)segment->length);
        }
    }
    assert_int_equal(layout->length, out.length);
    return out;
}

static void check_layout(owi_splice *splice, const bytes *input, const bytes *expected) {
    owi_layout layout;
    owi_error error;
    if (owi_splice_layout(splice, OWI_LIMIT_MESSAGE, &layout, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    bytes out = render(&layout, input);
    assert_int_equal(out.length, expected->length);
    assert_memory_equal(out.data, expected->data, out.length);
    bytes_free(&out);
}

static const owi_record *record_of_initializer(const owi_model *model, size_t index) {
    return owi_record_of(model, &model->proto->graph->initializer[index]->base);
}

// ---- no edit ----

static void test_nothing(void **state) {
    (void)state;
    bytes input = with_initializer(make_tensor("w"));
    put_number(&input, 999, 7); // a field nobody knows
    owi_model *model = check_opens(&input);
    owi_layout layout;
    assert_int_equal(owi_splice_layout(owi_splice_new(model), OWI_LIMIT_MESSAGE, &layout, NULL),
                     OWI_OK);
    assert_int_equal(layout.count, 1);
    assert_int_equal(layout.segments[0].kind, OWI_SEGMENT_COPY);
    assert_int_equal(layout.segments[0].length, input.length);
    bytes_free(&input);
    owi_model_close(model);
}

// ---- fill ----

// A tensor whose value stands in one of several forms, before or behind what stays.
static bytes carried(int form, int behind, bool filled) {
    bytes run = {0}, pair = {0};
    if (behind) {
        put_text(&run, 8, "w");
        put_text(&run, 12, "a doc string that stays");
    }
    put_number(&run, 1, 2);
    put_number(&run, 1, 3);
    if (filled && form != 0) {
        put_fake(&run, 5, 24);
    } else if (form == 1) {
        put_block(&run, 9, "abcdefghijklmnopqrstuvwx", 24);
    } else if (form == 2) {
        put_block(&run, 4, "abcdefghijklmnopqrstuvwx", 24);
    } else if (form == 3) {
        put_block(&run, 9, "", 0);
    } else if (form == 4) {
        pair = make_entry("location", "w.bin");
        put_message(&run, 13, &pair);
        pair = make_entry("offset", "0");
        put_message(&run, 13, &pair);
    } else if (form == 5) {
        put_float(&run, 4, 1);
        put_float(&run, 4, 2);
    }
    put_number(&run, 2, OWI_DTYPE_FLOAT);
    if (!filled && form == 4) {
        put_number(&run, 14, 1);
    }
    for (int i = 0; i < 4 && !filled && form == 5; i++) {
        put_float(&run, 4, 3);
    }
    put_number(&run, 888, 5); // unknown, stays
    if (!behind) {
        put_text(&run, 8, "w");
    }
    if (filled && form == 0) { // there was no carrier: at the end
        put_fake(&run, 5, 24);
    }
    return run;
}

static void test_fill_forms(void **state) {
    (void)state;
    for (int form = 0; form < 6; form++) {
        for (int behind = 0; behind < 2; behind++) {
            bytes input = with_initializer(carried(form, behind, false));
            bytes expected = with_initializer(carried(form, behind, true));
            owi_model *model = check_opens(&input);
            owi_splice *splice = owi_splice_new(model);
            splice_fill(splice, record_of_initializer(model, 0), 24, 5);
            check_layout(splice, &input, &expected);
            owi_model_close(model);
            model = check_opens(&expected); // and it reads as what it should be
            const Onnx__TensorProto *proto = model->proto->graph->initializer[0];
            assert_int_equal(proto->raw_data.len, 24);
            assert_int_equal(proto->raw_data.data[23], fake_byte(5, 23));
            assert_int_equal(record_of_initializer(model, 0)->tensor->payload, OWI_PAYLOAD_RAW);
            bytes_free(&input);
            bytes_free(&expected);
            owi_model_close(model);
        }
    }
}

// A tensor in a Constant in a body in a body; every length around it follows. `padding` bytes of
// doc string move the place of every boundary.
static bytes deep(bool filled, size_t length, size_t padding) {
    static char text[64];
    memset(text, 'd', sizeof text);
    bytes graph = {0}, inner = make_typed(OWI_DTYPE_INT8, length);
    if (filled) {
        put_fake(&inner, 1, length);
    }
    for (int i = 0; i < 3; i++) {
        bytes attribute = {0}, node = {0};
        put_text(&attribute, 1, "value");
        put_message(&attribute, i == 0 ? 5 : 6, &inner);
        put_number(&attribute, 20, i == 0 ? 4 : 5);
        put_text(&node, 4, "If");
        put_message(&node, 5, &attribute);
        put_text(&node, 3, "behind");
        put_message(&graph, 1, &node);
        put_block(&graph, 10, text, padding);
        inner = graph;
        graph = (bytes){0};
    }
    return model_of(&inner);
}

static void check_deep(size_t length, size_t padding) {
    bytes input = deep(false, length, padding), expected = deep(true, length, padding);
    owi_model *model = check_opens(&input);
    owi_splice *splice = owi_splice_new(model);
    const Onnx__GraphProto *body = model->proto->graph->node[0]->attribute[0]->g;
    const Onnx__TensorProto *tensor = body->node[0]->attribute[0]->g->node[0]->attribute[0]->t;
    splice_fill(splice, owi_record_of(model, &tensor->base), length, 1);
    check_layout(splice, &input, &expected);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

// Lengths grow from one byte to two, from two to three, from three to four.
static void test_growth(void **state) {
    (void)state;
    for (size_t length = 0; length < 300; length++) {
        check_deep(length, length % 64);
    }
    for (size_t length = 16384 - 130; length < 16384 + 20; length++) {
        check_deep(length, 0);
    }
    for (size_t length = 2097152 - 110; length < 2097152 + 10; length += 7) {
        check_deep(length, 3);
    }
}

static void test_empty_tensor(void **state) {
    (void)state;
    check_deep(0, 0);
    bytes input = with_initializer(make_typed(OWI_DTYPE_FLOAT, 0)), tensor, expected;
    tensor = make_typed(OWI_DTYPE_FLOAT, 0);
    put_block(&tensor, 9, "", 0);
    expected = with_initializer(tensor);
    owi_model *model = check_opens(&input);
    owi_splice *splice = owi_splice_new(model);
    splice_fill(splice, record_of_initializer(model, 0), 0, 1);
    check_layout(splice, &input, &expected);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

// ---- other edits ----

static void put_value(bytes *graph, uint32_t field, const char *name) {
    bytes value = {0};
    put_text(&value, 1, name);
    put_message(graph, field, &value);
}

static void test_add_and_remove(void **state) {
    (void)state;
    bytes graphs[2] = {{0}, {0}};
    for (int after = 0; after < 2; after++) {
        bytes node = {0}, tensor = make_tensor("old");
        put_text(&node, 4, "Conv");
        put_message(&graphs[after], 1, &node);
        if (after) {
            put_fake(&tensor, 3, 24);
        }
        put_message(&graphs[after], 5, &tensor);
        put_value(&graphs[after], 11, "x");
        if (!after) {
            put_value(&graphs[after], 11, "w");
        }
        put_value(&graphs[after], 11, "z");
    }
    bytes added = {0}, scalar = {0}, last = {0};
    put_number(&added, 1, 100);
    put_number(&added, 1, 2);
    put_number(&added, 2, OWI_DTYPE_FLOAT16);
    put_text(&added, 8, "w");
    put_fake(&added, 7, 400);
    put_message(&graphs[1], 5, &added);
    put_number(&scalar, 2, OWI_DTYPE_DOUBLE);
    put_text(&scalar, 8, "s");
    put_fake(&scalar, 8, 8);
    put_message(&graphs[1], 5, &scalar);
    put_value(&last, 13, "noted");
    put_bytes(&graphs[1], last.data, last.length);
    bytes input = model_of(&graphs[0]), expected = model_of(&graphs[1]);
    owi_model *model = check_opens(&input);
    const Onnx__GraphProto *graph = model->proto->graph;
    const owi_record *main_graph = owi_record_of(model, &graph->base);
    owi_splice *splice = owi_splice_new(model);
    owi_carriage matrix = owi_carriage_fill(400, 7), single = owi_carriage_fill(8, 8);
    owi_splice_add_initializer(splice, main_graph, "w", OWI_DTYPE_FLOAT16, (int64_t[]){100, 2}, 2,
                               &matrix);
    owi_splice_remove(splice, owi_record_of(model, &graph->input[1]->base));
    owi_splice_add_initializer(splice, main_graph, "s", OWI_DTYPE_DOUBLE, NULL, 0, &single);
    splice_fill(splice, record_of_initializer(model, 0), 24, 3);
    owi_splice_append(splice, main_graph, last.data, last.length);
    check_layout(splice, &input, &expected);
    bytes_free(&last);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

// Edits inside a message that goes have no effect, wherever it stands.
static void test_remove_around(void **state) {
    (void)state;
    for (size_t gone = 0; gone < 3; gone++) {
        bytes graphs[2] = {{0}, {0}};
        for (int after = 0; after < 2; after++) {
            for (size_t i = 0; i < 3; i++) {
                const char *names[] = {"a", "b", "c"};
                bytes tensor = make_tensor(names[i]), attribute = {0}, node = {0};
                if (after) {
                    put_fake(&tensor, i, 24);
                }
                put_text(&attribute, 1, "value");
                put_message(&attribute, 5, &tensor);
                put_number(&attribute, 20, 4);
                put_text(&node, 4, "Constant");
                put_message(&node, 5, &attribute);
                if (!after || i != gone) {
                    put_message(&graphs[after], 1, &node);
                }
                bytes_free(&node);
            }
        }
        bytes input = model_of(&graphs[0]), expected = model_of(&graphs[1]);
        owi_model *model = check_opens(&input);
        owi_splice *splice = owi_splice_new(model);
        for (size_t i = 0; i < 3; i++) {
            const Onnx__NodeProto *node = model->proto->graph->node[i];
            if (i == gone) {
                owi_splice_remove(splice, owi_record_of(model, &node->base));
            }
            splice_fill(splice, owi_record_of(model, &node->attribute[0]->t->base), 24, i);
        }
        check_layout(splice, &input, &expected);
        bytes_free(&input);
        bytes_free(&expected);
        owi_model_close(model);
    }
}

// Appending to messages that end at the same byte: the inner one first.
static void test_append_nested(void **state) {
    (void)state;
    bytes graphs[2] = {{0}, {0}};
    for (int after = 0; after < 2; after++) {
        bytes node = {0}, attribute = {0};
        put_text(&attribute, 1, "a");
        put_number(&attribute, 20, 2);
        if (after) {
            put_text(&attribute, 13, "inner");
        }
        put_text(&node, 4, "Op");
        put_message(&node, 5, &attribute);
        if (after) {
            put_text(&node, 6, "middle");
        }
        put_message(&graphs[after], 1, &node);
        if (after) {
            put_text(&graphs[after], 10, "outer");
        }
    }
    bytes input = model_of(&graphs[0]), expected = model_of(&graphs[1]);
    put_number(&expected, 5, 3);
    owi_model *model = check_opens(&input);
    const Onnx__NodeProto *node = model->proto->graph->node[0];
    owi_splice *splice = owi_splice_new(model);
    bytes text[4] = {{0}, {0}, {0}, {0}};
    put_text(&text[0], 10, "outer");
    put_text(&text[1], 6, "middle");
    put_text(&text[2], 13, "inner");
    put_number(&text[3], 5, 3);
    const ProtobufCMessage *messages[] = {&model->proto->graph->base, &node->base,
                                          &node->attribute[0]->base, &model->proto->base};
    for (int i = 0; i < 4; i++) {
        owi_splice_append(splice, owi_record_of(model, messages[i]), text[i].data, text[i].length);
        bytes_free(&text[i]);
    }
    check_layout(splice, &input, &expected);
    bytes_free(&input);
    bytes_free(&expected);
    owi_model_close(model);
}

// A length may be written with more bytes than it needs. It stays so while it says the same.
static void test_padded(void **state) {
    (void)state;
    bytes tensor = make_tensor("w"), input = {0}, opset = {0};
    put_block(&tensor, 9, "abcdefghijklmnopqrstuvwx", 24);
    put_number(&input, 1, 8);
    put_bytes(&input, "\xba\x80\x00", 3); // graph: the tag padded, too
    put_bytes(&input, (uint8_t[]){(uint8_t)((tensor.length + 4) | 0x80), 0x80, 0x00}, 3);
    put_bytes(&input, (uint8_t[]){5 << 3 | 2, (uint8_t)(tensor.length | 0x80), 0x80, 0}, 4);
    put_bytes(&input, tensor.data, tensor.length);
    put_number(&opset, 2, 17);
    put_message(&input, 8, &opset);
    bytes same = {0};
    put_bytes(&same, input.data, input.length);
    for (uint64_t i = 0; i < 24; i++) {
        size_t place = input.length - 4 - 24 + (size_t)i;
        same.data[place] = fake_byte(2, i);
    }
    owi_model *model = check_opens(&input);
    owi_splice *splice = owi_splice_new(model);
    splice_fill(splice, record_of_initializer(model, 0), 24, 2);
    check_layout(splice, &input, &same);
    splice = owi_splice_new(model); // a new length is written in its shortest form
    splice_fill(splice, record_of_initializer(model, 0), 25, 2);
    tensor.length -= 26;
    put_fake(&tensor, 2, 25);
    bytes graph = graph_with(5, &tensor), shortest = model_of(&graph);
    check_layout(splice, &input, &shortest);
    bytes_free(&input);
    bytes_free(&same);
    bytes_free(&shortest);
    owi_model_close(model);
}

// ---- refusals ----

static void test_too_large(void **state) {
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {(uint64_t)1 << 31, "model.onnx: the output would hold 21474836"},
        {UINT64_MAX, "the output would hold 18446744073709551616 bytes, but one protobuf message "
                     "holds no more than 2147483647"},
    };
    bytes input = with_initializer(make_tensor("w"));
    for (size_t i = 0; i < 2; i++) {
        owi_model *model = check_opens(&input);
        owi_splice *splice = owi_splice_new(model);
        owi_layout layout;
        owi_error error;
        splice_fill(splice, record_of_initializer(model, 0), rows[i].bytes, 1);
        assert_int_equal(owi_splice_layout(splice, OWI_LIMIT_MESSAGE, &layout, &error),
                         OWI_UNSUPPORTED);
        assert_non_null(strstr(error.text, rows[i].text));
        owi_model_close(model);
    }
    for (uint64_t over = 0; over < 2; over++) { // on both sides of the limit, to the byte
        owi_model *model = check_opens(&input);
        owi_splice *splice = owi_splice_new(model);
        owi_layout layout;
        // raw_data's head, and four bytes more for the length of tensor and graph each
        uint64_t room = INT32_MAX - input.length - 6 - 8;
        splice_fill(splice, record_of_initializer(model, 0), room + over, 1);
        assert_int_equal(owi_splice_layout(splice, OWI_LIMIT_MESSAGE, &layout, NULL),
                         over ? OWI_UNSUPPORTED : OWI_OK);
        if (!over) {
            assert_int_equal(layout.length, INT32_MAX);
        }
        owi_model_close(model);
    }
    bytes_free(&input);
}

static void test_contradiction(void **state) {
    (void)state;
    bytes tensor = make_tensor("w");
    put_block(&tensor, 9, "abcdefghijklmnopqrstuvwx", 24);
    bytes input = with_initializer(tensor);
    owi_model *model = check_opens(&input);
    owi_splice *splice = owi_splice_new(model);
    owi_layout layout;
    splice_fill(splice, record_of_initializer(model, 0), 24, 1);
    splice_fill(splice, record_of_initializer(model, 0), 24, 2);
    assert_int_equal(owi_splice_layout(splice, OWI_LIMIT_MESSAGE, &layout, NULL), OWI_INTERNAL);
    bytes_free(&input);
    owi_model_close(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),        cmocka_unit_test(test_fill_forms),
        cmocka_unit_test(test_growth),         cmocka_unit_test(test_empty_tensor),
        cmocka_unit_test(test_add_and_remove), cmocka_unit_test(test_remove_around),
        cmocka_unit_test(test_append_nested),  cmocka_unit_test(test_padded),
        cmocka_unit_test(test_too_large),      cmocka_unit_test(test_contradiction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
