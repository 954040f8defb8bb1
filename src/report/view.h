// view.h: a plan as it may be shown. Every text that came from the model is escaped here, in one
// place, so that no format has to think of it.
#ifndef OWI_REPORT_VIEW_H
#define OWI_REPORT_VIEW_H

#include "base/arena.h"
#include "onnx_winit.h"

typedef struct owi_view {
    const owi_plan *plan; // as it is, for names that must not be escaped
    owi_model_info model;
    owi_summary summary;
    uint64_t seed;
    const owi_row *rows;
    const owi_audit *audit; // or NULL
    size_t count;
    const size_t *order; // the rows by depth: in the order of the nodes that use them
    uint64_t parameters; // elements of the trainable tensors
    size_t warnings;     // of the model and of all rows
} owi_view;

// With an audit (else NULL) the rows are those that it judged by. The view lives in the arena; what
// needs no escaping is shared with the plan.
owi_view owi_view_make(const owi_plan *plan, const owi_audit *audit, owi_arena *arena);

#endif
