// Applying a plan: in which file each value stands, what is copied, what may be left, and that the
// form never changes a value.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/model.h"
#include "plan/apply.h"
#include "support/bytes.h"
#include "support/model_text.h"
#include "support/temp.h"

// Two layers without data. Each matrix takes 64 KiB.
static const char layers[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "g (float[N,128] x) => (float[N,128] y) <float[128,128] w0, float[128] b0, float[128,128] w1>\n"
    "{ h0 = MatMul(x, w0) h1 = Add(h0, b0) h2 = Relu(h1) y = MatMul(h2, w1) }";

// A matrix to fill, and 300 row numbers to keep, both external.
static const char table[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "g (float[300,64] x) => (float[300,64] y)\n"
    "<float[400,64] rows = [\"location\": \"old.bin\", \"offset\": \"4096\"],\n"
    " int64[300] ids = [\"location\": \"old.bin\", \"offset\": \"64\", \"length\": \"2400\"]>\n"
    "{ taken = Gather(rows, ids) y = Add(x, taken) }";

enum { ROWS_BYTES = 400 * 64 * 4, IDS_BYTES = 2400 };

// The paths of a test, in two folders.
typedef struct place {
    temp in, out;
    char model[600], output[600], data[600];
} place;

static place place_make(const char *text) {
    place at = {.in = temp_make(), .out = temp_make()};
    owi_arena arena = {0};
    uint8_t *model;
    size_t length;
    char problem[READER_ERROR];
    if (!model_text_parse(text, &arena, &model, &length, problem)) {
        fail_msg("%s", problem);
    }
    snprintf(at.model, sizeof at.model, "%s/model.onnx", at.in.path);
    snprintf(at.output, sizeof at.output, "%s/out.onnx", at.out.path);
    snprintf(at.data, sizeof at.data, "%s/out.onnx.data", at.out.path);
    write_file(at.model, model, length);
    owi_arena_free(&arena);
    return at;
}

static void place_remove(const place *at) {
    temp_remove(&at->in);
    temp_remove(&at->out);
}

// The data file of `table`: byte i is i * 7.
static void write_old_data(const place *at, size_t length) {
    uint8_t *made = malloc(length);
    for (size_t i = 0; i < length; i++) {
        made[i] = (uint8_t)(i * 7);
    }
    free(temp_file(&at->in, "old.bin", made, length));
    free(made);
}

static owi_apply_limits usual(void) {
    return (owi_apply_limits){OWI_LIMIT_MESSAGE, OWI_PAGE_WINDOW};
}

static owi_status apply(const place *at, const char *keep, const owi_write_options *write,
                        owi_apply_limits limits, owi_error *error) {
    owi_model *model;
    const owi_plan *plan;
    owi_options options = OWI_OPTIONS_INIT;
    options.keep = &keep;
    options.keep_count = keep != NULL;
    owi_status status = owi_model_open(at->model, &model, error);
    if (status == OWI_OK) {
        status = owi_plan_make(model, &options, &plan, error);
    }
    if (status == OWI_OK) {
        status = owi_apply(plan, at->output, write, &limits, error);
    }
    owi_model_close(model);
    return status;
}

static void check_applies(const place *at, const char *keep, owi_external_form form, unsigned flags,
                          owi_apply_limits limits) {
    owi_write_options write = OWI_WRITE_INIT;
    owi_error error;
    write.external = form;
    write.flags = flags;
    if (apply(at, keep, &write, limits, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
}

static owi_model *check_opens(const char *path) {
    owi_model *model;
    owi_error error;
    if (owi_model_open(path, &model, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    return model;
}

// The value of an initializer of the output, wherever it stands; for the caller to free.
typedef struct value {
    uint8_t *bytes;
    char location[64]; // "": inside
    uint64_t offset;
} value;

static value value_of(const char *path, const char *name, size_t length) {
    owi_model *model = check_opens(path);
    value found = {.bytes = malloc(length)};
    owi_error error;
    const Onnx__TensorProto *tensor = NULL;
    for (size_t i = 0; i < model->proto->graph->n_initializer; i++) {
        if (strcmp(model->proto->graph->initializer[i]->name, name) == 0) {
            tensor = model->proto->graph->initializer[i];
        }
    }
    assert_non_null(tensor);
    const owi_tensor_record *record = owi_record_of(model, &tensor->base)->tensor;
    if (record->payload == OWI_PAYLOAD_EXTERNAL) {
        owi_external where;
        if (owi_external_locate(&model->source, tensor, length, &model->arena, &where, &error)) {
            fail_msg("%s", error.text);
        }
        snprintf(found.location, sizeof found.location, "%s", where.location);
        found.offset = where.offset;
        assert_int_equal(owi_external_read(&model->source, &where, 0, found.bytes, length, &error),
                         OWI_OK);
    } else {
        assert_int_equal(record->payload, OWI_PAYLOAD_RAW);
        assert_int_equal(record->values[0].length, length);
        assert_int_equal(
            owi_source_read(&model->source, record->values[0].offset, found.bytes, length, &error),
            OWI_OK);
    }
    owi_model_close(model);
    return found;
}

static void check_value(const char *path, const char *name, const char *location,
                        const uint8_t *expected, size_t length) {
    value found = value_of(path, name, length);
    assert_string_equal(found.location, location);
    assert_int_equal(found.offset % 4096, 0);
    assert_memory_equal(found.bytes, expected, length);
    free(found.bytes);
}

static size_t size_of(const char *path) {
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    return (size_t)status.st_size;
}

static bool exists(const char *path) {
    return access(path, F_OK) == 0;
}

// ---- forms ----

static void test_forms(void **state) {
    (void)state;
    place at = place_make(layers);
    check_applies(&at, NULL, OWI_EXTERNAL_AUTO, 0, usual());
    assert_false(exists(at.data));
    value w0 = value_of(at.output, "w0", 65536), w1 = value_of(at.output, "w1", 65536);
    assert_string_equal(w0.location, "");
    unlink(at.output);

    owi_apply_limits small = usual();
    small.message = 8192;
    for (int round = 0; round < 2; round++) { // because it must, because it is asked to
        check_applies(&at, NULL, round ? OWI_EXTERNAL_ALWAYS : OWI_EXTERNAL_AUTO, 0,
                      round ? usual() : small);
        check_value(at.output, "w0", "out.onnx.data", w0.bytes, 65536);
        check_value(at.output, "w1", "out.onnx.data", w1.bytes, 65536);
        static const uint8_t zeros[512];
        check_value(at.output, "b0", "", zeros, 512); // too small to go
        assert_int_equal(size_of(at.data), 2 * 65536);
        assert_true(size_of(at.output) < 2048);
        unlink(at.output);
        unlink(at.data);
    }
    owi_write_options never = OWI_WRITE_INIT;
    never.external = OWI_EXTERNAL_NEVER;
    owi_error error;
    assert_int_equal(apply(&at, NULL, &never, small, &error), OWI_UNSUPPORTED);
    assert_non_null(strstr(error.text, "one protobuf message holds no more than 8192"));
    assert_false(exists(at.output) || exists(at.data));
    free(w0.bytes);
    free(w1.bytes);
    place_remove(&at);
}

// Values that are kept go out, too, when the model would pass the limit.
static void test_large_kept(void **state) {
    (void)state;
    place at = place_make(layers);
    check_applies(&at, NULL, OWI_EXTERNAL_AUTO, 0, usual());
    value w0 = value_of(at.output, "w0", 65536);
    assert_int_equal(rename(at.output, at.model), 0);
    owi_apply_limits small = usual();
    small.message = 8192;
    check_applies(&at, "w0", OWI_EXTERNAL_AUTO, 0, small);
    check_value(at.output, "w0", "out.onnx.data", w0.bytes, 65536);
    assert_int_equal(size_of(at.data), 2 * 65536);
    free(w0.bytes);
    place_remove(&at);
}

// ---- what the input has outside ----

static void check_ids(const place *at, const char *location) {
    uint8_t expected[IDS_BYTES];
    for (size_t i = 0; i < IDS_BYTES; i++) {
        expected[i] = (uint8_t)((i + 64) * 7);
    }
    check_value(at->output, "ids", location, expected, IDS_BYTES);
}

static void test_external_input(void **state) {
    (void)state;
    place at = place_make(table);
    write_old_data(&at, 2464); // all of ids, and nothing of rows, which are not read
    check_applies(&at, NULL, OWI_EXTERNAL_AUTO, 0, usual());
    check_ids(&at, "out.onnx.data");
    value rows = value_of(at.output, "rows", ROWS_BYTES);
    assert_string_equal(rows.location, "out.onnx.data");
    check_applies(&at, NULL, OWI_EXTERNAL_NEVER, OWI_REPLACE, usual());
    check_ids(&at, "");
    check_value(at.output, "rows", "", rows.bytes, ROWS_BYTES);
    free(rows.bytes);
    place_remove(&at);
}

static void test_nothing_filled(void **state) {
    (void)state;
    place at = place_make(table);
    write_old_data(&at, 4096 + ROWS_BYTES);
    bytes input = read_file(at.model);
    check_applies(&at, ".*", OWI_EXTERNAL_AUTO, 0, usual()); // nothing changes, wherever it goes
    bytes elsewhere = read_file(at.output);
    assert_int_equal(elsewhere.length, input.length);
    assert_memory_equal(elsewhere.data, input.data, input.length);
    bytes_free(&elsewhere);
    unlink(at.output);
    check_applies(&at, ".*", OWI_EXTERNAL_ALWAYS, 0, usual()); // asked for: everything comes
    check_ids(&at, "out.onnx.data");
    assert_int_equal(size_of(at.data), ROWS_BYTES + IDS_BYTES + (4096 - ROWS_BYTES % 4096) % 4096);
    snprintf(at.output, sizeof at.output, "%s/same.onnx", at.in.path);
    check_applies(&at, ".*", OWI_EXTERNAL_AUTO, 0, usual()); // the same: nothing changes
    bytes output = read_file(at.output);
    assert_int_equal(output.length, input.length);
    assert_memory_equal(output.data, input.data, input.length);
    bytes_free(&input);
    bytes_free(&output);
    place_remove(&at);
}

static void expect_failure(const place *at, const char *keep, owi_status status, const char *text) {
    owi_write_options write = OWI_WRITE_INIT;
    owi_error error = {OWI_OK, ""};
    assert_int_equal(apply(at, keep, &write, usual(), &error), status);
    if (!strstr(error.text, text)) {
        fail_msg("expected \"%s\", got \"%s\"", text, error.text);
    }
    assert_false(exists(at->output) || exists(at->data));
}

static void test_missing(void **state) {
    (void)state;
    place at = place_make(table);
    expect_failure(&at, NULL, OWI_SYSTEM,
                   "initializer \"ids\" (main graph): external data old.bin cannot be opened: No");
    write_old_data(&at, 2463);
    expect_failure(&at, NULL, OWI_INPUT,
                   "model.onnx: initializer \"ids\" (main graph): external_data.offset 64 + length "
                   "2400 is past the end of old.bin (2463 bytes)");
    char path[600], other[600];
    snprintf(path, sizeof path, "%s/old.bin", at.in.path);
    snprintf(other, sizeof other, "%s/other.bin", at.in.path);
    assert_int_equal(rename(path, other) | symlink("/etc/passwd", path), 0);
    expect_failure(&at, NULL, OWI_INPUT, "\"old.bin\" passes a symbolic link");
    assert_int_equal(unlink(path) | link(other, path), 0);
    expect_failure(&at, NULL, OWI_INPUT, "\"old.bin\" is a file of several names");
    assert_int_equal(unlink(path) | mkdir(path, 0700), 0);
    expect_failure(&at, NULL, OWI_INPUT, "\"old.bin\" is not a regular file");
    place_remove(&at);
}

static void test_entries(void **state) {
    (void)state;
    static const struct {
        const char *entries, *text;
    } rows[] = {
        {"\"offset\": \"0\"", "names no location"},
        {"\"location\": \"\"", "names no location"},
        {"\"location\": \"../w\"", "leads out of the model's folder"},
        {"\"location\": \"/etc/passwd\"", "leads out of the model's folder"},
        {"\"location\": \"w\", \"location\": \"w\"", "\"location\" comes twice"},
        {"\"location\": \"w\", \"address\": \"7\"", "\"address\" is no entry of the standard"},
        {"\"location\": \"w\", \"offset\": \"-1\"", "offset \"-1\" is not a whole number"},
        {"\"location\": \"w\", \"offset\": \"0x1\"", "offset \"0x1\" is not a whole number"},
        {"\"location\": \"w\", \"length\": \"4\"", "length is 4, but dims and data_type ask for 8"},
        {"\"location\": \"w\", \"offset\": \"18446744073709551615\"",
         "offset 18446744073709551615 + length 8 is past the end of w (8 bytes)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 "<ir_version: 8, opset_import: [\"\" : 17]> g (float[1,2] x) => (float[1,1] y)\n"
                 "<float[2,1] w, int64[1] i = [%s]> { z = Gather(x, i) y = MatMul(x, w) }",
                 rows[i].entries);
        place at = place_make(text);
        free(temp_file(&at.in, "w", "12345678", 8));
        expect_failure(&at, NULL, OWI_INPUT, rows[i].text);
        place_remove(&at);
    }
}

// --keep covers a tensor whose values are missing; but it may not come to have others.
static void test_left(void **state) {
    (void)state;
    place at = place_make(table);
    write_old_data(&at, 2464);
    check_applies(&at, "rows", OWI_EXTERNAL_ALWAYS, 0, usual());
    check_ids(&at, "out.onnx.data");
    owi_model *model = check_opens(at.output);
    assert_string_equal(model->proto->graph->initializer[0]->external_data[0]->value, "old.bin");
    owi_model_close(model);
    unlink(at.output);
    unlink(at.data);
    snprintf(at.output, sizeof at.output, "%s/old.bin", at.out.path);
    place renamed = place_make("<ir_version: 8, opset_import: [\"\" : 17]>\n"
                               "g (float[4,64] x) => (float[4,32] y)\n"
                               "<float[64,64] a = [\"location\": \"sub/out.onnx.data\"],\n"
                               " float[64,32] b = [\"location\": \"elsewhere\"]>\n"
                               "{ h = MatMul(x, a) y = MatMul(h, b) }");
    expect_failure(&renamed, "a", OWI_UNSUPPORTED, "called as the new data file, out.onnx.data");
    place_remove(&renamed);
    place_remove(&at);
}

// ---- older files ----

static void test_older_pair(void **state) {
    (void)state;
    place at = place_make(layers);
    write_file(at.data, "old", 3);
    owi_write_options write = OWI_WRITE_INIT;
    owi_error error;
    write.external = OWI_EXTERNAL_ALWAYS;
    assert_int_equal(apply(&at, NULL, &write, usual(), &error), OWI_USAGE);
    assert_non_null(strstr(error.text, "out.onnx.data: exists"));
    assert_false(exists(at.output));
    for (int round = 2; round < 4; round++) { // each time a name that no file has
        char location[64];
        snprintf(location, sizeof location, "out.onnx.%d.data", round);
        check_applies(&at, NULL, OWI_EXTERNAL_ALWAYS, OWI_REPLACE, usual());
        value w0 = value_of(at.output, "w0", 65536);
        assert_string_equal(w0.location, location);
        free(w0.bytes);
    }
    bytes old = read_file(at.data);
    assert_int_equal(old.length, 3);
    bytes_free(&old);
    place_remove(&at);
}

// ---- the page window ----

static void test_window(void **state) {
    (void)state;
    place at = place_make("<ir_version: 8, opset_import: [\"\" : 17]>\n"
                          "g (float[N,2048] x) => (float[N,2048] y)\n"
                          "<float[2048,2048] w0, float[2048,2048] w1>\n"
                          "{ h = MatMul(x, w0) y = MatMul(h, w1) }");
    check_applies(&at, NULL, OWI_EXTERNAL_ALWAYS, 0, usual());
    bytes expected = read_file(at.data);
    assert_int_equal(expected.length, 32 << 20);
    owi_apply_limits limits = usual();
    limits.window = (owi_page_window){8 << 20, 8 << 20};
    unlink(at.output);
    unlink(at.data);
    check_applies(&at, NULL, OWI_EXTERNAL_ALWAYS, 0, limits);
    bytes windowed = read_file(at.data);
    assert_int_equal(windowed.length, expected.length);
    assert_memory_equal(windowed.data, expected.data, expected.length);
    bytes_free(&expected);
    bytes_free(&windowed);
    place_remove(&at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),          cmocka_unit_test(test_large_kept),
        cmocka_unit_test(test_external_input), cmocka_unit_test(test_nothing_filled),
        cmocka_unit_test(test_missing),        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_left),           cmocka_unit_test(test_older_pair),
        cmocka_unit_test(test_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
