// test.c: the tests behind owi_expected_test. Each gives the probability that numbers which hold to
// the expectation do at least as badly; their count corrects for the choice of the worst.
#include "audit/expected.h"

#include <float.h>
#include <math.h>

enum {
    TESTS = 5,
    SPREAD = 1,
    FEWEST_SQUARES = 30
}; // below, a normal law for the variance is too rough

static const double SQRT_HALF = 0.7071067811865476;
static const double TWO_SIDED_CUT = 2 / 0.8796256610342398; // of the truncated normal, in its std

// Both tails of the standard normal.
static double beyond(double z) {
    return erfc(fabs(z) * SQRT_HALF);
}

// A step of the type just above 1.
static double step_of(owi_dtype dtype) {
    switch (dtype) {
    case OWI_DTYPE_FLOAT16: return 0x1p-10;
    case OWI_DTYPE_BFLOAT16: return 0x1p-7;
    case OWI_DTYPE_DOUBLE: return 0x1p-52;
    default: return 0x1p-23;
    }
}

// The smallest number of the type that is not zero.
static double least_of(owi_dtype dtype) {
    return dtype == OWI_DTYPE_FLOAT16 ? 0x1p-24 : FLT_TRUE_MIN;
}

// The upper tail of chi-square with `freedom` degrees, by Wilson and Hilferty (1931).
static double above(double x, double freedom) {
    const double width = 2 / (9 * freedom);
    return 0.5 * erfc((cbrt(x / freedom) - (1 - width)) / sqrt(width) * SQRT_HALF);
}

// ---- moments and range

static double kurtosis_of(const owi_expected *expected) {
    return expected->kind == OWI_EXPECT_UNIFORM     ? 1.8
           : expected->kind == OWI_EXPECT_TRUNCATED ? 2.3655
           : expected->kind == OWI_EXPECT_BOUNDED   ? expected->kurtosis
                                                    : 3;
}

static double test_mean(const owi_expected *expected, const owi_sketch *sketch, double count) {
    return beyond((sketch->mean - expected->mean) / expected->std * sqrt(count));
}

// The normal law's variance by Wilson and Hilferty (1931), good far into the tails; else by its own
// variance, which is small enough for bounded numbers.
static double test_spread(const owi_expected *expected, const owi_sketch *sketch, double count) {
    const double away = sketch->mean - expected->mean;
    const double square = sketch->m2 / (double)sketch->count + away * away;
    const double ratio = square / (expected->std * expected->std);
    if (expected->kind == OWI_EXPECT_NORMAL) {
        const double width = 2 / (9 * count);
        return beyond((cbrt(ratio) - (1 - width)) / sqrt(width));
    }
    return count < FEWEST_SQUARES ? 1
                                  : beyond((ratio - 1) / sqrt((kurtosis_of(expected) - 1) / count));
}

static double furthest(const owi_expected *expected, const owi_sketch *sketch) {
    return fmax(fabs(sketch->min - expected->mean), fabs(sketch->max - expected->mean));
}

// Whether no number is beyond the bounds by more than a share of them, which rounding may do.
static bool is_inside(const owi_expected *expected, const owi_sketch *sketch, double share) {
    const double low = expected->bounded.low, high = expected->bounded.high;
    return sketch->min >= low - share * fabs(low) && sketch->max <= high + share * fabs(high);
}

// The furthest number is at least so far.
static double test_range(const owi_expected *expected, const owi_sample *sample, double count) {
    const double z = furthest(expected, sample->sketch) / expected->std;
    const double room = 1 + 2 * step_of(sample->dtype) + 1e-6;
    switch (expected->kind) {
    case OWI_EXPECT_BOUNDED: return is_inside(expected, sample->sketch, room - 1) ? 1 : 0;
    case OWI_EXPECT_UNIFORM: return z <= sqrt(3) * room ? 1 : 0;
    case OWI_EXPECT_TRUNCATED: return z <= TWO_SIDED_CUT * room ? 1 : 0;
    default: return fmin(1, count * beyond(z));
    }
}

// No number is further. This is what few numbers say best of a spread that is too small.
static double test_narrow(const owi_expected *expected, const owi_sample *sample, double count) {
    const double far =
        furthest(expected, sample->sketch) * (1 + step_of(sample->dtype)) + least_of(sample->dtype);
    return pow(owi_expected_below(expected, expected->mean + far) -
                   owi_expected_below(expected, expected->mean - far),
               count);
}

// ---- the distribution, at the edges of the sketch's bins

