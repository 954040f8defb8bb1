// test_carriers.c: carriers that the text of a case cannot write: a sparse initializer, values that
// are said to be in another file and are not.
#include "support/models.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { FLOAT = 1, INT64 = 7 };

static bytes make_value(const char *name, uint64_t columns) {
    bytes value = {0}, type = {0}, tensor = {0}, shape = {0}, row = {0}, column = {0};
    put_number(&row, 1, 5);
    put_number(&column, 1, columns);
    put_message(&shape, 1, &row);
    put_message(&shape, 1, &column);
    put_number(&tensor, 1, FLOAT);
    put_message(&tensor, 2, &shape);
    put_message(&type, 1, &tensor);
    put_text(&value, 1, name);
    put_message(&value, 2, &type);
    return value;
}

// y = MatMul(x, w): [5,2] times [2,3]; the carrier of w goes into a field of the graph.
static bytes product_with(uint32_t field, bytes *carrier) {
    bytes graph = graph_with(field, carrier), node = {0};
    bytes x = make_value("x", 2), y = make_value("y", 3);
    put_text(&node, 1, "x");
    put_text(&node, 1, "w");
    put_text(&node, 2, "y");
    put_text(&node, 4, "MatMul");
    put_message(&graph, 1, &node);
    put_text(&graph, 2, "g");
    put_message(&graph, 11, &x);
    put_message(&graph, 12, &y);
    return model_of(&graph);
}

// Calls the check with the row of "w".
static void with_row(bytes model, void (*check)(const owi_row *row)) {
    owi_model *opened = NULL;
    const owi_plan *plan = NULL;
    owi_options options = {0};
    owi_error error = {OWI_OK, ""};
    if (open_bytes(&model, &opened, &error) != OWI_OK ||
        owi_plan_make(opened, &options, &plan, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    assert_int_equal(owi_plan_count(plan), 1);
    assert_string_equal(owi_plan_row(plan, 0)->name, "w");
    check(owi_plan_row(plan, 0));
    owi_model_close(opened);
    bytes_free(&model);
}

static void is_kept_and_said_so(const owi_row *row) {
    assert_false(row->fill);
    assert_string_equal(row->carrier, "sparse_initializer");
    assert_string_equal(row->role, "linear.weight");
    assert_non_null(strstr(row->reason, "sparse: kept"));
}

static void a_sparse_weight_is_kept(void **state) {
    (void)state;
    bytes sparse = {0}, values = {0}, indices = {0};
    float two[] = {0.5F, -0.25F};
    int64_t places[] = {1, 4};
    put_number(&values, 1, 2);
    put_number(&values, 2, FLOAT);
    put_text(&values, 8, "w");
    put_block(&values, 9, two, sizeof two);
    put_number(&indices, 1, 2);
    put_number(&indices, 2, INT64);
    put_block(&indices, 9, places, sizeof places);
    put_message(&sparse, 1, &values);
    put_message(&sparse, 2, &indices);
    put_number(&sparse, 3, 2);
    put_number(&sparse, 3, 3);
    with_row(product_with(15, &sparse), is_kept_and_said_so);
}

static void is_filled(const owi_row *row) {
    assert_true(row->fill);
    assert_string_equal(row->carrier, "initializer");
    assert_string_equal(row->role, "linear.weight");
    assert_float_equal((float)row->fan_in, 2, 0);
}

static bytes external(const char *location, const char *offset, const char *length) {
    const char *texts[] = {"location", location, "offset", offset, "length", length};
    bytes tensor = make_tensor("w");
    for (int i = 0; i < 6; i += 2) {
        if (texts[i + 1]) {
            bytes pair = make_entry(texts[i], texts[i + 1]);
            put_message(&tensor, 13, &pair);
        }
    }
    put_number(&tensor, 14, 1);
    return product_with(5, &tensor);
}

static void values_that_are_not_there_are_filled(void **state) {
    (void)state;
    static const char data[24];
    write_file(test_path("w.bin"), data, sizeof data);
    with_row(external("w.bin", "0", "24"), is_filled); // whole
    with_row(external("missing.bin", NULL, NULL), is_filled);
    with_row(external("w.bin", "8", "24"), is_filled);     // past its end
    with_row(external("w.bin", "0", "20"), is_filled);     // not what the shape asks for
    with_row(external("../w.bin", NULL, NULL), is_filled); // outside the model's folder: not read
    with_row(external(NULL, NULL, NULL), is_filled);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sparse_weight_is_kept),
        cmocka_unit_test(values_that_are_not_there_are_filled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
