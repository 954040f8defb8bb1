// plan.h: the plan as plain data. Analysis writes it, fill reads it, reports print it.
#ifndef OWI_PLAN_PLAN_H
#define OWI_PLAN_PLAN_H

#include "model/model.h"

struct owi_plan {
    struct owi_model *model;
    const owi_row *rows;
    size_t count;
    owi_summary summary;
    uint64_t seed;
};

#endif
