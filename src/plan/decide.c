#include "plan/decide.h"

#include <math.h>

static const double UNIFORM_RANGE = 1.7320508075688772; // sqrt 3: U(-r, r) has std r / sqrt 3

enum {
#define FAMILY(id, meaning) FAMILY_##id,
#include "tables/families.def"
#undef FAMILY
};

static const struct {
    unsigned family;
    double gain, exact;
} activations[] = {
#define ACTIVATION(id, family, gain, exact, note) {FAMILY_##family, gain, exact},
#include "tables/activations.def"
#undef ACTIVATION
};

// One decision in the making.
typedef struct worker {
    owi_arena *arena;
    const owi_spec *spec;
    const owi_question *about;
    owi_box box; // of the tensor
    size_t rank;
    double divisor;
    owi_decision made;
} worker;

static double gain_of(const owi_spec *spec, owi_follow follow) {
    if (spec->scheme == OWI_SCHEME_variance_scaling) {
        return sqrt(spec->scale);
    }
    if (spec->gain_from == OWI_GAIN_NUMBER) {
        return spec->gain;
    }
    if (activations[follow.activation].family == FAMILY_sloped) {
        return sqrt(2 / (1 + follow.slope * follow.slope));
    }
    return spec->gain_from == OWI_GAIN_EXACT ? activations[follow.activation].exact
                                             : activations[follow.activation].gain;
}

static double fan_of(const worker *at) {
    const owi_fact *fact = at->about->fact;
    const owi_fact_part *part = at->about->fact_part;
    double in = part ? part->fan_in : fact->fan_in, out = part ? part->fan_out : fact->fan_out;
    if (!(in > 0) && !(out > 0)) {
        in = fact->op_fan_in;
        out = fact->op_fan_out;
    }
    switch (at->spec->mode) {
    case OWI_FAN_IN: return in;
    case OWI_FAN_OUT: return out;
    case OWI_FAN_AVERAGE: return (in + out) / 2;
    case OWI_FAN_NONE: break;
    }
    return 0;
}

static double extent(const worker *at, size_t first, size_t last) {
    double product = 1;
    for (size_t i = first; i < last && i < at->rank; i++) {
        product *= (double)at->box.extent[i];
    }
    return product;
}

// Where the rows of the matrix end: behind the first axis that is longer than 1.
static size_t row_axes(const worker *at) {
    size_t axes = 1;
    while (axes < at->rank && at->box.extent[axes - 1] == 1) {
        axes++;
    }
    return axes;
}

static void refuse(worker *at, const char *obstacle) {
    at->made.obstacle = at->made.obstacle ? at->made.obstacle : obstacle;
}

static void require_rank(worker *at, size_t least) {
    if (at->rank < least) {
        refuse(at, owi_arena_printf(at->arena, "needs at least %zu dimensions", least));
    }
}

// ---- spreads, by distribution

static void draw(worker *at) {
    const owi_spec *spec = at->spec;
    if (spec->mode == OWI_FAN_NONE) {
        at->made.mean = spec->mean / at->divisor;
        at->made.std = spec->std / at->divisor;
        return;
    }
    double fan = fan_of(at);
    at->made.mean = 0;
    at->made.std = fan > 0 ? at->made.gain / sqrt(fan) / at->divisor : 0;
    if (!(fan > 0)) {
        refuse(at, "needs fans, and nothing says what they are here");
    }
}

static double finite_or_nothing(double bound) {
    return isfinite(bound) ? bound : NAN;
}

static void draw_bounded(worker *at) {
    const owi_spec *spec = at->spec;
    at->made.bounded = (owi_bounded){spec->mean / at->divisor, spec->std / at->divisor,
                                     spec->low / at->divisor, spec->high / at->divisor};
    const owi_bounded_moments left = owi_bounded_measure(&at->made.bounded);
    at->made.mean = left.mean;
    at->made.std = left.std;
    at->made.low = finite_or_nothing(at->made.bounded.low);
    at->made.high = finite_or_nothing(at->made.bounded.high);
}

static void draw_uniform(worker *at) {
    const owi_spec *spec = at->spec;
    draw(at);
    if (spec->mode == OWI_FAN_NONE) {
        at->made.std = (spec->high - spec->low) / (2 * UNIFORM_RANGE) / at->divisor;
        at->made.mean = (spec->low + spec->high) / 2 / at->divisor;
    }
    at->made.low = at->made.mean - UNIFORM_RANGE * at->made.std;
    at->made.high = at->made.mean + UNIFORM_RANGE * at->made.std;
}

// Orthonormal along the shorter side: the squares of a matrix sum to that side's length.
static void draw_orthogonal(worker *at) {
    bool delta = at->made.distribution == OWI_DISTRIBUTION_DELTA_ORTHOGONAL;
    size_t first = delta ? 1 : at->made.row_axes, last = delta ? 2 : at->rank;
    double rows = extent(at, 0, first), columns = extent(at, first, last);
    double taps = extent(at, last, at->rank);
    require_rank(at, delta ? 3 : 2);
    if (delta && rows < columns) {
        refuse(at, "needs as many outputs as inputs, or more");
    }
    at->made.gain /= at->divisor;
    at->made.std = at->made.gain / sqrt((rows > columns ? rows : columns) * taps);
}

