// fuzz_pipeline.c: load, plan, write, load again. What was accepted is accepted again, and what is
// kept is the same byte for byte.
#include "fuzz/fuzz.h"
#include "model/model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST = 1 << 20 }; // of a tensor to fill: time for the graph, not for numbers

static bool is_small(const owi_plan *plan) {
    uint64_t elements = 0;
    for (size_t i = 0; i < owi_plan_count(plan); i++) {
        const owi_row *row = owi_plan_row(plan, i);
        if (row->fill && (elements += row->elements) > LARGEST) {
            return false;
        }
    }
    return true;
}

static const Onnx__TensorProto *find(const owi_model *model, const char *name) {
    const Onnx__GraphProto *graph = model->proto->graph;
    for (size_t i = 0; i < graph->n_initializer; i++) {
        if (strcmp(graph->initializer[i]->name, name) == 0) {
            return graph->initializer[i];
        }
    }
    return NULL;
}

static void check_kept(const owi_model *before, const owi_model *after, const char *name) {
    const Onnx__TensorProto *old = find(before, name), *new = find(after, name);
    if (!old || !new) {
        fuzz_fail("a tensor that is kept is gone", name);
    }
    owi_span from = owi_record_of(before, &old->base)->whole;
    owi_span to = owi_record_of(after, &new->base)->whole;
    uint8_t *left = calloc(1, from.length + 1), *right = calloc(1, from.length + 1);
    if (from.length != to.length || !left || !right ||
        owi_source_read(&before->source, from.offset, left, from.length, NULL) ||
        owi_source_read(&after->source, to.offset, right, to.length, NULL) ||
        memcmp(left, right, from.length) != 0) {
        fuzz_fail("a tensor that is kept has changed", name);
    }
    free(left);
    free(right);
}

static void check_output(const owi_model *model, const owi_plan *plan, const char *path) {
    owi_model *again = NULL;
    owi_error error;
    if (owi_model_open(path, &again, &error) != OWI_OK) {
        fuzz_fail("the output is refused", error.text);
    }
    for (size_t i = 0; i < owi_plan_count(plan); i++) {
        const owi_row *row = owi_plan_row(plan, i);
        bool plain = strcmp(row->carrier, "initializer") == 0 && strcmp(row->graph, "main") == 0;
        if (plain && !row->fill) {
            check_kept(model, again, row->name);
        }
    }
    owi_model_close(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    owi_error error;
    owi_options options = OWI_OPTIONS_INIT;
    static const char *const all[] = {".*"};
    owi_write_options one_thread = OWI_WRITE_INIT;
    one_thread.threads = 1;
    options.promote = all;
    options.promote_count = size % 4 == 0;
    const char *output = fuzz_output();
    owi_status status = owi_model_open(fuzz_file(data, size), &model, &error);
    if (status == OWI_OK) {
        status = owi_plan_make(model, &options, &plan, &error);
    }
    if (status == OWI_OK && is_small(plan)) {
        status = owi_plan_apply(plan, output, &one_thread, &error);
        if (status == OWI_OK) {
            check_output(model, plan, output);
        }
    }
    if (status != OWI_OK) {
        fuzz_check_error(status, &error, "/proc/self/fd/");
    }
    bool written = access(output, F_OK) == 0;
    if (written != (status == OWI_OK && is_small(plan))) {
        fuzz_fail("the output", written ? "was left behind" : "is not there");
    }
    if (fuzz_remove(output) && !written) {
        fuzz_fail("the data file", "was left behind");
    }
    owi_model_close(model);
    return 0;
}