// Where numbers begin to be rounded to at least `edge`: half a step below the type's first number
// there.
static double rounding_edge(owi_dtype dtype, double edge) {
    int exponent;
    if (edge <= 0 || !isfinite(edge)) {
        return edge;
    }
    frexp(edge, &exponent); // edge is at least 2^(exponent - 1)
    double step = ldexp(step_of(dtype == OWI_DTYPE_DOUBLE ? OWI_DTYPE_FLOAT : dtype), exponent - 1);
    if (dtype == OWI_DTYPE_FLOAT16) {
        step = fmax(step, 0x1p-24);
    }
    const double number = ceil(edge / step) * step;
    const bool power = frexp(number, &exponent) == 0.5;
    const bool normal = dtype != OWI_DTYPE_FLOAT16 || number > 0x1p-14;
    return number - step / (power && normal ? 4 : 2);
}

// The greatest difference between the shares below an edge, as counted and as expected. Edges run
// from the most negative number up.
static double distance_of(const owi_expected *expected, const owi_sample *sample) {
    const owi_sketch *sketch = sample->sketch;
    const double all = (double)sketch->count;
    uint64_t below = 0;
    double worst = 0;
    for (unsigned bin = OWI_SKETCH_HALF; bin-- > 0;) {
        const uint64_t here = sketch->bins[OWI_SKETCH_HALF + bin];
        below += here;
        if (here && bin > 0) { // numbers of at most -edge
            const double edge = -rounding_edge(sample->dtype, owi_sketch_edge(bin));
            worst = fmax(worst, fabs((double)below / all - owi_expected_below(expected, edge)));
        }
    }
    for (unsigned bin = 0; bin < OWI_SKETCH_HALF; bin++) {
        const uint64_t here = sketch->bins[bin];
        if (here && bin > 0) {
            const double edge = rounding_edge(sample->dtype, owi_sketch_edge(bin));
            worst = fmax(worst, fabs((double)below / all - owi_expected_below(expected, edge)));
        }
        below += here;
    }
    return worst;
}

// Kolmogorov's law with the correction for few numbers of Stephens (1970).
static double test_distance(double distance, double count) {
    const double root = sqrt(count), x = (root + 0.12 + 0.11 / root) * distance;
    double sum = 0;
    if (x < 0.3) {
        return 1;
    }
    for (int k = 1; k <= 100; k++) {
        const double term = exp(-2 * k * k * x * x);
        sum += k % 2 ? term : -term;
        if (term < DBL_EPSILON * sum) {
            break;
        }
    }
    return fmin(2 * sum, 1);
}

// ---- rows and columns

// Excess kurtosis of the square of a number.
static double square_excess_of(owi_expectation kind) {
    return kind == OWI_EXPECT_UNIFORM ? -0.857 : kind == OWI_EXPECT_TRUNCATED ? 1.557 : 12;
}

// Means of lines sum up to chi-square; so do their mean squares, about, once the sum is scaled to
// the variance that it has.
static double test_lines(const owi_expected *expected, owi_lines lines) {
    const double count = (double)lines.count, length = (double)lines.length;
    const double variance = expected->std * expected->std;
    const double means = lines.means * length / variance;
    const double mean = lines.squares / count;
    const double unit = (kurtosis_of(expected) - 1) * mean * mean / length;
    const double differences = (lines.fourths - count * mean * mean) / unit;
    const double scale = fmax(1 + square_excess_of(expected->kind) / length / 2, 0.5);
    if (lines.count < 2 || lines.length < 2) {
        return 1;
    }
    return fmin(above(means, count), above(differences / scale, (count - 1) / scale));
}

double owi_expected_lines(const owi_expected *expected, const owi_matrix *matrix) {
    enum { LINE_TESTS = 4 };
    const bool drawn = expected->kind == OWI_EXPECT_NORMAL ||
                       expected->kind == OWI_EXPECT_TRUNCATED ||
                       expected->kind == OWI_EXPECT_UNIFORM;
    if (!drawn || !matrix || expected->mean != 0) {
        return 1;
    }
    return fmin(1, LINE_TESTS * fmin(test_lines(expected, owi_matrix_rows(matrix)),
                                     test_lines(expected, owi_matrix_columns(matrix))));
}

// ---- all together

static owi_test worst_of(const double *probabilities, double distance) {
    static const owi_mismatch names[TESTS] = {OWI_MISMATCH_RANGE, OWI_MISMATCH_SPREAD,
                                              OWI_MISMATCH_MEAN, OWI_MISMATCH_SHAPE,
                                              OWI_MISMATCH_NARROW};
    owi_test worst = {1, OWI_MISMATCH_NONE, distance};
    for (size_t i = 0; i < TESTS; i++) {
        if (TESTS * probabilities[i] < worst.probability) {
            worst.probability = TESTS * probabilities[i];
            worst.mismatch = names[i];
        }
    }
    return worst;
}