static void repeat_rows(worker *at) {
    uint64_t rows = at->rank ? (uint64_t)at->box.extent[0] : 1;
    at->made.repeats = (uint64_t)at->spec->factor * (uint64_t)at->spec->factor;
    require_rank(at, 2);
    if (rows % at->made.repeats != 0) {
        refuse(at, owi_arena_printf(at->arena, "needs a multiple of %llu outputs",
                                    (unsigned long long)at->made.repeats));
    }
    draw(at);
}

// Ones, a share of all elements, times the gain.
static void set_diagonal(worker *at) {
    size_t first = at->made.row_axes;
    double ones, all = extent(at, 0, at->rank), rows = extent(at, 0, first);
    if (at->made.distribution == OWI_DISTRIBUTION_DIRAC) {
        const owi_node *node = at->about->fact->node;
        int64_t groups = node ? owi_attribute_integer(node, "group", 1) : 1;
        require_rank(at, 3);
        at->made.groups = groups > 0 && groups <= UINT32_MAX ? (uint32_t)groups : 1;
        rows /= at->made.groups;
        ones = fmin(rows, extent(at, 1, 2)) * at->made.groups;
    } else {
        require_rank(at, 2);
        ones = fmin(rows, extent(at, first, at->rank));
    }
    double share = ones / all;
    at->made.gain /= at->divisor;
    at->made.mean = at->made.gain * share;
    at->made.std = at->made.gain * sqrt(share * (1 - share));
}

static void work_out(worker *at) {
    switch (at->made.distribution) {
    case OWI_DISTRIBUTION_KEEP: break;
    case OWI_DISTRIBUTION_CONSTANT:
        at->made.value = at->spec->value;
        at->made.std = 0;
        break;
    case OWI_DISTRIBUTION_NORMAL:
    case OWI_DISTRIBUTION_TRUNCATED: draw(at); break;
    case OWI_DISTRIBUTION_BOUNDED: draw_bounded(at); break;
    case OWI_DISTRIBUTION_UNIFORM: draw_uniform(at); break;
    case OWI_DISTRIBUTION_ORTHOGONAL:
    case OWI_DISTRIBUTION_DELTA_ORTHOGONAL: draw_orthogonal(at); break;
    case OWI_DISTRIBUTION_ICNR: repeat_rows(at); break;
    case OWI_DISTRIBUTION_IDENTITY:
    case OWI_DISTRIBUTION_DIRAC: set_diagonal(at); break;
    case OWI_DISTRIBUTION_BILINEAR: require_rank(at, 3); break;
    case OWI_DISTRIBUTION_SLICE_NORM:
        if (!at->about->fact->magnitude_of) {
            refuse(at, "needs a weight whose norms these are");
        }
        break;
    }
}

// How many residual sums share what is to be drawn: 1 where nothing is scaled. Signals grow with
// their number where no norm stands in the branches; GPT-2 scales in any case (Radford et al.
// 2019).
static double branches_of(const owi_question *question, owi_residual_scale scale) {
    const owi_residual *residual = question->fact->residual;
    if (!(question->when & OWI_MEMBER(OWI_CONDITION_RESIDUAL_LAST))) {
        return 1;
    }
    return scale == OWI_RESIDUAL_ALWAYS                          ? (double)residual->total
           : scale == OWI_RESIDUAL_AUTO && !residual->normalised ? (double)residual->count
                                                                 : 1;
}

owi_decision owi_decide(owi_arena *arena, const owi_rule *rule, const owi_question *question,
                        owi_residual_scale scale) {
    const owi_fact *fact = question->fact;
    const owi_tensor *tensor = fact->tensor;
    worker at = {
        .arena = arena, .spec = &rule->spec, .about = question, .rank = tensor->rank, .divisor = 1};
    at.box = question->fact_part ? question->fact_part->box
                                 : (owi_box){owi_new(arena, int64_t, tensor->rank), tensor->dims};
    at.divisor *= fabs(fact->factor) > 0 ? fabs(fact->factor) : 1;
    at.made =
        (owi_decision){.rule = rule,
                       .scheme = rule->spec.scheme,
                       .distribution = rule->spec.distribution,
                       .gain = gain_of(&rule->spec, owi_question_follow(question)),
                       .std = NAN,
                       .mean = NAN,
                       .low = NAN,
                       .high = NAN,
                       .value = NAN,
                       .groups = 1,
                       .repeats = 1,
                       .branches = branches_of(question, scale ? scale : rule->residual_scale),
                       .why = rule->why};
    at.divisor *= sqrt(at.made.branches);
    at.made.row_axes = (unsigned)row_axes(&at);
    work_out(&at);
    return at.made;
}
