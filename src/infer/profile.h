// profile.h: what kind of model this is, found from its parts.
#ifndef OWI_INFER_PROFILE_H
#define OWI_INFER_PROFILE_H

#include "infer/infer.h"

typedef enum owi_profile {
#define PROFILE(id, name, meaning) OWI_PROFILE_##id,
#include "tables/profiles.def"
#undef PROFILE
    OWI_PROFILE_COUNT
} owi_profile;

const char *owi_profile_name(owi_profile profile);

// The profile of that name, or OWI_PROFILE_COUNT; "any" is none.
owi_profile owi_profile_find(const char *name);

// Finds the profile and says why, in words.
owi_profile owi_profile_infer(const owi_graph *graph, const owi_facts *facts, const char **reason);

#endif
