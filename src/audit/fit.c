#include "audit/fit.h"

#include <math.h>
#include <string.h>

static const char *const names[] = {
#define CANDIDATE(name, expectation, mean, std) name,
#include "tables/candidates.def"
};

enum { CANDIDATES = sizeof names / sizeof *names };
_Static_assert(CANDIDATES <= 64, "a set of candidates is 64 bits");

// Puts numbers into the table's formulas. `in` and `out` are the names that they use.
static void candidates_of(double in, double out, owi_expected made[CANDIDATES]) {
    const owi_expected all[] = {
#define CANDIDATE(name, expectation, center, spread)                                               \
    {.kind = OWI_EXPECT_##expectation, .mean = center, .std = spread, .gain = 1, .repeats = 1},
#include "tables/candidates.def"
    };
    memcpy(made, all, sizeof all);
}

static bool fits(const owi_expected *expected, const char *name, const owi_fit_question *question) {
    owi_sample sample = *question->sample;
    owi_expected asked = *expected;
    const bool drawn =
        expected->kind != OWI_EXPECT_CONSTANT && expected->kind != OWI_EXPECT_PATTERN;
    if (drawn && !(expected->std > 0 && isfinite(expected->std))) {
        return false;
    }
    if (drawn && sample.sketch->min == sample.sketch->max) {
        return false; // one value is a constant
    }
    if (expected->kind == OWI_EXPECT_ORTHOGONAL) {
        if (!sample.matrix || sample.matrix->rows < 2 || sample.matrix->columns < 2) {
            return false;
        }
        asked.gain = owi_matrix_gain(sample.matrix); // whatever it is
    }
    sample.pattern = strcmp(name, "identity") == 0 ? question->is_identity : question->is_dirac;
    return owi_expected_test(&asked, &sample).probability >= OWI_FIT_LEVEL &&
           owi_expected_lines(&asked, sample.matrix) >= OWI_FIT_LEVEL;
}

// How much a fit says: no random matrix is orthogonal, and few orthogonal ones a pattern, by
// chance.
static int weight_of(const owi_expected *expected) {
    return expected->kind == OWI_EXPECT_PATTERN ? 2 : expected->kind == OWI_EXPECT_ORTHOGONAL;
}

uint64_t owi_fit(const owi_fit_question *question) {
    owi_expected candidates[CANDIDATES];
    uint64_t set = 0;
    int most = 0;
    candidates_of(question->fan_in, question->fan_out, candidates);
    for (size_t i = 0; i < CANDIDATES; i++) {
        const int weight = weight_of(&candidates[i]);
        if (weight >= most && fits(&candidates[i], names[i], question)) {
            set = (weight > most ? 0 : set) | (uint64_t)1 << i;
            most = weight;
        }
    }
    return set;
}

bool owi_fit_is_exact(uint64_t set) {
    owi_expected candidates[CANDIDATES];
    bool exact = set != 0;
    candidates_of(1, 1, candidates);
    for (size_t i = 0; i < CANDIDATES; i++) {
        exact = exact && (!(set >> i & 1) || weight_of(&candidates[i]) > 0);
    }
    return exact;
}

owi_expected owi_fit_candidate(size_t candidate, double fan_in, double fan_out) {
    owi_expected candidates[CANDIDATES];
    candidates_of(fan_in, fan_out, candidates);
    return candidates[candidate];
}

size_t owi_fit_count(void) {
    return CANDIDATES;
}

const char *owi_fit_name(size_t candidate) {
    return names[candidate];
}
