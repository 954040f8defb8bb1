// decide.h: what a rule's scheme comes to for one tensor, or a part of it.
#ifndef OWI_PLAN_DECIDE_H
#define OWI_PLAN_DECIDE_H

#include "fill/bounded.h"
#include "plan/rule.h"

// What a part of a tensor is to hold. Numbers that mean nothing are NAN.
typedef struct owi_decision {
    const owi_rule *rule;
    owi_scheme scheme;
    owi_distribution distribution;
    double gain;
    double std; // planned standard deviation, of the tensor as it is stored
    double mean, low, high;
    owi_bounded bounded;  // of bounded_normal: the normal and its bounds, as they are stored
    double value;         // of constants
    unsigned row_axes;    // the axes before this one are the rows of the matrix
    uint32_t groups;      // of dirac
    uint64_t repeats;     // of icnr: how often each row comes
    double branches;      // residual sums L, where the spread is divided by sqrt(L); else 1
    const char *why;      // or NULL
    const char *obstacle; // why the scheme cannot be had here, or NULL
} owi_decision;

// Works a rule out. `scale` tells whether the end of a residual branch is scaled; when unsaid, the
// rule tells, else it is not.
owi_decision owi_decide(owi_arena *arena, const owi_rule *rule, const owi_question *question,
                        owi_residual_scale scale);

#endif
