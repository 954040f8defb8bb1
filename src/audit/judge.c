#include "audit/audit.h"

#include "base/real.h"

#include <math.h>
#include <string.h>

// The signal is off by an order of magnitude, give or take what a small tensor varies by.
static const double DEPTH_BAND = 8;

// Of the planned spread: what is less is said as such.
static const double TOO_SMALL = 0.9;

static const char *const verdict_names[] = {
    [OWI_VERDICT_OK] = "ok",
    [OWI_VERDICT_DEVIATES] = "deviates",
    [OWI_VERDICT_SYMMETRIC] = "symmetric",
    [OWI_VERDICT_VANISHING] = "vanishing",
    [OWI_VERDICT_EXPLODING] = "exploding",
    [OWI_VERDICT_NONFINITE] = "nonfinite",
    [OWI_VERDICT_KEPT] = "kept",
    [OWI_VERDICT_UNKNOWN] = "unknown",
};

const char *owi_verdict_text(owi_verdict verdict) {
    return verdict_names[verdict];
}

const char *owi_bits_text(owi_bits bits) {
    return bits == OWI_BITS_UNCHECKED ? NULL : bits == OWI_BITS_SAME ? "same" : "changed";
}

// The part that is furthest from its plan.
static size_t worst_box(const owi_subject *subject) {
    size_t worst = 0;
    for (size_t i = 1; i < subject->box_count; i++) {
        if (subject->results[i].test.probability < subject->results[worst].test.probability) {
            worst = i;
        }
    }
    return worst;
}

// ---- what is wrong, in words

static const char *number(owi_arena *arena, double value) {
    char text[OWI_NUMBER_SIZE];
    owi_real(text, value, 3);
    return owi_arena_copy(arena, text, strlen(text));
}

static double spread_of(const owi_measured *measured, double mean) {
    const double away = measured->mean - mean;
    return sqrt(measured->std * measured->std + away * away);
}

static double factor_of(const owi_box_result *result) {
    const owi_expected *expected = &result->expected;
    const double planned = expected->std > 0 ? expected->std : NAN;
    return spread_of(&result->measured, expected->mean) / planned;
}

static const char *describe_value(owi_arena *arena, const owi_box_result *result) {
    const owi_measured *measured = &result->measured;
    const char *planned = number(arena, result->expected.mean);
    if (measured->min == measured->max) {
        return owi_arena_printf(arena, "%s where %s is planned", number(arena, measured->min),
                                planned);
    }
    return owi_arena_printf(arena, "%llu of %llu values are not %s",
                            (unsigned long long)result->differing,
                            (unsigned long long)measured->count, planned);
}

static const char *describe_spread(owi_arena *arena, const owi_box_result *result) {
    return owi_arena_printf(arena, "std %s is %s times the planned %s",
                            number(arena, result->measured.std), number(arena, factor_of(result)),
                            number(arena, result->expected.std));
}

static const char *describe(owi_arena *arena, const owi_box_result *result) {
    const owi_measured *measured = &result->measured;
    const owi_expected *expected = &result->expected;
    switch (result->test.mismatch) {
    case OWI_MISMATCH_VALUE: return describe_value(arena, result);
    case OWI_MISMATCH_MEAN:
        return owi_arena_printf(arena, "mean %s where %s is planned", number(arena, measured->mean),
                                number(arena, expected->mean));
    case OWI_MISMATCH_SPREAD: return describe_spread(arena, result);
    case OWI_MISMATCH_RANGE:
        return owi_arena_printf(arena, "values from %s to %s are out of the planned range",
                                number(arena, measured->min), number(arena, measured->max));
    case OWI_MISMATCH_NARROW:
        return factor_of(result) < TOO_SMALL
                   ? describe_spread(arena, result)
                   : owi_arena_printf(arena, "values from %s to %s are too close together",
                                      number(arena, measured->min), number(arena, measured->max));
    case OWI_MISMATCH_SHAPE:
        return owi_arena_printf(arena, "not distributed as planned: shares differ by %s",
                                number(arena, result->test.distance));
    case OWI_MISMATCH_ORTHOGONALITY:
        return owi_arena_printf(arena, "not orthogonal: |Q'Q - I| is %s",
                                number(arena, measured->defect));
    case OWI_MISMATCH_PATTERN: return "not the planned pattern";
    case OWI_MISMATCH_NONE: break;
    }
    return NULL;
}

