// expected.h: what a tensor, or a part of it, should look like, and whether it does.
#ifndef OWI_AUDIT_EXPECTED_H
#define OWI_AUDIT_EXPECTED_H

#include "audit/matrix.h"
#include "audit/sketch.h"
#include "fill/bounded.h"
#include "fill/fill.h"

typedef enum owi_expectation {
    OWI_EXPECT_CONSTANT,   // mean is the value
    OWI_EXPECT_NORMAL,     // mean, std
    OWI_EXPECT_TRUNCATED,  // mean, std after the cut at two standard deviations of the whole normal
    OWI_EXPECT_BOUNDED,    // mean, std and kurtosis of what `bounded` says
    OWI_EXPECT_UNIFORM,    // mean +- sqrt(3) std
    OWI_EXPECT_ORTHOGONAL, // gain
    OWI_EXPECT_LENGTH,     // the root of the sum of squares is gain
    OWI_EXPECT_PATTERN,    // values that need no random numbers: identity and the like
    OWI_EXPECT_NORMS       // norms of random vectors: mean, give or take std
} owi_expectation;

typedef struct owi_expected {
    owi_expectation kind;
    double mean, std, gain;
    owi_bounded bounded;
    double kurtosis;  // of BOUNDED
    uint64_t repeats; // every value stands there as many times; else 1
} owi_expected;

// What this recipe makes of its box.
owi_expected owi_expected_of(const owi_recipe *recipe, size_t rank);

// P(X < x) of NORMAL, TRUNCATED, BOUNDED and UNIFORM.
double owi_expected_below(const owi_expected *expected, double x);

// Their density at x.
double owi_expected_density(const owi_expected *expected, double x);

typedef enum owi_mismatch {
    OWI_MISMATCH_NONE,
    OWI_MISMATCH_VALUE,
    OWI_MISMATCH_MEAN,
    OWI_MISMATCH_SPREAD,
    OWI_MISMATCH_RANGE,
    OWI_MISMATCH_NARROW, // the same, the other way
    OWI_MISMATCH_SHAPE,  // of the distribution
    OWI_MISMATCH_ORTHOGONALITY,
    OWI_MISMATCH_PATTERN
} owi_mismatch;

typedef struct owi_test {
    double probability;    // of numbers at least as odd when the expectation holds, over all tests
    owi_mismatch mismatch; // the test they did worst in
    double distance;       // Kolmogorov's, of the distribution test; NAN where there is none
} owi_test;

// What was measured of a box.
typedef struct owi_sample {
    const owi_sketch *sketch;
    const owi_matrix *matrix; // NULL for what is no matrix
    owi_dtype dtype;          // that the numbers were rounded to
    bool pattern;             // whether the expected PATTERN was found
} owi_sample;

// The probability that the rows and columns of fresh numbers differ at least as much; trained ones
// differ more. 1 for what is not drawn independently. Its tails are too rough for far levels.
double owi_expected_lines(const owi_expected *expected, const owi_matrix *matrix);

owi_test owi_expected_test(const owi_expected *expected, const owi_sample *sample);

#endif
