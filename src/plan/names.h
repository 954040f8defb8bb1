// names.h: patterns on names: PCRE2 expressions that must match the whole name.
#ifndef OWI_PLAN_NAMES_H
#define OWI_PLAN_NAMES_H

#include "base/status.h"

#include <stdbool.h>

typedef struct owi_names owi_names;

// Compiles the patterns into the arena. `what` is how an error calls them, such as "--keep";
// OWI_USAGE, with the place, for one that is no expression.
owi_status owi_names_new(owi_arena *arena, const char *what, const char *const *patterns,
                         size_t count, const owi_names **names, owi_error *error);

// The index of the first pattern that matches, or SIZE_MAX. Matching has a limit on its work, so a
// hostile name costs little and does not match.
size_t owi_names_match(const owi_names *names, const char *name);

// Whether one of the patterns matches, the index-th.
bool owi_names_fits(const owi_names *names, size_t index, const char *name);

// A pattern as it was written; NULL past the last.
const char *owi_names_text(const owi_names *names, size_t index);

#endif
