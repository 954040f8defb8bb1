// names.h: patterns on tensor names: PCRE2 expressions that must match the whole name.
#ifndef OWI_PLAN_NAMES_H
#define OWI_PLAN_NAMES_H

#include "base/status.h"

#include <stdbool.h>

typedef struct owi_names owi_names;

// Compiles the patterns; OWI_USAGE, with the place, for one that is no expression. To be freed,
// even after a failure.
owi_status owi_names_new(const char *const *patterns, size_t count, owi_names **names,
                         owi_error *error);

// The index of the first pattern that matches, or SIZE_MAX. Matching has a limit on its work, so a
// hostile name costs little and does not match.
size_t owi_names_match(const owi_names *names, const char *name);

void owi_names_free(owi_names *names);

#endif
