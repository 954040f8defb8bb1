#include "plan/policy.h"

#include <math.h>
#include <string.h>

typedef enum condition {
    CONDITION_ALWAYS,
    CONDITION_FORGET_GATE,
    CONDITION_ONE_ADDED,
    CONDITION_HAS_DATA,
    CONDITION_MAGNITUDE,
    CONDITION_OUTPUT_UNIT,
    CONDITION_ATTENTION_ORTHOGONAL
} condition;

typedef enum family {
    FAMILY_ANY,
    FAMILY_LINEAR,
    FAMILY_RECTIFIED,
    FAMILY_SLOPED,
    FAMILY_EXACT,
    FAMILY_SATURATING,
    FAMILY_SELF_NORMALISING
} family;

typedef enum fan_mode { FAN_NONE, FAN_IN, FAN_OUT, FAN_AVERAGE } fan_mode;

enum { // beside the roles of roles.def
    OWI_ROLE_WEIGHT = OWI_ROLE_COUNT,
    OWI_ROLE_ANY
};

#define GAIN_ACTIVATION NAN
#define ACTIVATION_GAIN_IS_ITS_OWN(gain) isnan(gain)

static const struct {
    unsigned role;
    owi_profile profile;
    condition when;
    family after;
    owi_scheme scheme;
    double gain, a, b;
    const char *why;
} policy[] = {
#define ACTIVATION GAIN_ACTIVATION
#define POLICY(role, profile, when, after, scheme, gain, a, b, why)                                \
    {OWI_ROLE_##role, OWI_PROFILE_##profile, CONDITION_##when, FAMILY_##after, OWI_SCHEME_##scheme, \
     gain, a, b, why},
#include "tables/policy.def"
#undef POLICY
#undef ACTIVATION
};

static const struct {
    family family;
    double gain;
} activations[] = {
#define ACTIVATION(id, family, gain, note) {FAMILY_##family, gain},
#include "tables/activations.def"
#undef ACTIVATION
};

static const struct {
    const char *name;
    owi_distribution distribution;
    fan_mode fan;
} schemes[] = {
#define SCHEME(id, distribution, fan, arguments, note)                                             \
    {#id, OWI_DISTRIBUTION_##distribution, FAN_##fan},
#include "tables/schemes.def"
#undef SCHEME
};

static const double UNIFORM_RANGE = 1.7320508075688772; // sqrt 3: U(-r, r) has std r / sqrt 3

static owi_follow follow_of(const owi_question *question) {
    return question->part ? question->part->follow : question->fact->follow;
}

static bool is_attention(const owi_question *question) {
    const char *label = question->part ? question->part->label : NULL;
    bool part = label && (strcmp(label, "q") == 0 || strcmp(label, "k") == 0 ||
                          strcmp(label, "v") == 0);
    return part || question->fact->attention;
}

static bool holds(condition when, const owi_question *question) {
    const owi_fact *fact = question->fact;
    switch (when) {
    case CONDITION_ALWAYS: return true;
    case CONDITION_FORGET_GATE: return question->part && question->part->forget;
    case CONDITION_ONE_ADDED: return fact->shift == 1;
    case CONDITION_HAS_DATA: return fact->tensor->has_data && !fact->tensor->ours;
    case CONDITION_MAGNITUDE: return fact->magnitude_of != NULL;
    case CONDITION_OUTPUT_UNIT: return fact->output_unit;
    case CONDITION_ATTENTION_ORTHOGONAL:
        return question->attention_orthogonal && is_attention(question);
    }
    return false;
}

static bool is_role(unsigned wanted, owi_role role) {
    return wanted == role || wanted == OWI_ROLE_ANY ||
           (wanted == OWI_ROLE_WEIGHT && role <= OWI_ROLE_LINEAR_WEIGHT);
}

static double activation_gain(owi_follow follow) {
    double gain = activations[follow.activation].gain;
    return activations[follow.activation].family == FAMILY_SLOPED
               ? sqrt(2 / (1 + follow.slope * follow.slope))
               : gain;
}

static double spread(fan_mode fan, double gain, double fan_in, double fan_out) {
    double number = fan == FAN_IN    ? fan_in
                    : fan == FAN_OUT ? fan_out
                                     : (fan_in + fan_out) / 2;
    return number > 0 ? gain / sqrt(number) : 0;
}

// Orthonormal along the shorter side: the squares of a matrix sum to that side's length.
static double orthogonal_spread(double gain, const owi_fact *fact, const owi_box *box) {
    double rows = 1, columns = 1;
    bool begun = false;
    for (size_t i = 0; i < fact->tensor->rank; i++) {
        double extent = (double)(box ? box->extent[i] : fact->tensor->dims[i]);
        *(begun ? &columns : &rows) *= extent;
        begun = begun || extent > 1;
    }
    return gain / sqrt(rows > columns ? rows : columns);
}

static void set_numbers(owi_decision *made, const owi_question *question, double a, double b) {
    const owi_fact *fact = question->fact;
    double factor = fabs(fact->factor) > 0 ? fabs(fact->factor) : 1;
    double fan_in = question->part ? question->part->fan_in : fact->fan_in;
    double fan_out = question->part ? question->part->fan_out : fact->fan_out;
    fan_mode fan = schemes[made->scheme].fan;
    made->mean = made->low = made->high = made->value = NAN;
    switch (made->distribution) {
    case OWI_DISTRIBUTION_KEEP:
    case OWI_DISTRIBUTION_SLICE_NORM: made->std = NAN; break;
    case OWI_DISTRIBUTION_CONSTANT:
        made->value = a;
        made->std = 0;
        break;
    case OWI_DISTRIBUTION_UNIFORM:
        made->std = fan == FAN_NONE ? (b - a) / (2 * UNIFORM_RANGE)
                                    : spread(fan, made->gain, fan_in, fan_out);
        made->std /= factor;
        made->mean = fan == FAN_NONE ? (a + b) / 2 / factor : 0;
        made->low = made->mean - UNIFORM_RANGE * made->std;
        made->high = made->mean + UNIFORM_RANGE * made->std;
        break;
    case OWI_DISTRIBUTION_ORTHOGONAL:
    case OWI_DISTRIBUTION_DELTA_ORTHOGONAL:
        made->gain /= factor;
        made->std = orthogonal_spread(made->gain, fact, question->part ? &question->part->box : NULL);
        break;
    default:
        made->mean = fan == FAN_NONE ? a : 0;
        made->std = (fan == FAN_NONE ? b : spread(fan, made->gain, fan_in, fan_out)) / factor;
        break;
    }
}

owi_decision owi_policy_decide(const owi_question *question) {
    owi_follow follow = follow_of(question);
    for (size_t i = 0; i < sizeof policy / sizeof *policy; i++) {
        if (!is_role(policy[i].role, question->role) ||
            (policy[i].profile != OWI_PROFILE_ANY && policy[i].profile != question->profile) ||
            (policy[i].after != FAMILY_ANY &&
             policy[i].after != activations[follow.activation].family) ||
            !holds(policy[i].when, question)) {
            continue;
        }
        owi_decision made = {.scheme = policy[i].scheme, .why = policy[i].why};
        made.distribution = schemes[made.scheme].distribution;
        made.gain = ACTIVATION_GAIN_IS_ITS_OWN(policy[i].gain) ? activation_gain(follow)
                                                               : policy[i].gain;
        set_numbers(&made, question, policy[i].a, policy[i].b);
        return made;
    }
    return (owi_decision){.scheme = OWI_SCHEME_keep, .why = "no row of the policy"};
}

const char *owi_scheme_name(owi_scheme scheme) {
    return schemes[scheme].name;
}
