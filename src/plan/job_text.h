// job_text.h: what makes one output another than the next, as shards tell each other.
#ifndef OWI_PLAN_JOB_TEXT_H
#define OWI_PLAN_JOB_TEXT_H

#include "plan/digest.h"
#include "plan/layouts.h"

enum { OWI_JOB_LENGTH = 256 };

// Writes lines of a word and what it stands for, the causes before what follows from them:
//
//     seed    as it was asked for
//     input   digest of the model but for its large values
//     rules   digest of the plan: given the two above, rules and options make it
//     bytes   digest of the layouts and of what is copied into them
//
// Of a copied run the first mebibyte counts, and 4 KiB of each further one: enough to tell one
// input from another without reading weights that another shard copies.
owi_status owi_job_text(const owi_plan *plan, const owi_layouts *layouts, char text[OWI_JOB_LENGTH],
                        owi_error *error);

#endif
