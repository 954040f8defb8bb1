// explain.c: the story of a tensor, for `onnx-winit explain`.
#include "plan/explain.h"

#include "model/guard.h"
#include "plan/plan.h"
#include "report/report.h"

#include <string.h>

enum { LABEL_WIDTH = 11 };

static void write_lines(owi_writer *to, const owi_lines *lines) {
    for (size_t i = 0; i < lines->count; i++) {
        owi_writef(to, "%-*s", LABEL_WIDTH, lines->items[i].label);
        owi_write(to, lines->items[i].text);
        owi_write(to, "\n");
    }
}

// A name that has the word in it, when no name is near it.
static const char *name_with(const owi_plan *plan, const char *word) {
    for (size_t i = 0; i < plan->count && *word; i++) {
        if (strstr(plan->rows[i].name, word)) {
            return plan->rows[i].name;
        }
    }
    return NULL;
}

static owi_status not_found(const owi_plan *plan, const char *name, owi_error *error) {
    owi_arena *arena = &plan->model->arena;
    const char **names = owi_new(arena, const char *, plan->count + 1);
    const char *shown = owi_shown(arena, name);
    const owi_graph *graph = plan->model->graph;
    for (size_t i = 0; i < graph->values.count; i++) {
        const owi_value *value = graph->values.items[i];
        if (strcmp(value->name, name) == 0) {
            return owi_fail(error, OWI_USAGE, "\"%s\" is %s", shown,
                            value->tensor && !value->is_input
                                ? owi_arena_printf(arena, "of type %s: it is never filled",
                                                   owi_dtype_name(value->tensor->dtype))
                            : value->is_input
                                ? "an input of the model: it is fed, not filled"
                                : "computed in the graph: it is not a tensor of the file");
        }
    }
    for (size_t i = 0; i < plan->count; i++) {
        names[i] = plan->rows[i].name;
    }
    const char *near = owi_nearest_name(name, names);
    near = near ? near : name_with(plan, name);
    return owi_fail(error, OWI_USAGE, "there is no tensor \"%s\"%s%s%s", shown,
                    near ? "; did you mean \"" : "; plan --verbose lists them",
                    near ? owi_shown(arena, near) : "", near ? "\"?" : "");
}

// One row; names are unique but for bodies and functions, whose rows are told one after the other.
static owi_status explain(const owi_plan *plan, const char *name, owi_writer *to,
                          owi_error *error) {
    size_t found = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->rows[i].name, name) == 0) {
            owi_lines lines = owi_explain_row(plan, i);
            owi_write(to, found++ ? "\n" : "");
            write_lines(to, &lines);
        }
    }
    if (to->stopped) {
        return owi_fail(error, OWI_SYSTEM, "the explanation could not be written");
    }
    return found ? OWI_OK : not_found(plan, name, error);
}

owi_status owi_explain(const owi_plan *plan, const char *tensor, owi_sink sink, void *context,
                       owi_error *error) {
    owi_writer to = {sink, context, false};
    OWI_GUARD(&plan->model->arena, error);
    owi_status status = explain(plan, tensor, &to, error);
    OWI_UNGUARD(&plan->model->arena);
    return status;
}
