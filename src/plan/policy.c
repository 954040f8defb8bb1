#include "plan/policy.h"

#include <string.h>

enum { // columns of policy.def as sets; 0 asks for nothing
    ROLE_ANY = 0,
    ROLE_WEIGHT = OWI_MEMBER(OWI_ROLE_CONV_WEIGHT) | OWI_MEMBER(OWI_ROLE_CONV_TRANSPOSE_WEIGHT) |
                  OWI_MEMBER(OWI_ROLE_LINEAR_WEIGHT),
#define ROLE(id, name, trainable, meaning) ROLE_##id = OWI_MEMBER(OWI_ROLE_##id),
#include "tables/roles.def"
#undef ROLE
#define PROFILE(id, name, meaning)                                                                 \
    PROFILE_##id = OWI_PROFILE_##id ? OWI_MEMBER(OWI_PROFILE_##id) : 0,
#include "tables/profiles.def"
#undef PROFILE
    WHEN_ALWAYS = 0,
#define CONDITION(id, name, meaning) WHEN_##id = OWI_MEMBER(OWI_CONDITION_##id),
#include "tables/conditions.def"
#undef CONDITION
};

static const struct {
    owi_set role, profile, when;
    const char *family, *scheme, *why;
} rows[] = {
#define POLICY(role, profile, condition, family, scheme, why)                                      \
    {ROLE_##role, PROFILE_##profile, WHEN_##condition, #family, scheme, why},
#include "tables/policy.def"
#undef POLICY
};

owi_status owi_policy_read(owi_arena *arena, owi_rules *rules, owi_error *error) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        owi_rule *rule = owi_push(arena, rules);
        *rule = (owi_rule){.role = rows[i].role,
                           .profile = rows[i].profile,
                           .when = rows[i].when,
                           .scheme = rows[i].scheme,
                           .why = rows[i].why,
                           .residual_scale = OWI_RESIDUAL_AUTO,
                           .policy = true};
        if (strcmp(rows[i].family, "ANY") != 0) {
            OWI_TRY(owi_word_read(arena, owi_activation_words, "family", rows[i].family,
                                  &rule->activation, error));
        }
        OWI_TRY(owi_spec_read(arena, rule->scheme, &rule->spec, error));
    }
    return OWI_OK;
}
