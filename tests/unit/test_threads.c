// The promise of onnx_winit.h about threads: different models may be used from different threads at
// once. To be run under ThreadSanitizer (make tsan); here it checks that all write the same bytes.
#define _GNU_SOURCE
#include "onnx_winit.h"
#include "support/bytes.h"
#include "support/model_text.h"
#include "support/temp.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 4, ROUNDS = 8 };

static const char text[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "g (float[N,96] x) => (float[N,96] y) <float[96,96] w0, float[96] b0, float[96,96] w1>\n"
    "{ h0 = MatMul(x, w0) h1 = Add(h0, b0) h2 = Relu(h1) y = MatMul(h2, w1) }";

typedef struct worker {
    temp folder;
    char *model;
    const char *problem; // what went wrong, or NULL
    char bytes[200000];
    size_t length;
} worker;

static bool sink(void *context, const char *content, size_t length) {
    (void)content;
    *(size_t *)context += length;
    return true;
}

// One whole use of the library: plan, report, write, audit; and what it refuses.
static const char *use_once(worker *at, const char *output) {
    static const char *const rules[] = {"w1=orthogonal"};
    static const char *const wrong[] = {"(=zeros"};
    owi_options options = {.rule = rules, .rule_count = 1};
    owi_write_options how = {.flags = OWI_REPLACE, .threads = 2};
    owi_report_options report = OWI_REPORT_INIT;
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    const owi_audit *audit = NULL;
    owi_error error;
    size_t length = 0;
    const char *problem = NULL;
    if (owi_model_open(at->model, &model, &error) != OWI_OK) {
        return "the model does not open";
    }
    options.rule = wrong;
    if (owi_plan_make(model, &options, &plan, &error) != OWI_USAGE) {
        problem = "a wrong rule is taken";
    }
    options.rule = rules;
    if (owi_plan_make(model, &options, &plan, &error) != OWI_OK ||
        owi_report(plan, &report, sink, &length, &error) != OWI_OK || length == 0 ||
        owi_plan_apply(plan, output, &how, &error) != OWI_OK) {
        problem = "the model is not written";
    }
    owi_model_close(model);
    if (!problem && (owi_model_open(output, &model, &error) != OWI_OK ||
                     owi_plan_make(model, NULL, &plan, &error) != OWI_OK ||
                     owi_audit_make(plan, NULL, &audit, &error) != OWI_OK)) {
        problem = "the output is not audited";
    }
    if (!problem) {
        owi_model_close(model);
    }
    return problem;
}

static void *use(void *context) {
    worker *at = context;
    char output[600];
    snprintf(output, sizeof output, "%s/out.onnx", at->folder.path);
    for (unsigned i = 0; i < ROUNDS && !at->problem; i++) {
        at->problem = use_once(at, output);
    }
    FILE *file = fopen(output, "rb");
    at->length = file ? fread(at->bytes, 1, sizeof at->bytes, file) : 0;
    if (file) {
        fclose(file);
    }
    return NULL;
}

static void test_models_of_threads(void **state) {
    (void)state;
    static worker workers[THREADS];
    pthread_t threads[THREADS];
    owi_arena arena = {0};
    uint8_t *model;
    size_t length;
    char problem[READER_ERROR];
    if (!model_text_parse(text, &arena, &model, &length, problem)) {
        fail_msg("%s", problem);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].folder = temp_make();
        workers[i].model = temp_file(&workers[i].folder, "model.onnx", model, length);
        assert_int_equal(pthread_create(&threads[i], NULL, use, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        if (workers[i].problem) {
            fail_msg("thread %u: %s", i, workers[i].problem);
        }
        assert_in_range(workers[i].length, 2 * 96 * 96 * 4, sizeof workers[i].bytes - 1);
        assert_int_equal(workers[i].length, workers[0].length);
        assert_memory_equal(workers[i].bytes, workers[0].bytes, workers[0].length);
        temp_remove(&workers[i].folder);
        free(workers[i].model);
    }
    owi_arena_free(&arena);
}

// Wrong calls are refused or harmless; none of them crashes.
static void test_wrong_calls(void **state) {
    (void)state;
    owi_model *model = (owi_model *)&model; // anything but NULL
    owi_error error;
    owi_model_close(NULL);
    owi_abandon();
    assert_int_equal(owi_model_open("", &model, &error), OWI_SYSTEM);
    assert_null(model);
    assert_int_equal(owi_model_open("/", &model, NULL), OWI_INPUT);
    assert_null(model);
    assert_int_equal(owi_model_read(-1, "pipe", &model, &error), OWI_SYSTEM);
    assert_null(model);
    assert_int_equal(owi_model_read(1000, "pipe", &model, &error), OWI_SYSTEM);
    assert_null(model);
    assert_int_equal(owi_model_open_memory(NULL, 0, &model, &error), OWI_INPUT);
    assert_null(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_models_of_threads),
        cmocka_unit_test(test_wrong_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
