#include "law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double ROOT_HALF = 0.70710678118654752440;

// Where the values of a standard form end.
static double bound_of(owi_recipe_kind kind) {
    return kind == OWI_RECIPE_TRUNCATED ? 2
           : kind == OWI_RECIPE_BOUNDED ? LAW_BOUND
           : kind == OWI_RECIPE_UNIFORM ? 1
                                        : INFINITY;
}

double law_distribution(owi_recipe_kind kind, double x) {
    if (kind == OWI_RECIPE_NORMAL) {
        return erfc(-x * ROOT_HALF) / 2;
    }
    const double f = kind == OWI_RECIPE_UNIFORM
                         ? (x + 1) / 2
                         : erf(x * ROOT_HALF) / erf(bound_of(kind) * ROOT_HALF) / 2 + 0.5;
    return f < 0 ? 0 : f > 1 ? 1 : f;
}

static double value_of_bits(owi_dtype dtype, unsigned bits) {
    const int digits = dtype == OWI_DTYPE_FLOAT16 ? 10 : 7;
    const int bias = dtype == OWI_DTYPE_FLOAT16 ? 15 : 127;
    const int exponent = (int)(bits & 0x7fff) >> digits, rest = (int)bits & ((1 << digits) - 1);
    const double size = exponent ? ldexp((1 << digits) + rest, exponent - bias - digits)
                                 : ldexp(rest, 1 - bias - digits);
    return bits & 0x8000 ? -size : size; // what stands for infinities is above all else
}

size_t law_cell_of_bits(unsigned bits) {
    return bits & 0x8000 ? 0x8000 - (bits & 0x7fff) : 0x8000 + bits;
}

static unsigned bits_of_cell(size_t cell) {
    return (unsigned)(cell < 0x8000 ? 0x8000 | (0x8000 - cell) : cell - 0x8000);
}

static void make_narrow_law(law *of) {
    const double bound = bound_of(of->kind);
    double before = 0;
    of->values = malloc(0x10000 * sizeof *of->values);
    for (unsigned bits = 0; bits < 0x10000; bits++) {
        of->values[bits] = value_of_bits(of->dtype, bits);
    }
    memset(of->moments, 0, sizeof of->moments);
    for (size_t cell = 1; cell < of->cells; cell++) {
        const double value = of->values[bits_of_cell(cell)];
        const double next = cell + 1 < of->cells ? of->values[bits_of_cell(cell + 1)] : INFINITY;
        // Bounds are never reached: the numbers next to them stand for all beyond.
        const double upto = next >= bound     ? 1
                            : value <= -bound ? 0
                                              : law_distribution(of->kind, (value + next) / 2);
        of->cumulative[cell] = upto;
        double power = upto - before;
        for (int k = 0; k <= LAW_MOMENTS && upto > before; k++, power *= value) {
            of->moments[k] += power;
        }
        before = upto;
    }
    of->cumulative[0] = 0;
}

static void make_wide_law(law *of) {
    const double bound = bound_of(of->kind), mass = erf(bound * ROOT_HALF);
    const double density = exp(-bound * bound / 2) / sqrt(2 * acos(-1));
    const bool cut = of->kind == OWI_RECIPE_TRUNCATED || of->kind == OWI_RECIPE_BOUNDED;
    for (int k = 0; k <= LAW_MOMENTS; k++) {
        of->moments[k] = of->kind == OWI_RECIPE_UNIFORM ? 1.0 / (k + 1)
                         : k < 2                        ? 1
                                                        : (k - 1) * of->moments[k - 2];
        if (k > 1 && cut) {
            of->moments[k] -= 2 * pow(bound, k - 1) * density / mass;
        }
    }
    for (int k = 1; k <= LAW_MOMENTS; k += 2) {
        of->moments[k] = 0;
    }
    for (size_t cell = 0; cell < of->cells; cell++) {
        of->cumulative[cell] = (double)(cell + 1) / (double)of->cells;
    }
}

law law_make(owi_recipe_kind kind, owi_dtype dtype) {
    const bool narrow = owi_dtype_size(dtype) == 2;
    law made = {.kind = kind, .dtype = dtype, .cells = narrow ? 0x10000 : LAW_CELLS};
    made.cumulative = malloc(made.cells * sizeof *made.cumulative);
    (narrow ? make_narrow_law : make_wide_law)(&made);
    return made;
}

void law_free(law *of) {
    free(of->values);
    free(of->cumulative);
}
