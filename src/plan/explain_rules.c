// explain_rules.c: the rules that were asked, in their order: --keep and its kin, --rule, --rules,
// --preset, the policy. The first that fits and has a scheme decides.
#include "plan/explain.h"
#include "plan/rows.h"

typedef struct asker {
    const owi_planner *planner;
    const owi_question *question;
    owi_lines *lines;
    size_t elsewhere; // rows of the policy that are about other roles
    bool first;
} asker;

static const char *place_of(owi_arena *arena, const owi_rule *rule, size_t index) {
    return rule->place ? owi_escaped(arena, rule->place)
                       : owi_arena_printf(arena, "policy row %zu", index + 1);
}

static const char *scheme_of(owi_arena *arena, const owi_rule *rule) {
    return rule->scheme ? owi_arena_printf(arena, ", %s", owi_escaped(arena, rule->scheme)) : "";
}

static void tell(asker *at, const owi_rule *rule, size_t index, const char *verdict) {
    owi_arena *arena = at->planner->arena;
    owi_tell(arena, at->lines, at->first ? "rules" : "", "%s%s: %s", place_of(arena, rule, index),
             scheme_of(arena, rule), verdict);
    at->first = false;
}

// All that the rule asks for, as a rules file has it.
static const char *demands(owi_arena *arena, const owi_rule *rule) {
    const char *text = "";
    for (owi_field field = 0; field < OWI_FIELD_COUNT; field++) {
        const char *asked = owi_rule_text(arena, rule, field);
        if (asked) {
            text = owi_arena_printf(arena, "%s%s%s: %s", text, *text ? ", " : "",
                                    owi_field_name(field), owi_escaped(arena, asked));
        }
    }
    return *text ? text : "everything else";
}

static const char *mismatch(const asker *at, const owi_rule *rule, owi_field field) {
    owi_arena *arena = at->planner->arena;
    if (field == OWI_FIELD_when) {
        return owi_arena_printf(
            arena, "no, %s does not hold",
            owi_words_text(arena, owi_condition_words, rule->when & ~at->question->when));
    }
    return owi_arena_printf(arena, "no, %s is %s, not %s", owi_field_name(field),
                            owi_question_text(arena, at->question, field),
                            owi_escaped(arena, owi_rule_text(arena, rule, field)));
}

// Whether the rule decides; if not, it is told why.
static bool ask(asker *at, const owi_rule *rule, size_t index) {
    owi_arena *arena = at->planner->arena;
    owi_field field = owi_rule_mismatch(rule, at->question);
    if (field == OWI_FIELD_role && !rule->place) {
        at->elsewhere++;
        return false;
    }
    if (field != OWI_FIELD_COUNT) {
        tell(at, rule, index, mismatch(at, rule, field));
        return false;
    }
    if (rule->place && !owi_rule_reaches(rule, at->question)) {
        tell(at, rule, index, "no, a constant has to be called by its full name or its role");
        return false;
    }
    tell(at, rule, index,
         owi_arena_printf(arena, "%s {%s}%s%s", rule->scheme ? "decides" : "adds to what follows",
                          demands(arena, rule), rule->why ? ": " : "",
                          rule->why ? owi_escaped(arena, rule->why) : ""));
    return rule->scheme != NULL;
}

static bool ask_all(asker *at, const owi_rules *rules) {
    for (size_t i = 0; i < rules->count; i++) {
        if (ask(at, &rules->items[i], i)) {
            return true;
        }
    }
    return false;
}

void owi_explain_rules(const owi_planner *planner, const owi_fact *fact, owi_lines *lines) {
    const char *wish = owi_wish_to_keep(planner, fact->tensor);
    const owi_fact_part *part = fact->part_count ? &fact->parts[0] : NULL;
    owi_question question = owi_question_make(&planner->setting, fact, part, fact->role);
    asker at = {planner, &question, lines, 0, true};
    if (wish) {
        owi_tell(planner->arena, lines, "rules", "%s comes first: it stays as it is", wish);
        return;
    }
    if (part && fact->part_count > 1 && part->label) {
        owi_tell(planner->arena, lines, "rules",
                 "asked for each part; here for \"%s\":", owi_shown(planner->arena, part->label));
        at.first = false;
    }
    bool decided = ask_all(&at, &planner->wishes.rules) || ask_all(&at, &planner->policy);
    if (decided && at.elsewhere) {
        owi_tell(planner->arena, lines, "", "(%zu rows before it are about other roles)",
                 at.elsewhere);
    }
}