// ---- verdicts

// Units whose weights are equal get equal gradients, and stay equal.
static const char *symmetry_of(const owi_subject *subject, owi_role role) {
    bool rows = true, columns = true;
    if (role > OWI_ROLE_RNN_RECURRENT_WEIGHT || !subject->is_matrix) {
        return NULL;
    }
    if (subject->whole.zeros == subject->whole.count) {
        return "all zeros: every unit learns the same";
    }
    for (size_t i = 0; i < subject->box_count; i++) {
        const owi_box_result *result = &subject->results[i];
        const bool planned = subject->expects && result->expected.kind == OWI_EXPECT_PATTERN &&
                             result->test.mismatch == OWI_MISMATCH_NONE;
        rows = rows && result->rows_alike && !planned;
        columns = columns && result->columns_alike && !planned;
    }
    return rows      ? "all rows are equal: every unit learns the same"
           : columns ? "all columns are equal: every unit learns the same"
                     : NULL;
}

static void judge(owi_arena *arena, const owi_subject *subject, owi_role role, double level,
                  owi_finding *finding) {
    const owi_box_result *worst = &subject->results[worst_box(subject)];
    finding->probability = worst->test.probability;
    finding->factor = factor_of(worst);
    if (!subject->read) {
        finding->verdict = OWI_VERDICT_DEVIATES;
        finding->detail = "the file has no values for it";
        finding->probability = finding->factor = NAN;
    } else if (subject->whole.nonfinite) {
        finding->verdict = OWI_VERDICT_NONFINITE;
        finding->detail = owi_arena_printf(arena, "%llu of %llu values are NaN or infinite",
                                           (unsigned long long)subject->whole.nonfinite,
                                           (unsigned long long)subject->whole.count);
    } else if ((finding->detail = symmetry_of(subject, role)) != NULL) {
        finding->verdict = OWI_VERDICT_SYMMETRIC;
    } else if (worst->test.probability < level) {
        const char *label = subject->boxes[worst_box(subject)].label;
        const char *detail = describe(arena, worst);
        finding->verdict = OWI_VERDICT_DEVIATES;
        finding->detail =
            label && *label ? owi_arena_printf(arena, "part %s: %s", label, detail) : detail;
    }
}

static bool is_drawn(const owi_expected *expected) {
    return expected->kind == OWI_EXPECT_NORMAL || expected->kind == OWI_EXPECT_TRUNCATED ||
           expected->kind == OWI_EXPECT_BOUNDED || expected->kind == OWI_EXPECT_UNIFORM ||
           expected->kind == OWI_EXPECT_ORTHOGONAL;
}

// What the histogram should be: that of each part by its size. The entries of an orthogonal matrix
// are about normal.
static const double *shares_of(owi_arena *arena, const owi_subject *subject) {
    const owi_measured *whole = &subject->whole;
    const double width = (whole->high - whole->low) / OWI_HISTOGRAM_BINS;
    double *shares = owi_new(arena, double, OWI_HISTOGRAM_BINS);
    bool drawn = subject->expects && subject->read && width > 0;
    for (size_t i = 0; drawn && i < subject->box_count; i++) {
        const owi_box_result *result = &subject->results[i];
        const double weight = (double)result->measured.count / (double)whole->count;
        drawn = is_drawn(&result->expected);
        double below = drawn ? owi_expected_below(&result->expected, whole->low) : 0;
        for (int bin = 0; drawn && bin < OWI_HISTOGRAM_BINS; bin++) {
            const double edge = whole->low + width * (bin + 1);
            const double next = owi_expected_below(&result->expected, edge);
            shares[bin] += weight * (next - below);
            below = next;
        }
    }
    return drawn ? shares : NULL;
}

