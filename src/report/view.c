#include "report/view.h"

#include "base/status.h"
#include "model/describe.h"
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

static const char *text(owi_arena *arena, const char *from) {
    return from ? owi_escaped(arena, from) : NULL;
}

static const char *const *texts(owi_arena *arena, const char *const *from, size_t count) {
    const char **shown = owi_new(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        shown[i] = text(arena, from[i]);
    }
    return shown;
}

static const owi_block *blocks(owi_arena *arena, const owi_block *from, size_t count) {
    owi_block *shown = owi_new(arena, owi_block, count);
    for (size_t i = 0; i < count; i++) {
        shown[i] = from[i];
        shown[i].label = text(arena, from[i].label);
    }
    return shown;
}

static owi_row row_shown(owi_arena *arena, const owi_row *row) {
    owi_row shown = *row;
    shown.name = text(arena, row->name);
    shown.graph = text(arena, row->graph);
    shown.op = text(arena, row->op);
    shown.node = text(arena, row->node);
    shown.reason = text(arena, row->reason);
    shown.rule = text(arena, row->rule);
    shown.path = texts(arena, row->path, row->path_count);
    shown.tied_with = texts(arena, row->tied_with, row->tied_count);
    shown.warnings = texts(arena, row->warnings, row->warning_count);
    shown.blocks = blocks(arena, row->blocks, row->block_count);
    return shown;
}

static owi_model_info model_shown(owi_arena *arena, const owi_model *model) {
    owi_model_info info = owi_describe(model, arena);
    owi_opset *opsets = owi_new(arena, owi_opset, info.opset_count);
    for (size_t i = 0; i < info.opset_count; i++) {
        opsets[i].version = info.opsets[i].version;
        opsets[i].domain = text(arena, info.opsets[i].domain);
    }
    info.opsets = opsets;
    info.file = text(arena, info.file);
    info.producer = text(arena, info.producer);
    return info;
}

typedef struct place {
    size_t depth, row;
} place;

static int by_depth(const void *a, const void *b) {
    const place *left = a, *right = b;
    if (left->depth != right->depth) {
        return left->depth < right->depth ? -1 : 1;
    }
    return left->row < right->row ? -1 : 1;
}

static const size_t *order_of(owi_arena *arena, const owi_plan *plan) {
    place *places = owi_new(arena, place, plan->count);
    size_t *order = owi_new(arena, size_t, plan->count);
    for (size_t i = 0; i < plan->count; i++) {
        places[i] = (place){plan->targets ? plan->targets[i].depth : i, i};
    }
    qsort(places, plan->count, sizeof *places, by_depth);
    for (size_t i = 0; i < plan->count; i++) {
        order[i] = places[i].row;
    }
    return order;
}

owi_view owi_view_make(const owi_plan *plan, const owi_audit *audit, owi_arena *arena) {
    owi_row *rows = owi_new(arena, owi_row, plan->count);
    owi_view view = {.plan = plan,
                     .model = model_shown(arena, plan->model),
                     .summary = plan->summary,
                     .seed = plan->seed,
                     .rows = rows,
                     .count = plan->count,
                     .audit = audit,
                     .order = order_of(arena, plan),
                     .warnings = plan->summary.warning_count};
    view.summary.profile_reason = text(arena, plan->summary.profile_reason);
    view.summary.warnings = texts(arena, plan->summary.warnings, plan->summary.warning_count);
    for (size_t i = 0; i < plan->count; i++) {
        rows[i] = row_shown(arena, audit ? owi_audit_finding(audit, i)->row : &plan->rows[i]);
        view.parameters += rows[i].trainable ? rows[i].elements : 0;
        view.warnings += rows[i].warning_count;
    }
    return view;
}
