// trainable.c: what a training runtime is to train, for programs: the tensors that get gradients,
// and the parameters that it must know of but not change. The names of the JSON list are those of
// the arguments of onnxruntime.training.artifacts.generate_artifacts.
#include "base/utf8.h"
#include "plan/plan.h"
#include "report/report.h"

#include <jansson.h>
#include <string.h>

// The name as the file has it; owi_escaped would make it another one.
static const char *name_of(const owi_view *view, size_t row) {
    return view->plan->rows[row].name;
}

static bool is_utf8(const char *text) {
    for (size_t left = strlen(text), length; left > 0; left -= length, text += length) {
        length = owi_utf8_length(text, left);
        if (length == 0) {
            return false;
        }
    }
    return true;
}

static owi_status refuse(const owi_view *view, size_t row, const char *why, owi_error *error) {
    return owi_fail(error, OWI_UNSUPPORTED, "the name \"%s\" cannot be listed: %s",
                    view->rows[row].name, why);
}

static owi_status list(const owi_view *view, owi_training which, json_t *names, owi_error *error) {
    for (size_t i = 0; i < view->count; i++) {
        if (view->rows[i].training != which) {
            continue;
        }
        if (!is_utf8(name_of(view, i))) {
            return refuse(view, i, "it is not UTF-8, which JSON asks for", error);
        }
        if (json_array_append_new(names, json_string(name_of(view, i))) != 0) {
            return owi_fail(error, OWI_SYSTEM, "out of memory while names were listed");
        }
    }
    return OWI_OK;
}

static int to_sink(const char *bytes, size_t length, void *context) {
    owi_writer *writer = context;
    writer->stopped = writer->stopped || !writer->sink(writer->context, bytes, length);
    return 0;
}

owi_status owi_report_trainable(const owi_view *view, owi_writer *writer, owi_error *error) {
    json_t *gradient = json_array(), *frozen = json_array();
    json_t *lists = json_pack("{s:o, s:o}", "requires_grad", gradient, "frozen_params", frozen);
    if (!lists) {
        return owi_fail(error, OWI_SYSTEM, "out of memory while names were listed");
    }
    owi_status status = list(view, OWI_TRAINING_GRADIENT, gradient, error);
    if (status == OWI_OK) {
        status = list(view, OWI_TRAINING_FROZEN, frozen, error);
    }
    if (status == OWI_OK && json_dump_callback(lists, to_sink, writer, JSON_INDENT(2)) != 0) {
        status = owi_fail(error, OWI_SYSTEM, "out of memory while names were listed");
    }
    owi_write(writer, status == OWI_OK ? "\n" : "");
    json_decref(lists);
    return status;
}

owi_status owi_report_trainable_names(const owi_view *view, owi_writer *writer, owi_error *error) {
    for (size_t i = 0; i < view->count; i++) {
        if (view->rows[i].training != OWI_TRAINING_GRADIENT) {
            continue;
        }
        if (strpbrk(name_of(view, i), "\r\n")) {
            return refuse(view, i, "it has more than one line", error);
        }
        owi_write(writer, name_of(view, i));
        owi_write(writer, "\n");
    }
    return OWI_OK;
}
