// policy.h: which scheme a tensor gets: the first row of tables/policy.def that matches.
#ifndef OWI_PLAN_POLICY_H
#define OWI_PLAN_POLICY_H

#include "infer/infer.h"
#include "infer/profile.h"

typedef enum owi_scheme {
#define SCHEME(id, distribution, fan, arguments, note) OWI_SCHEME_##id,
#include "tables/schemes.def"
#undef SCHEME
    OWI_SCHEME_COUNT
} owi_scheme;

typedef enum owi_distribution {
    OWI_DISTRIBUTION_KEEP,
    OWI_DISTRIBUTION_CONSTANT,
    OWI_DISTRIBUTION_NORMAL,
    OWI_DISTRIBUTION_TRUNCATED,
    OWI_DISTRIBUTION_UNIFORM,
    OWI_DISTRIBUTION_ORTHOGONAL,
    OWI_DISTRIBUTION_DELTA_ORTHOGONAL,
    OWI_DISTRIBUTION_IDENTITY,
    OWI_DISTRIBUTION_DIRAC,
    OWI_DISTRIBUTION_ICNR,
    OWI_DISTRIBUTION_BILINEAR,
    OWI_DISTRIBUTION_SLICE_NORM
} owi_distribution;

// A scheme with its numbers: what one part of a tensor is to hold.
typedef struct owi_decision {
    owi_scheme scheme;
    owi_distribution distribution;
    double gain;
    double std;              // planned standard deviation, of the tensor as it is stored
    double mean, low, high;  // NAN where they mean nothing
    double value;            // of constants
    const char *why;
} owi_decision;

// What the policy looks at, for one part of a tensor.
typedef struct owi_question {
    const owi_fact *fact;
    const owi_fact_part *part; // NULL for a tensor without fans
    owi_role role;
    owi_profile profile;
    bool attention_orthogonal;
} owi_question;

owi_decision owi_policy_decide(const owi_question *question);

const char *owi_scheme_name(owi_scheme scheme);

#endif
