#include "plan/question.h"

#include <string.h>

enum { MOST_RANKS = 32 };

static const char *const field_names[] = {
#define MATCH(id, kind, meaning) #id,
#include "tables/rule_fields.def"
#undef MATCH
};

const char *owi_field_name(owi_field field) {
    return field_names[field];
}

const owi_word *owi_field_words(owi_field field) {
    switch (field) {
    case OWI_FIELD_role: return owi_role_words;
    case OWI_FIELD_profile: return owi_profile_words;
    case OWI_FIELD_activation:
    case OWI_FIELD_before: return owi_activation_words;
    case OWI_FIELD_when: return owi_condition_words;
    default: return NULL;
    }
}

owi_follow owi_question_follow(const owi_question *question) {
    return question->fact_part ? question->fact_part->follow : question->fact->follow;
}

// Operators that the tool does not know have their own names all the same.
static const char *op_of(const owi_node *node) {
    bool foreign = node && node->op->id == OWI_OP_UNKNOWN && node->proto;
    return !node ? "" : foreign ? node->proto->op_type : node->op->name;
}

static const char *label_of(const owi_question *about) {
    const char *label = about->fact_part ? about->fact_part->label : NULL;
    return label ? label : about->fact->attention ? about->fact->attention : "";
}

static bool is_attention(const owi_question *about) {
    const char *label = label_of(about);
    return about->fact->attention || strcmp(label, "q") == 0 || strcmp(label, "k") == 0 ||
           strcmp(label, "v") == 0;
}

static bool is_last_projection(const owi_question *about) {
    const owi_residual *residual = about->fact->residual;
    return residual && residual->last_projection && about->fact->role <= OWI_ROLE_LINEAR_WEIGHT;
}

static bool is_last_norm(const owi_question *about) {
    const owi_fact *fact = about->fact;
    return fact->residual && fact->residual->last_norm && fact->role == OWI_ROLE_NORM_SCALE;
}

static bool holds(owi_condition condition, const owi_setting *setting, const owi_question *about) {
    const owi_fact *fact = about->fact;
    switch (condition) {
    case OWI_CONDITION_FORGET_GATE: return about->fact_part && about->fact_part->forget;
    case OWI_CONDITION_ONE_ADDED: return fact->shift == 1;
    case OWI_CONDITION_MAGNITUDE: return fact->magnitude_of != NULL;
    case OWI_CONDITION_HAS_DATA: return fact->tensor->has_data && !fact->tensor->ours;
    case OWI_CONDITION_OUTPUT_UNIT: return fact->output_unit;
    case OWI_CONDITION_NORMALISED: return owi_question_follow(about).normalised;
    case OWI_CONDITION_TIED: return fact->tied_count > 0;
    case OWI_CONDITION_HAS_FANS: return fact->fan_in > 0 || fact->op_fan_in > 0;
    case OWI_CONDITION_PACKED: return fact->part_count > 1;
    case OWI_CONDITION_ATTENTION: return is_attention(about);
    case OWI_CONDITION_ATTENTION_ORTHOGONAL:
        return setting->attention_orthogonal && is_attention(about);
    case OWI_CONDITION_RESIDUAL_LAST: return is_last_projection(about);
    case OWI_CONDITION_ZERO_INIT_NORM:
        return setting->zero_init_residual && is_last_norm(about) && fact->shift != 1;
    case OWI_CONDITION_ZERO_INIT_ADDED:
        return setting->zero_init_residual && is_last_norm(about) && fact->shift == 1;
    case OWI_CONDITION_ZERO_INIT_PROJECTION:
        return setting->zero_init_residual && is_last_projection(about) &&
               !fact->residual->norm_behind;
    case OWI_CONDITION_COUNT: break;
    }
    return false;
}

owi_question owi_question_make(const owi_setting *setting, const owi_fact *fact,
                               const owi_fact_part *part, owi_role role) {
    owi_question about = {.fact = fact, .fact_part = part};
    size_t rank = fact->tensor->rank;
    about.name = fact->tensor->name;
    about.role = OWI_MEMBER(role);
    about.op = op_of(fact->node);
    about.graph = fact->tensor->scope;
    about.rank = rank < MOST_RANKS ? OWI_MEMBER(rank) : 0;
    about.part = label_of(&about);
    about.profile = OWI_MEMBER(setting->profile);
    about.activation = OWI_MEMBER(owi_question_follow(&about).activation);
    about.before = OWI_MEMBER(fact->before);
    for (owi_condition condition = 0; condition < OWI_CONDITION_COUNT; condition++) {
        about.when |= holds(condition, setting, &about) ? OWI_MEMBER(condition) : 0;
    }
    return about;
}

static const char *number_text(owi_arena *arena, owi_set ranks) {
    for (unsigned rank = 0; rank < MOST_RANKS; rank++) {
        if (ranks & OWI_MEMBER(rank)) {
            return owi_arena_printf(arena, "%u", rank);
        }
    }
    return "more than 31";
}

static const char *text_PATTERN(owi_arena *arena, owi_field field, const char *text) {
    (void)field;
    return *text ? owi_shown(arena, text) : "none";
}

static const char *text_WORDS(owi_arena *arena, owi_field field, owi_set set) {
    return set ? owi_words_text(arena, owi_field_words(field), set) : "none";
}

static const char *text_RANKS(owi_arena *arena, owi_field field, owi_set set) {
    (void)field;
    return number_text(arena, set);
}

static const char *text_ALL(owi_arena *arena, owi_field field, owi_set set) {
    return text_WORDS(arena, field, set);
}

const char *owi_question_text(owi_arena *arena, const owi_question *question, owi_field field) {
    switch (field) {
// clang-format off
#define MATCH(id, kind, meaning)                                                                   \
    case OWI_FIELD_##id: return text_##kind(arena, field, question->id);
#include "tables/rule_fields.def"
#undef MATCH
    // clang-format on
    case OWI_FIELD_COUNT: break;
    }
    return "none";
}
