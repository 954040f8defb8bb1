// policy.h: the built-in policy: tables/policy.def as rules.
#ifndef OWI_PLAN_POLICY_H
#define OWI_PLAN_POLICY_H

#include "plan/rule.h"

// Appends the rows of the policy. The last one fits everything, so there is always one that
// decides.
owi_status owi_policy_read(owi_arena *arena, owi_rules *rules, owi_error *error);

#endif
