// words.h: the vocabulary of rules. A word stands for a set: "weight" for three roles, "relu" for
// one activation, "rectified" for the activations of a family.
#ifndef OWI_PLAN_WORDS_H
#define OWI_PLAN_WORDS_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef uint32_t owi_set; // bit n: the n-th row of the table

#define OWI_MEMBER(number) ((owi_set)1 << (number))

typedef enum owi_condition {
#define CONDITION(id, name, meaning) OWI_CONDITION_##id,
#include "tables/conditions.def"
#undef CONDITION
    OWI_CONDITION_COUNT
} owi_condition;

// A row of a vocabulary; rows with the same word add up, and the row without a name is the last.
typedef struct owi_word {
    const char *name;
    owi_set set;
} owi_word;

extern const owi_word owi_role_words[];
extern const owi_word owi_profile_words[];
extern const owi_word owi_activation_words[];
extern const owi_word owi_family_words[];
extern const owi_word owi_condition_words[];

// The set a word stands for. Else OWI_USAGE: there is no such `what`, and which one was probably
// meant.
owi_status owi_word_read(owi_arena *arena, const owi_word *words, const char *what,
                         const char *name, owi_set *set, owi_error *error);

// A set in words: one, or "[a, b]".
const char *owi_words_text(owi_arena *arena, const owi_word *words, owi_set set);

#endif
