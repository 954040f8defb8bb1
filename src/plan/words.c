#include "plan/words.h"

#include "graph/ops.h"
#include "infer/profile.h"

#include <string.h>

const owi_word owi_role_words[] = {
#define ROLE(id, name, trainable, meaning) {name, OWI_MEMBER(OWI_ROLE_##id)},
#include "tables/roles.def"
#undef ROLE
    {"weight", OWI_MEMBER(OWI_ROLE_CONV_WEIGHT) | OWI_MEMBER(OWI_ROLE_CONV_TRANSPOSE_WEIGHT) |
                   OWI_MEMBER(OWI_ROLE_LINEAR_WEIGHT)},
    {"scale.factor", OWI_MEMBER(OWI_ROLE_SCALE)},
    {"scale.addend", OWI_MEMBER(OWI_ROLE_SHIFT)},
    {NULL, 0},
};

const owi_word owi_profile_words[] = {
// "any" asks for nothing
#define PROFILE(id, name, meaning) {name, OWI_PROFILE_##id ? OWI_MEMBER(OWI_PROFILE_##id) : 0},
#include "tables/profiles.def"
#undef PROFILE
    {NULL, 0},
};

const owi_word owi_activation_words[] = {
#define ACTIVATION(id, ...) {#id, OWI_MEMBER(OWI_ACTIVATION_##id)},
#include "tables/activations.def"
#undef ACTIVATION
#define ACTIVATION(id, family, ...) {#family, OWI_MEMBER(OWI_ACTIVATION_##id)},
#include "tables/activations.def"
#undef ACTIVATION
    {NULL, 0},
};

const owi_word owi_condition_words[] = {
#define CONDITION(id, name, meaning) {name, OWI_MEMBER(OWI_CONDITION_##id)},
#include "tables/conditions.def"
#undef CONDITION
    {NULL, 0},
};

static bool find(const owi_word *words, const char *name, owi_set *set) {
    bool found = false;
    *set = 0;
    for (; words->name; words++) {
        if (strcmp(words->name, name) == 0) {
            *set |= words->set;
            found = true;
        }
    }
    return found;
}

owi_status owi_word_read(owi_arena *arena, const owi_word *words, const char *what,
                         const char *name, owi_set *set, owi_error *error) {
    struct {
        const char **items;
        size_t count, capacity;
    } names = {0};
    if (find(words, name, set)) {
        return OWI_OK;
    }
    for (; words->name; words++) {
        *owi_push(arena, &names) = words->name;
    }
    *owi_push(arena, &names) = NULL;
    return owi_unknown(arena, what, name, names.items, error);
}

const char *owi_words_text(owi_arena *arena, const owi_word *words, owi_set set) {
    const char *text = NULL;
    owi_set left = set;
    for (const owi_word *word = words; word->name; word++) {
        owi_set all;
        find(words, word->name, &all);
        if (all == set) {
            return word->name;
        }
    }
    for (const owi_word *word = words; word->name; word++) {
        owi_set all;
        find(words, word->name, &all);
        if (all == word->set && (all & left) && !(all & ~set)) {
            left &= ~all;
            text = text ? owi_arena_printf(arena, "%s, %s", text, word->name)
                        : owi_arena_printf(arena, "[%s", word->name);
        }
    }
    return owi_arena_printf(arena, "%s]", text ? text : "[");
}
