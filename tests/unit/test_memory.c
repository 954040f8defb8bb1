// Models in memory: the same bytes as with files, and what has no folder and no place.
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "onnx_winit.h"
#include "support/bytes.h"
#include "support/model_text.h"

// Plain draws, a matrix that is made as a whole, and a large literal that is copied.
static const char layers[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "g (float[N,96] x) => (float[N,96] y) <float[96,96] w0, float[96] b0, float[96,96] w1>\n"
    "{ h0 = MatMul(x, w0) h1 = Add(h0, b0) h2 = Relu(h1) y = MatMul(h2, w1) }";

// Row numbers that must be kept, and are not in the model.
static const char table[] = "<ir_version: 8, opset_import: [\"\" : 17]>\n"
                            "g (float[30,64] x) => (float[30,64] y)\n"
                            "<float[40,64] rows, int64[30] ids = [\"location\": \"old.bin\"]>\n"
                            "{ taken = Gather(rows, ids) y = Add(x, taken) }";

static bytes model_of(const char *text) {
    owi_arena arena = {0};
    uint8_t *model;
    size_t length;
    char problem[READER_ERROR];
    bytes copy = {0};
    if (!model_text_parse(text, &arena, &model, &length, problem)) {
        fail_msg("%s", problem);
    }
    put_bytes(&copy, model, length);
    owi_arena_free(&arena);
    return copy;
}

static bool collect(void *context, const char *data, size_t length) {
    put_bytes(context, data, length);
    return true;
}

static bool refuse(void *context, const char *data, size_t length) {
    (void)data;
    (void)length;
    return ++*(int *)context < 2;
}

static const owi_plan *plan_of(const bytes *model, owi_model **opened) {
    static const char *const rule = "w1=orthogonal(1)";
    owi_options options = OWI_OPTIONS_INIT;
    const owi_plan *plan = NULL;
    owi_error error;
    options.seed = 7;
    options.rule = &rule;
    options.rule_count = 1;
    if (owi_model_open_memory(model->data, model->length, opened, &error) != OWI_OK ||
        owi_plan_make(*opened, &options, &plan, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    return plan;
}

static void test_same_bytes(void **state) {
    (void)state;
    bytes model = model_of(layers), written = {0};
    owi_model *opened;
    const owi_plan *plan = plan_of(&model, &opened);
    const char *path = test_path("memory.onnx");
    unlink(path);
    assert_int_equal(owi_plan_write(plan, collect, &written, NULL, NULL), OWI_OK);
    assert_int_equal(owi_plan_apply(plan, path, NULL, NULL), OWI_OK);
    bytes expected = read_file(path);
    assert_true(expected.length > 2 * 96 * 96 * 4);
    assert_int_equal(written.length, expected.length);
    assert_memory_equal(written.data, expected.data, expected.length);
    owi_model_close(opened);
    bytes_free(&model);
    bytes_free(&written);
    bytes_free(&expected);
}

static void test_audit(void **state) {
    (void)state;
    bytes model = model_of(layers), written = {0};
    owi_model *opened;
    assert_int_equal(owi_plan_write(plan_of(&model, &opened), collect, &written, NULL, NULL),
                     OWI_OK);
    owi_model_close(opened);
    const owi_audit *audit;
    owi_audit_options how = OWI_AUDIT_INIT;
    how.verify = true;
    assert_int_equal(owi_audit_make(plan_of(&written, &opened), &how, &audit, NULL), OWI_OK);
    assert_int_equal(owi_audit_result(audit)->same, 3);
    assert_int_equal(owi_audit_result(audit)->deviations, 0);
    owi_model_close(opened);
    bytes_free(&model);
    bytes_free(&written);
}

static void test_receiver_stops(void **state) {
    (void)state;
    bytes model = model_of(layers);
    owi_model *opened;
    owi_error error;
    int calls = 0;
    const owi_plan *plan = plan_of(&model, &opened);
    assert_int_equal(owi_plan_write(plan, refuse, &calls, NULL, &error), OWI_SYSTEM);
    assert_string_equal(error.text, "output: the receiver stopped");
    assert_int_equal(calls, 2);
    owi_model_close(opened);
    bytes_free(&model);
}

static void test_no_shards(void **state) {
    (void)state;
    bytes model = model_of(layers), written = {0};
    owi_model *opened;
    owi_write_options how = OWI_WRITE_INIT;
    how.shard_count = 2;
    assert_int_equal(owi_plan_write(plan_of(&model, &opened), collect, &written, &how, NULL),
                     OWI_USAGE);
    assert_int_equal(written.length, 0);
    owi_model_close(opened);
    bytes_free(&model);
}

// A model in memory has no folder: not even a file of the working directory is taken for its data.
static void test_no_folder(void **state) {
    (void)state;
    bytes model = model_of(table), written = {0};
    owi_model *opened;
    owi_error error;
    uint8_t data[30 * 8] = {0};
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    write_file(test_path("old.bin"), data, sizeof data);
    char *folder = strdup(test_path("old.bin"));
    *strrchr(folder, '/') = '\0';
    assert_int_equal(chdir(folder), 0);
    const owi_plan *plan = plan_of(&model, &opened);
    owi_status status = owi_plan_write(plan, collect, &written, NULL, &error);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(status, OWI_INPUT);
    assert_non_null(strstr(error.text, "a model in memory has no folder"));
    owi_model_close(opened);
    free(folder);
    bytes_free(&model);
}

static void test_damaged(void **state) {
    (void)state;
    bytes model = model_of(layers);
    owi_model *opened;
    owi_error error;
    assert_int_equal(owi_model_open_memory(NULL, 0, &opened, &error), OWI_INPUT);
    assert_null(opened);
    assert_memory_equal(error.text, "memory: ", 8);
    for (size_t length = 1; length < model.length; length++) {
        uint8_t *exact = malloc(length); // so that a sanitizer sees a byte too many
        memcpy(exact, model.data, length);
        owi_status status = owi_model_open_memory(exact, length, &opened, &error);
        assert_int_equal(status, OWI_INPUT);
        free(exact);
    }
    bytes_free(&model);
}

// What a caller says need live only for the call.
static void test_texts_are_copied(void **state) {
    (void)state;
    bytes model = model_of(layers), before = {0}, after = {0};
    char path[512], pattern[] = "b0", rule[] = "w0=normal(0,0.5)", profile[] = "vision";
    char *const texts[] = {path, pattern, rule, profile};
    const char *keep = pattern, *rules = rule;
    owi_options options = {
        .profile = profile, .keep = &keep, .keep_count = 1, .rule = &rules, .rule_count = 1};
    owi_report_options form = {.format = OWI_JSON};
    owi_model *opened;
    const owi_plan *plan;
    strcpy(path, test_path("copied.onnx"));
    write_file(path, model.data, model.length);
    assert_int_equal(owi_model_open(path, &opened, NULL), OWI_OK);
    assert_int_equal(owi_plan_make(opened, &options, &plan, NULL), OWI_OK);
    assert_int_equal(owi_report(plan, &form, collect, &before, NULL), OWI_OK);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        memset(texts[i], 'x', strlen(texts[i]));
    }
    assert_int_equal(owi_report(plan, &form, collect, &after, NULL), OWI_OK);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.data, after.data, before.length);
    owi_model_close(opened);
    bytes_free(&model);
    bytes_free(&before);
    bytes_free(&after);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),       cmocka_unit_test(test_audit),
        cmocka_unit_test(test_receiver_stops),   cmocka_unit_test(test_no_shards),
        cmocka_unit_test(test_no_folder),        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_texts_are_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
