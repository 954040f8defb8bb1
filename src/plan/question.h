// question.h: what a rule is asked about: a tensor, or a part of it, as the fields of
// tables/rule_fields.def see it.
#ifndef OWI_PLAN_QUESTION_H
#define OWI_PLAN_QUESTION_H

#include "infer/infer.h"
#include "infer/profile.h"
#include "plan/words.h"

typedef enum owi_field {
#define MATCH(id, kind, meaning) OWI_FIELD_##id,
#include "tables/rule_fields.def"
#undef MATCH
    OWI_FIELD_COUNT
} owi_field;

typedef const char *owi_actual_PATTERN;
typedef owi_set owi_actual_WORDS, owi_actual_RANKS, owi_actual_ALL;

// What holds for the whole model.
typedef struct owi_setting {
    owi_profile profile;
    bool attention_orthogonal, zero_init_residual;
} owi_setting;

typedef struct owi_question {
    const owi_fact *fact;
    const owi_fact_part *fact_part;                    // NULL for a tensor without fans
#define MATCH(id, kind, meaning) owi_actual_##kind id; // "" or 0: nothing
#include "tables/rule_fields.def"
#undef MATCH
} owi_question;

// A tied tensor is asked about in each of its roles.
owi_question owi_question_make(const owi_setting *setting, const owi_fact *fact,
                               const owi_fact_part *part, owi_role role);

// What follows the op, for the part or for the whole.
owi_follow owi_question_follow(const owi_question *question);

const char *owi_field_name(owi_field field);

// The vocabulary of a field of WORDS or ALL, else NULL.
const owi_word *owi_field_words(owi_field field);

// What the tensor has in a field, for people.
const char *owi_question_text(owi_arena *arena, const owi_question *question, owi_field field);

#endif
