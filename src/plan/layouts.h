// layouts.h: what a plan means for the files: the model, and the data file beside it that holds the
// values of external tensors. One file never refers to another folder's.
#ifndef OWI_PLAN_LAYOUTS_H
#define OWI_PLAN_LAYOUTS_H

#include "model/splice.h"
#include "plan/plan.h"

enum {
    OWI_EXTERNAL_LEAST = 1024,    // bytes of a value that may leave the .onnx, as for onnx.save
    OWI_EXTERNAL_ALIGNMENT = 4096 // of each value in the data file
};

typedef struct owi_layouts {
    owi_layout model;
    owi_layout data; // empty: there is no data file
} owi_layouts;

typedef struct owi_layout_options {
    owi_external_form form;
    const char *data_name; // of the data file, in the output's folder
    bool same_folder;      // the output stands in the input's folder
    uint64_t limit;        // bytes of the .onnx: OWI_LIMIT_MESSAGE, or less in tests
} owi_layout_options;

// Lays the files out. Tensors are as the form asks: as they are in the input, and outside when the
// model would pass the limit (AUTO); outside (ALWAYS); inside (NEVER). When a data file is needed,
// the external values that are kept are copied into it; so they are when the output stands in
// another folder. Fails with OWI_UNSUPPORTED for an initializer that has neither data nor a role,
// for any other tensor without values, and for a model that passes the limit; and as
// owi_external_locate for values that must be copied. Memory is the arena's.
owi_status owi_layouts_make(const owi_plan *plan, const owi_layout_options *options,
                            owi_layouts *layouts, owi_error *error);

#endif
