// scheme.h: a scheme with its arguments, as policy and rules write it: "he_normal(gain=exact)".
#ifndef OWI_PLAN_SCHEME_H
#define OWI_PLAN_SCHEME_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum owi_scheme {
#define SCHEME(id, ...) OWI_SCHEME_##id,
#include "tables/schemes.def"
#undef SCHEME
    OWI_SCHEME_COUNT
} owi_scheme;

typedef enum owi_distribution {
    OWI_DISTRIBUTION_KEEP,
    OWI_DISTRIBUTION_CONSTANT,
    OWI_DISTRIBUTION_NORMAL,
    OWI_DISTRIBUTION_TRUNCATED,
    OWI_DISTRIBUTION_BOUNDED,
    OWI_DISTRIBUTION_UNIFORM,
    OWI_DISTRIBUTION_ORTHOGONAL,
    OWI_DISTRIBUTION_DELTA_ORTHOGONAL,
    OWI_DISTRIBUTION_IDENTITY,
    OWI_DISTRIBUTION_DIRAC,
    OWI_DISTRIBUTION_ICNR,
    OWI_DISTRIBUTION_BILINEAR,
    OWI_DISTRIBUTION_SLICE_NORM
} owi_distribution;

typedef enum owi_fan { OWI_FAN_NONE, OWI_FAN_IN, OWI_FAN_OUT, OWI_FAN_AVERAGE } owi_fan;

typedef enum owi_gain {
    OWI_GAIN_NUMBER,
    OWI_GAIN_ACTIVATION, // the one that the policy uses for the activation that follows
    OWI_GAIN_EXACT       // the exact forward gain of that activation
} owi_gain;

// Arguments that a scheme does not have are as its row of schemes.def leaves them: 0, and gain 1.
typedef struct owi_spec {
    owi_scheme scheme;
    owi_distribution distribution;
    owi_fan mode;
    owi_gain gain_from;
    double gain; // of OWI_GAIN_NUMBER
    double value, mean, std, low, high, scale;
    int64_t factor, zero_row;
    bool has_zero_row;
} owi_spec;

// Reads a scheme. OWI_USAGE, with what was expected, for anything else; a name that does not exist
// is answered with the nearest one.
owi_status owi_spec_read(owi_arena *arena, const char *text, owi_spec *spec, owi_error *error);

const char *owi_scheme_name(owi_scheme scheme);

// Whether the text goes on with the name of a scheme and then ends or has arguments.
bool owi_scheme_begins(const char *text);

#endif
