// fit.h: which of the known schemes numbers may come from (tables/candidates.def).
#ifndef OWI_AUDIT_FIT_H
#define OWI_AUDIT_FIT_H

#include "audit/expected.h"

// A true scheme is turned down this often.
#define OWI_FIT_LEVEL 1e-3

typedef struct owi_fit_question {
    const owi_sample *sample;
    double fan_in, fan_out; // NAN: none
    bool is_identity, is_dirac;
} owi_fit_question;

// Bit i is set when candidate i is not rejected.
uint64_t owi_fit(const owi_fit_question *question);

// Whether a set holds only schemes that leave no doubt.
bool owi_fit_is_exact(uint64_t set);

// What candidate i says of a tensor with these fans.
owi_expected owi_fit_candidate(size_t candidate, double fan_in, double fan_out);

size_t owi_fit_count(void);
const char *owi_fit_name(size_t candidate);

#endif