// Whether numbers are far from the planned mean for where their own mean is, more than for how
// they spread around it.
static bool is_moved(const owi_expected *expected, const owi_sketch *sketch) {
    const double away = sketch->mean - expected->mean;
    const double square = sketch->m2 / (double)sketch->count;
    return away * away > fabs(square - expected->std * expected->std);
}

static owi_test test_drawn(const owi_expected *expected, const owi_sample *sample) {
    const double count = (double)sample->sketch->count / (double)expected->repeats;
    const double distance = distance_of(expected, sample);
    const double probabilities[TESTS] = {
        test_range(expected, sample, count), test_spread(expected, sample->sketch, count),
        test_mean(expected, sample->sketch, count), test_distance(distance, count),
        test_narrow(expected, sample, count)};
    owi_test worst = worst_of(probabilities, distance);
    // A wrong spread, or mean, shows in every test: it is what people want to hear of.
    if (worst.probability < 1 && TESTS * probabilities[SPREAD] < 1e-12) {
        worst.mismatch =
            is_moved(expected, sample->sketch) ? OWI_MISMATCH_MEAN : OWI_MISMATCH_SPREAD;
    }
    return worst;
}

static owi_test yes_or_no(bool holds, owi_mismatch mismatch) {
    return (owi_test){holds ? 1 : 0, holds ? OWI_MISMATCH_NONE : mismatch, NAN};
}

static owi_test test_constant(const owi_expected *expected, const owi_sample *sample) {
    const double room = fabs(expected->mean) * step_of(sample->dtype) + least_of(sample->dtype);
    const owi_sketch *sketch = sample->sketch;
    return yes_or_no(fabs(sketch->min - expected->mean) <= room &&
                         fabs(sketch->max - expected->mean) <= room,
                     OWI_MISMATCH_VALUE);
}

static double room_for(owi_dtype dtype) {
    return 4 * step_of(dtype) + 1e-4;
}

static owi_test test_length(const owi_expected *expected, const owi_sample *sample) {
    const double count = (double)sample->sketch->count, mean = sample->sketch->mean;
    const double length = sqrt(sample->sketch->m2 + count * mean * mean);
    return yes_or_no(fabs(length / expected->gain - 1) <= room_for(sample->dtype),
                     OWI_MISMATCH_SPREAD);
}

static owi_test test_orthogonal(const owi_expected *expected, const owi_sample *sample) {
    const owi_matrix *matrix = sample->matrix;
    if (!matrix || matrix->rows < 2 || matrix->columns < 2) {
        return test_length(expected, sample);
    }
    const double rows = (double)matrix->rows, columns = (double)matrix->columns;
    const double random = sqrt(fmin(rows, columns) / fmax(rows, columns)); // of independent numbers
    const double room = random * (2 * step_of(sample->dtype) + 1e-4);
    if (!(owi_matrix_defect(matrix) <= room)) {
        return yes_or_no(false, OWI_MISMATCH_ORTHOGONALITY);
    }
    const double ratio = owi_matrix_gain(matrix) / expected->gain;
    return yes_or_no(fabs(ratio - 1) <= room_for(sample->dtype), OWI_MISMATCH_SPREAD);
}

static owi_test test_norms(const owi_expected *expected, const owi_sketch *sketch) {
    const double room = 8 * expected->std;
    bool holds = sketch->min >= 0 && sketch->min >= expected->mean - room &&
                 sketch->max <= expected->mean + room;
    return yes_or_no(holds, OWI_MISMATCH_RANGE);
}

owi_test owi_expected_test(const owi_expected *expected, const owi_sample *sample) {
    if (sample->sketch->count == 0) {
        return yes_or_no(true, OWI_MISMATCH_NONE);
    }
    switch (expected->kind) {
    case OWI_EXPECT_CONSTANT: return test_constant(expected, sample);
    case OWI_EXPECT_ORTHOGONAL: return test_orthogonal(expected, sample);
    case OWI_EXPECT_LENGTH: return test_length(expected, sample);
    case OWI_EXPECT_PATTERN: return yes_or_no(sample->pattern, OWI_MISMATCH_PATTERN);
    case OWI_EXPECT_NORMS: return test_norms(expected, sample->sketch);
    default: return test_drawn(expected, sample);
    }
}
