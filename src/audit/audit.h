// audit.h: what is in the file, judged against a plan. Private to the stage and to reports.
#ifndef OWI_AUDIT_AUDIT_H
#define OWI_AUDIT_AUDIT_H

#include "audit/measure.h"
#include "infer/infer.h"
#include "plan/plan.h"

#include <jansson.h>

// A whole model that is as planned is called odd this often.
#define OWI_AUDIT_LEVEL 1e-6

struct owi_audit {
    const owi_plan *plan;
    const owi_plan *other; // that it is compared with, or NULL
    owi_finding *findings; // one for each row
    owi_subject *subjects; // as many
    size_t count;
    owi_audit_summary summary;
};

// What the tensors should hold: by the plan (subjects.c), then by a saved report (saved.c).
void owi_subjects_of_plan(owi_audit *audit);
void owi_subjects_of_report(owi_audit *audit, const json_t *report);

// Turns measurements into verdicts (judge.c) ...
void owi_judge(owi_audit *audit);

// ... and into names of schemes (naming.c).
void owi_name_fits(owi_audit *audit);

// For verdicts by depth: for each row, the logarithm of how much larger than planned the signal is
// behind its op, from all weights on the way there. 0 where that is not known (depth.c).
const double *owi_depth_excess(const owi_audit *audit, const double *ratios);

// Compares the tensors that the plan fills with what it would write (verify.c).
owi_status owi_verify(owi_audit *audit, unsigned threads, owi_error *error);

// Compares all tensors with those of the other plan's model (difference.c).
void owi_compare(owi_audit *audit, unsigned threads);

// A tensor's graph and name in one text (verify.c).
const char *owi_tensor_key(owi_arena *arena, const owi_tensor *tensor);

#endif
