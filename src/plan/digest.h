// digest.h: a plan in 128 bits.
#ifndef OWI_PLAN_DIGEST_H
#define OWI_PLAN_DIGEST_H

#include "model/provenance.h"
#include "plan/plan.h"

// XXH3-128 of all that decides the bits of the filled tensors, as hexadecimal digits. The order of
// the rows does not count: in the output, tensors that were inputs stand elsewhere.
void owi_plan_digest(const owi_plan *plan, char digest[OWI_DIGEST_LENGTH + 1]);

#endif
