// outcome.c: what each part of a tensor gets.
#include "plan/rows.h"

static owi_decision decide_as(const owi_planner *planner, const owi_fact *fact,
                              const owi_fact_part *part, owi_role role, owi_choice *choice) {
    owi_question about = owi_question_make(&planner->setting, fact, part, role);
    *choice = owi_choose(planner, &about);
    return owi_decide(planner->arena, choice->rule, &about, planner->wishes.residual_scale);
}

static owi_decision decide(const owi_planner *planner, const owi_fact *fact,
                           const owi_fact_part *part, owi_choice *choice) {
    owi_decision made = decide_as(planner, fact, part, fact->role, choice);
    if (fact->tied_role != OWI_ROLE_UNKNOWN) { // one matrix, two roles
        owi_choice other_choice;
        owi_decision other = decide_as(planner, fact, part, fact->tied_role, &other_choice);
        choice->frozen |= other_choice.frozen;
        bool asked = made.rule->place, other_asked = other.rule->place;
        if (asked == other_asked && other.std < made.std) {
            other.why = "tied: the smaller spread of both uses";
        }
        if (other_asked != asked ? other_asked : other.std < made.std) { // rules before the policy
            *choice = other_choice;
            return other;
        }
    }
    return made;
}

static bool keeps(const owi_decision *made) {
    return made->distribution == OWI_DISTRIBUTION_KEEP;
}

// Rows of a table can be told apart, those of a matrix that is made as a whole cannot.
static bool drawn_one_by_one(const owi_decision *made) {
    return made->distribution == OWI_DISTRIBUTION_CONSTANT ||
           made->distribution == OWI_DISTRIBUTION_NORMAL ||
           made->distribution == OWI_DISTRIBUTION_TRUNCATED ||
           made->distribution == OWI_DISTRIBUTION_BOUNDED ||
           made->distribution == OWI_DISTRIBUTION_UNIFORM;
}

static void clear_row(const owi_planner *planner, const owi_tensor *tensor, int64_t zero_row,
                      owi_outcome *all) {
    owi_decision *made = &all->shares[0].made;
    if (keeps(made)) {
        return;
    }
    owi_share *shares =
        drawn_one_by_one(made)
            ? owi_shares_clear_row(planner->arena, tensor, all->shares, &all->count, zero_row)
            : NULL;
    if (shares) {
        all->shares = shares;
    } else {
        made->obstacle = drawn_one_by_one(made) ? "there is no such row to be zero"
                                                : "leaves no single row to be zero";
    }
}

owi_outcome owi_outcome_make(const owi_planner *planner, const owi_fact *fact) {
    const owi_tensor *tensor = fact->tensor;
    owi_outcome all = {.count = fact->part_count ? fact->part_count : 1};
    owi_box whole = {owi_new(planner->arena, int64_t, tensor->rank), tensor->dims};
    owi_choice choice = {0}, last = {0};
    size_t kept = 0;
    all.shares = owi_new(planner->arena, owi_share, all.count);
    for (size_t i = 0; i < all.count; i++) {
        const owi_fact_part *part = fact->part_count ? &fact->parts[i] : NULL;
        all.shares[i] = (owi_share){.label = part ? part->label : NULL,
                                    .box = part ? part->box : whole,
                                    .part = part,
                                    .made = decide(planner, fact, part, &choice)};
        all.frozen |= choice.frozen;
        kept += keeps(&all.shares[i].made);
        last = choice.has_zero_row ? choice : last;
    }
    all.keeps = kept > 0;
    all.warning =
        kept > 0 && kept < all.count ? "a rule keeps a part of it: the whole tensor stays" : NULL;
    if (last.has_zero_row) {
        clear_row(planner, tensor, last.zero_row, &all);
    }
    return all;
}

const char *owi_doubt(const owi_planner *planner, const owi_fact *fact, const owi_share *share) {
    const owi_rule *rule = share->made.rule;
    const owi_spec *spec = &rule->spec;
    bool weight = fact->role <= OWI_ROLE_RNN_RECURRENT_WEIGHT;
    if (!weight || rule->policy || !rule->place) {
        return NULL;
    }
    if (spec->distribution == OWI_DISTRIBUTION_CONSTANT) {
        return owi_arena_printf(planner->arena,
                                "%s cannot break symmetry: all units would learn the same",
                                owi_scheme_name(spec->scheme));
    }
    bool drawn = spec->distribution == OWI_DISTRIBUTION_NORMAL ||
                 spec->distribution == OWI_DISTRIBUTION_TRUNCATED ||
                 spec->distribution == OWI_DISTRIBUTION_BOUNDED ||
                 spec->distribution == OWI_DISTRIBUTION_UNIFORM;
    if (drawn && spec->mode == OWI_FAN_NONE) {
        owi_question about = owi_question_make(&planner->setting, fact, share->part, fact->role);
        return owi_arena_printf(planner->arena,
                                "plain %s: its spread does not follow the fans, as that of %s "
                                "would",
                                owi_scheme_name(spec->scheme),
                                owi_choose_policy(planner, &about)->scheme);
    }
    return NULL;
}
