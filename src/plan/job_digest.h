// job_digest.h: everything that decides a byte of the output in 128 bits.
#ifndef OWI_PLAN_JOB_DIGEST_H
#define OWI_PLAN_JOB_DIGEST_H

#include "plan/digest.h"
#include "plan/layouts.h"

// XXH3-128 of plan, layouts and what is copied, as hexadecimal digits. Of a copied run the first
// mebibyte counts, and 4 KiB of each further one: enough to tell one input from another without
// reading weights that another shard copies.
owi_status owi_job_digest(const owi_plan *plan, const owi_layouts *layouts,
                          char digest[OWI_DIGEST_LENGTH + 1], owi_error *error);

#endif
