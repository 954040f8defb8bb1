// edits.h: what a filled tensor means for the messages of the model.
#ifndef OWI_PLAN_EDITS_H
#define OWI_PLAN_EDITS_H

#include "model/splice.h"
#include "plan/plan.h"

// Bytes of a tensor's value.
uint64_t owi_edit_bytes(const owi_tensor *tensor);

// The tensor gets this value. What is no initializer becomes one, but for constants of bodies and
// functions, which stay where they are. OWI_SYSTEM when the model cannot be read.
owi_status owi_edit_tensor(owi_splice *splice, owi_model *model, const owi_tensor *tensor,
                           const owi_carriage *carriage, owi_error *error);

// Leaves in the model what a later run needs to know (model/provenance.h), in place of what an
// earlier run left.
void owi_edit_provenance(owi_splice *splice, const owi_plan *plan);

#endif
