#include "plan/scheme.h"

#include "fill/bounded.h"
#include "plan/expression.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    owi_distribution distribution;
    owi_fan fan;
    const char *arguments;
} schemes[] = {
#define SCHEME(id, distribution, fan, arguments, note)                                             \
    {#id, OWI_DISTRIBUTION_##distribution, OWI_FAN_##fan, arguments},
#include "tables/schemes.def"
#undef SCHEME
};

static const char *const scheme_names[] = {
#define SCHEME(id, ...) #id,
#include "tables/schemes.def"
#undef SCHEME
    NULL};

enum { // arguments, by number
#define ARGUMENT(name, kind) ARGUMENT_##name,
#include "tables/arguments.def"
#undef ARGUMENT
    ARGUMENT_COUNT
};

static const char *const argument_names[] = {
#define ARGUMENT(name, kind) #name,
#include "tables/arguments.def"
#undef ARGUMENT
    NULL};

static const char *const gain_names[] = {
    [OWI_GAIN_ACTIVATION - 1] = "activation", [OWI_GAIN_EXACT - 1] = "exact", NULL};
static const char *const fan_names[] = {[OWI_FAN_IN - 1] = "fan_in",
                                        [OWI_FAN_OUT - 1] = "fan_out",
                                        [OWI_FAN_AVERAGE - 1] = "fan_avg",
                                        NULL};
static const char *const shape_names[] = {"normal", "uniform", "truncated", NULL};
static const owi_distribution shapes[] = {OWI_DISTRIBUTION_NORMAL, OWI_DISTRIBUTION_UNIFORM,
                                          OWI_DISTRIBUTION_TRUNCATED};

enum { MOST_ARGUMENTS = 4 };

// The arguments that a scheme takes, in their order, which of them have a
// value, and which were written in the rule.
typedef struct reader {
    owi_arena *arena;
    owi_error *error;
    owi_spec *spec;
    const char *at;
    unsigned takes[MOST_ARGUMENTS], count;
    bool set[ARGUMENT_COUNT], written[ARGUMENT_COUNT];
} reader;

static void skip_blanks(reader *from) {
    from->at += strspn(from->at, " \t");
}

static size_t word_length(const char *text) {
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}

static const char *take_word(reader *from) {
    skip_blanks(from);
    size_t length = word_length(from->at);
    const char *word = owi_arena_copy(from->arena, from->at, length);
    from->at += length;
    skip_blanks(from);
    return word;
}

static bool accept(reader *from, char wanted) {
    skip_blanks(from);
    bool there = *from->at == wanted;
    from->at += there;
    skip_blanks(from);
    return there;
}

static owi_status expected(const reader *from, const char *what) {
    return owi_fail(from->error, OWI_USAGE, "expected %s %s%s%s", what,
                    *from->at ? "at '" : "at the end",
                    *from->at ? owi_shown(from->arena, from->at) : "", *from->at ? "'" : "");
}

static unsigned find(const char *const *names, const char *name) {
    unsigned number = 0;
    while (names[number] && strcmp(names[number], name) != 0) {
        number++;
    }
    return number;
}

// ---- values of arguments, by kind

static owi_status read_REAL(reader *from, double *number) {
    return owi_expression_read(&from->at, number) ? OWI_OK : expected(from, "a number");
}

static owi_status read_BOUND(reader *from, double *number) {
    const char *start = from->at;
    bool negative = accept(from, '-');
    if (word_length(from->at) == 3 && strncmp(from->at, "inf", 3) == 0) {
        from->at += 3;
        *number = negative ? -INFINITY : INFINITY;
        return OWI_OK;
    }
    from->at = start;
    return read_REAL(from, number);
}

static owi_status read_INTEGER(reader *from, int64_t *number) {
    const char *start = from->at;
    double real;
    OWI_TRY(read_REAL(from, &real));
    if (real != floor(real) || fabs(real) > 1e15) {
        from->at = start;
        return expected(from, "a whole number");
    }
    *number = (int64_t)real;
    return OWI_OK;
}

static owi_status read_name(reader *from, const char *what, const char *const *names,
                            unsigned *number) {
    const char *name = take_word(from);
    *number = find(names, name);
    return names[*number] ? OWI_OK : owi_unknown(from->arena, what, name, names, from->error);
}

static owi_status read_GAIN(reader *from, double *gain) {
    unsigned number;
    bool is_name = (*from->at >= 'a' && *from->at <= 'z') && strncmp(from->at, "sqrt", 4) != 0;
    from->spec->gain_from = OWI_GAIN_NUMBER;
    if (!is_name) {
        return read_REAL(from, gain);
    }
    OWI_TRY(read_name(from, "gain", gain_names, &number));
    from->spec->gain_from = number + 1;
    return OWI_OK;
}

static owi_status read_FAN(reader *from, owi_fan *fan) {
    unsigned number;
    OWI_TRY(read_name(from, "mode", fan_names, &number));
    *fan = number + 1;
    return OWI_OK;
}

static owi_status read_SHAPE(reader *from, owi_distribution *distribution) {
    unsigned number;
    OWI_TRY(read_name(from, "distribution", shape_names, &number));
    *distribution = shapes[number];
    return OWI_OK;
}

static owi_status read_value(reader *from, unsigned argument) {
    owi_spec *spec = from->spec;
    from->set[argument] = true;
    skip_blanks(from);
    switch (argument) {
// clang-format off
#define ARGUMENT(name, kind) case ARGUMENT_##name: return read_##kind(from, &spec->name);
#include "tables/arguments.def"
#undef ARGUMENT
        // clang-format on
    }
    return OWI_INTERNAL;
}

// ---- lists of arguments

// What the row of schemes.def says: "mean=0, std".
static owi_status read_defaults(reader *from, const char *arguments) {
    for (from->at = arguments; *from->at; accept(from, ',')) {
        unsigned argument = find(argument_names, take_word(from));
        from->takes[from->count++] = argument;
        if (accept(from, '=')) {
            OWI_TRY(read_value(from, argument));
        }
    }
    return OWI_OK;
}

static bool takes(const reader *from, unsigned argument) {
    bool found = argument == ARGUMENT_zero_row && from->spec->scheme != OWI_SCHEME_keep;
    for (unsigned i = 0; i < from->count; i++) {
        found = found || from->takes[i] == argument;
    }
    return found;
}

static owi_status no_such_argument(const reader *from, const char *name) {
    const char *names[MOST_ARGUMENTS + 2] = {NULL};
    for (unsigned i = 0; i < from->count; i++) {
        names[i] = argument_names[from->takes[i]];
    }
    names[from->count] = argument_names[ARGUMENT_zero_row];
    return owi_unknown(from->arena, "argument", name, names, from->error);
}

static owi_status read_once(reader *from, unsigned argument) {
    if (from->written[argument]) {
        return owi_fail(from->error, OWI_USAGE, "%s is given twice", argument_names[argument]);
    }
    from->written[argument] = true;
    return read_value(from, argument);
}

static owi_status read_argument(reader *from, unsigned place) {
    size_t length = word_length(from->at);
    const char *after = from->at + length;
    after += strspn(after, " \t");
    if (length && *after == '=') {
        const char *name = take_word(from);
        unsigned argument = find(argument_names, name);
        accept(from, '=');
        return takes(from, argument) ? read_once(from, argument) : no_such_argument(from, name);
    }
    return place < from->count ? read_once(from, from->takes[place]) : expected(from, ")");
}

static owi_status read_arguments(reader *from) {
    if (accept(from, '(') && !accept(from, ')')) {
        for (unsigned place = 0; place == 0 || accept(from, ','); place++) {
            OWI_TRY(read_argument(from, place));
        }
        if (!accept(from, ')')) {
            return expected(from, ", or )");
        }
    }
    for (unsigned i = 0; i < from->count; i++) {
        if (!from->set[from->takes[i]]) {
            return owi_fail(from->error, OWI_USAGE, "%s needs %s", scheme_names[from->spec->scheme],
                            argument_names[from->takes[i]]);
        }
    }
    return *from->at ? expected(from, "nothing more") : OWI_OK;
}

static const char *fault_of_bounds(const owi_spec *spec) {
    const owi_bounded law = {spec->mean, spec->std, spec->low, spec->high};
    if (spec->distribution == OWI_DISTRIBUTION_UNIFORM) {
        return spec->low > spec->high              ? "low is above high"
               : !isfinite(spec->high - spec->low) ? "low and high are too far apart"
                                                   : NULL;
    }
    if (spec->distribution != OWI_DISTRIBUTION_BOUNDED) {
        return NULL;
    }
    return !(spec->std > 0)            ? "std is not above 0"
           : !(spec->low < spec->high) ? "low is not below high"
           : owi_bounded_share(&law).between < OWI_BOUNDED_LEAST
               ? "nothing of the normal lies between low and high"
               : NULL;
}

static owi_status check(const owi_spec *spec, owi_error *error) {
    const char *bounds = fault_of_bounds(spec);
    const char *wrong = spec->std < 0                                         ? "std is below 0"
                        : bounds                                              ? bounds
                        : spec->scale < 0                                     ? "scale is below 0"
                        : spec->scheme == OWI_SCHEME_icnr && spec->factor < 1 ? "factor is below 1"
                                                                              : NULL;
    return wrong ? owi_fail(error, OWI_USAGE, "%s", wrong) : OWI_OK;
}

owi_status owi_spec_read(owi_arena *arena, const char *text, owi_spec *spec, owi_error *error) {
    reader from = {.arena = arena, .error = error, .spec = spec, .at = text};
    *spec = (owi_spec){.gain = 1};
    const char *name = take_word(&from), *rest = from.at;
    spec->scheme = find(scheme_names, name);
    if (spec->scheme == OWI_SCHEME_COUNT) {
        return owi_unknown(arena, "scheme", name, scheme_names, error);
    }
    spec->distribution = schemes[spec->scheme].distribution;
    spec->mode = schemes[spec->scheme].fan;
    spec->value = spec->scheme == OWI_SCHEME_ones;
    OWI_TRY(read_defaults(&from, schemes[spec->scheme].arguments));
    from.at = rest;
    OWI_TRY(read_arguments(&from));
    spec->has_zero_row = from.set[ARGUMENT_zero_row];
    return check(spec, error);
}

const char *owi_scheme_name(owi_scheme scheme) {
    return scheme_names[scheme];
}

bool owi_scheme_begins(const char *text) {
    size_t length = word_length(text);
    for (size_t i = 0; scheme_names[i]; i++) {
        if (strlen(scheme_names[i]) == length && strncmp(scheme_names[i], text, length) == 0) {
            return text[length] == '\0' || text[length] == '(';
        }
    }
    return false;
}