static void find(owi_audit *audit, size_t index, double level) {
    owi_arena *arena = &audit->plan->model->arena;
    const owi_subject *subject = &audit->subjects[index];
    const owi_row *row = subject->row;
    const owi_role role = audit->plan->targets[index].fact->role;
    owi_finding *finding = &audit->findings[index];
    owi_measured *blocks = owi_new(arena, owi_measured, row->block_count);
    finding->row = row;
    finding->has_values = subject->read;
    finding->measured = subject->whole;
    finding->factor = finding->probability = NAN;
    for (size_t i = 0; i < row->block_count && subject->box_count == row->block_count; i++) {
        blocks[i] = subject->results[i].measured;
    }
    finding->blocks = blocks;
    finding->expected = shares_of(arena, subject);
    if (subject->problem) {
        finding->verdict = OWI_VERDICT_DEVIATES;
        finding->detail = subject->problem;
    } else if (subject->expects) {
        judge(arena, subject, role, level, finding);
    } else {
        finding->verdict = role == OWI_ROLE_UNKNOWN ? OWI_VERDICT_UNKNOWN : OWI_VERDICT_KEPT;
    }
}

// A spread that is off matters as much as the signal behind it is off.
static void judge_depth(owi_audit *audit) {
    owi_arena *arena = &audit->plan->model->arena;
    double *ratios = owi_new(arena, double, audit->count);
    for (size_t i = 0; i < audit->count; i++) {
        bool judged = audit->findings[i].has_values && audit->subjects[i].is_matrix;
        ratios[i] = judged ? audit->findings[i].factor : NAN;
    }
    const double *excess = owi_depth_excess(audit, ratios);
    for (size_t i = 0; i < audit->count; i++) {
        owi_finding *finding = &audit->findings[i];
        const double band = log(DEPTH_BAND);
        if (finding->verdict != OWI_VERDICT_DEVIATES || !(ratios[i] > 0)) {
            continue;
        }
        if (excess[i] >= band && ratios[i] > 1) {
            finding->verdict = OWI_VERDICT_EXPLODING;
        } else if (excess[i] <= -band && ratios[i] < 1) {
            finding->verdict = OWI_VERDICT_VANISHING;
        } else {
            continue;
        }
        finding->detail =
            owi_arena_printf(arena, "%s; the signal behind it is %s times the planned",
                             finding->detail, number(arena, exp(excess[i])));
    }
}

static void summarise(owi_audit *audit) {
    static const owi_verdict order[] = {OWI_VERDICT_NONFINITE, OWI_VERDICT_SYMMETRIC,
                                        OWI_VERDICT_EXPLODING, OWI_VERDICT_VANISHING,
                                        OWI_VERDICT_DEVIATES};
    owi_audit_summary *summary = &audit->summary;
    for (size_t i = 0; i < audit->count; i++) {
        summary->counts[audit->findings[i].verdict]++;
        summary->values += audit->findings[i].measured.count;
    }
    summary->verdict = OWI_VERDICT_OK;
    summary->deviations = summary->changed + summary->gone_count;
    for (size_t i = sizeof order / sizeof *order; i-- > 0;) {
        summary->verdict = summary->counts[order[i]] ? order[i] : summary->verdict;
        summary->deviations += summary->counts[order[i]];
    }
}

void owi_judge(owi_audit *audit) {
    size_t judged = 0;
    for (size_t i = 0; i < audit->count; i++) {
        judged += audit->subjects[i].expects ? audit->subjects[i].box_count : 0;
    }
    const double level = OWI_AUDIT_LEVEL / (double)(judged ? judged : 1);
    for (size_t i = 0; i < audit->count; i++) {
        find(audit, i, level);
    }
    judge_depth(audit);
    owi_name_fits(audit);
    summarise(audit);
}
