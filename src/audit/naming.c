// naming.c: what is said of where numbers come from.
#include "audit/audit.h"
#include "audit/fit.h"
#include "base/real.h"

// Values below which nearly anything fits; in a model of trained weights; to count as a weight
// there.
enum { ENOUGH = 32, ENOUGH_AMONG_TRAINED = 4096, ENOUGH_TO_COUNT = 256 };

static void name_set(uint64_t set, const char **names, size_t *count) {
    for (size_t i = 0; i < owi_fit_count(); i++) {
        if (set >> i & 1) {
            names[(*count)++] = owi_fit_name(i);
        }
    }
}

// Parts that have nothing in common: what fits each of them.
static bool name_parts(owi_arena *arena, const owi_subject *subject, owi_finding *finding) {
    const char **names = owi_new(arena, const char *, subject->box_count);
    const char **fits = owi_new(arena, const char *, owi_fit_count());
    for (size_t i = 0; i < subject->box_count; i++) {
        size_t count = 0;
        name_set(subject->results[i].fits, fits, &count);
        if (count == 0) {
            return false;
        }
        const char *label = subject->boxes[i].label;
        names[i] = owi_arena_printf(arena, "%s: %s", label ? label : "", fits[0]);
    }
    finding->fits = names;
    finding->fit_count = subject->box_count;
    finding->fit = "by parts";
    return true;
}

// The schemes that fit every part.
static uint64_t common(const owi_subject *subject) {
    uint64_t set = UINT64_MAX;
    for (size_t i = 0; i < subject->box_count; i++) {
        set &= subject->results[i].fits;
    }
    return set;
}

static const char *constant_of(owi_arena *arena, double value) {
    char text[OWI_NUMBER_SIZE];
    return owi_arena_printf(arena, "constant(%s)", owi_real(text, value, 6));
}

static void name_fits(owi_arena *arena, const owi_subject *subject, bool says_little,
                      owi_finding *finding) {
    const uint64_t set = common(subject);
    if (set == 0 && name_parts(arena, subject, finding)) {
        return;
    }
    const char **names = owi_new(arena, const char *, owi_fit_count());
    name_set(set, names, &finding->fit_count);
    finding->fits = names;
    const bool constant = finding->measured.min == finding->measured.max;
    finding->fit = finding->fit_count == 0 && constant ? constant_of(arena, finding->measured.mean)
                   : finding->fit_count == 0           ? "trained or other"
                   : says_little && !constant && !owi_fit_is_exact(set) ? "too few values"
                   : finding->fit_count == 1                            ? names[0]
                                                                        : "several fit";
}

static bool is_asked(const owi_subject *subject) {
    return subject->read && subject->finds_scheme && subject->whole.count > 0;
}

// Whether most weights come from no known scheme: then a small one that fits may do so by chance.
static bool is_trained(const owi_audit *audit) {
    size_t fresh = 0, other = 0;
    for (size_t i = 0; i < audit->count; i++) {
        const owi_subject *subject = &audit->subjects[i];
        if (is_asked(subject) && subject->is_matrix && subject->whole.count >= ENOUGH_TO_COUNT) {
            *(common(subject) ? &fresh : &other) += 1;
        }
    }
    return other > fresh;
}

void owi_name_fits(owi_audit *audit) {
    owi_arena *arena = &audit->plan->model->arena;
    const uint64_t enough = is_trained(audit) ? ENOUGH_AMONG_TRAINED : ENOUGH;
    for (size_t i = 0; i < audit->count; i++) {
        const owi_subject *subject = &audit->subjects[i];
        if (is_asked(subject)) {
            name_fits(arena, subject, subject->whole.count < enough, &audit->findings[i]);
        }
    }
}
