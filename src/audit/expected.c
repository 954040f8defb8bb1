#include "audit/expected.h"

#include <math.h>

static const double UNIFORM_RANGE = 1.7320508075688772; // sqrt 3
static const double CUT = 2;                            // where the truncated normal ends
static const double CUT_SPREAD = 0.8796256610342398;    // its std before scaling
static const double CUT_SHARE = 0.9544997361036416;     // of the normal within the cut
static const double TWO_PI_ROOT = 2.5066282746310002;
static const double SQRT_HALF = 0.7071067811865476;

static double normal_below(double z) {
    return 0.5 * erfc(-z * SQRT_HALF);
}

// What the bounded normal has between its lower bound and x, of what it has in all.
static double bounded_below(const owi_bounded *law, double x) {
    const owi_bounded part = {law->mean, law->std, law->low, fmin(x, law->high)};
    return part.high > part.low ? owi_bounded_share(&part).between / owi_bounded_share(law).between
                                : 0;
}

double owi_expected_below(const owi_expected *expected, double x) {
    const double z = (x - expected->mean) / expected->std;
    double share;
    switch (expected->kind) {
    case OWI_EXPECT_BOUNDED: share = bounded_below(&expected->bounded, x); break;
    case OWI_EXPECT_UNIFORM: share = 0.5 + z / (2 * UNIFORM_RANGE); break;
    case OWI_EXPECT_TRUNCATED:
        share = 0.5 + (normal_below(z * CUT_SPREAD) - 0.5) / CUT_SHARE;
        break;
    default: return normal_below(z);
    }
    return fmin(fmax(share, 0), 1);
}

double owi_expected_density(const owi_expected *expected, double x) {
    const double z = (x - expected->mean) / expected->std, cut = z * CUT_SPREAD;
    switch (expected->kind) {
    case OWI_EXPECT_BOUNDED: {
        const owi_bounded *law = &expected->bounded;
        const double point = (x - law->mean) / law->std;
        return x >= law->low && x <= law->high ? exp(-point * point / 2) / TWO_PI_ROOT / law->std /
                                                     owi_bounded_share(law).between
                                               : 0;
    }
    case OWI_EXPECT_UNIFORM:
        return fabs(z) <= UNIFORM_RANGE ? 1 / (2 * UNIFORM_RANGE * expected->std) : 0;
    case OWI_EXPECT_TRUNCATED:
        return fabs(cut) <= CUT
                   ? exp(-cut * cut / 2) / TWO_PI_ROOT * CUT_SPREAD / expected->std / CUT_SHARE
                   : 0;
    default: return exp(-z * z / 2) / TWO_PI_ROOT / expected->std;
    }
}

// ---- what a recipe makes

static owi_expected norms_of(const owi_recipe *recipe) {
    const owi_filler *source = recipe->source;
    const owi_expected from = owi_expected_of(&source->recipes[0], source->rank);
    const double slices = (double)source->shape[recipe->row_axes];
    const double length = (double)source->elements / slices;
    owi_expected norms = {.kind = OWI_EXPECT_NORMS, .repeats = 1};
    if (from.kind == OWI_EXPECT_ORTHOGONAL) {
        norms.mean = from.gain * (length < slices ? sqrt(length / slices) : 1);
        norms.std = norms.mean / sqrt(length);
    } else {
        norms.mean = from.std * sqrt(length);
        norms.std = from.std; // a norm of many normal numbers has std / sqrt 2, of few up to std
    }
    return norms;
}

static double extent_of(const owi_recipe *recipe, size_t first, size_t last) {
    double extent = 1;
    for (size_t i = first; i < last; i++) {
        extent *= (double)recipe->extent[i];
    }
    return extent;
}

static owi_expected orthogonal_of(const owi_recipe *recipe, size_t rank) {
    const size_t axes = recipe->row_axes < rank ? recipe->row_axes : rank;
    const double rows = extent_of(recipe, 0, axes), columns = extent_of(recipe, axes, rank);
    return (owi_expected){.kind = OWI_EXPECT_ORTHOGONAL,
                          .std = recipe->b / sqrt(fmax(rows, columns)),
                          .gain = recipe->b,
                          .repeats = 1};
}

static owi_expected bounded_of(const owi_recipe *recipe) {
    const owi_bounded law = {recipe->a, recipe->b, recipe->c, recipe->d};
    const owi_bounded_moments left = owi_bounded_measure(&law);
    return (owi_expected){.kind = OWI_EXPECT_BOUNDED,
                          .mean = left.mean,
                          .std = left.std,
                          .kurtosis = left.kurtosis,
                          .bounded = law,
                          .repeats = 1};
}

owi_expected owi_expected_of(const owi_recipe *recipe, size_t rank) {
    owi_expected made = {.mean = recipe->a, .std = recipe->b, .gain = recipe->b, .repeats = 1};
    switch (recipe->kind) {
    case OWI_RECIPE_CONSTANT:
        made.kind = OWI_EXPECT_CONSTANT;
        made.std = 0;
        break;
    case OWI_RECIPE_NORMAL: made.kind = OWI_EXPECT_NORMAL; break;
    case OWI_RECIPE_TRUNCATED: made.kind = OWI_EXPECT_TRUNCATED; break;
    case OWI_RECIPE_BOUNDED: return bounded_of(recipe);
    case OWI_RECIPE_ICNR:
        made.kind = OWI_EXPECT_NORMAL;
        made.repeats = recipe->c > 1 ? (uint64_t)recipe->c : 1;
        break;
    case OWI_RECIPE_UNIFORM:
        made.kind = OWI_EXPECT_UNIFORM;
        made.mean = (recipe->a + recipe->b) / 2;
        made.std = (recipe->b - recipe->a) / (2 * UNIFORM_RANGE);
        break;
    case OWI_RECIPE_ORTHOGONAL: return orthogonal_of(recipe, rank);
    case OWI_RECIPE_SLICE_NORM: return norms_of(recipe);
    case OWI_RECIPE_DELTA_ORTHOGONAL: // Q has as many ones as the fewer of its channels
        made.kind = OWI_EXPECT_LENGTH;
        made.gain *= sqrt(fmin(extent_of(recipe, 0, 1), extent_of(recipe, 1, rank < 2 ? 1 : 2)));
        made.std = made.gain / sqrt(extent_of(recipe, 0, rank));
        break;
    case OWI_RECIPE_IDENTITY:
    case OWI_RECIPE_DIRAC:
    case OWI_RECIPE_BILINEAR:
        made.kind = OWI_EXPECT_PATTERN;
        made.mean = made.std = NAN;
        break;
    }
    return made;
}
