// apply.h: owi_plan_apply with limits that tests can lower.
#ifndef OWI_PLAN_APPLY_H
#define OWI_PLAN_APPLY_H

#include "model/save.h"

typedef struct owi_apply_limits {
    uint64_t message; // bytes of the .onnx
    owi_page_window window;
} owi_apply_limits;

owi_status owi_apply(const owi_plan *plan, const char *path, const owi_write_options *options,
                     const owi_apply_limits *limits, owi_error *error);

#endif
