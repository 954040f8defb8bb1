// law.h: what the sampler's numbers of each type should be: by libm, and rounded where the type is
// narrow.
#ifndef TOOLS_LAW_H
#define TOOLS_LAW_H

#include "fill/fill.h"

#define LAW_BOUND 1.5 // of the BOUNDED form

enum { LAW_MOMENTS = 12, LAW_CELLS = 1 << 20 };

// A standard form: NORMAL of variance 1, TRUNCATED and BOUNDED of variance 1 before they are cut at
// +-2 and +-LAW_BOUND, UNIFORM within +-1. All are symmetric.
//
// Values of 32 and 64 bits are as good as continuous: their cells are equally likely. The numbers
// of a 16-bit type are cells themselves, each of what is rounded to it.
typedef struct law {
    owi_recipe_kind kind;
    owi_dtype dtype;
    size_t cells;
    double *cumulative; // the probability of the cells up to this one
    double moments[LAW_MOMENTS + 1];
    double *values; // of a 16-bit type: by bit pattern; else NULL
} law;

law law_make(owi_recipe_kind kind, owi_dtype dtype);
void law_free(law *of);

// Of a standard form: the probability of values up to x.
double law_distribution(owi_recipe_kind kind, double x);

// Bit patterns of 16 bits in the order of their values; both zeros are one cell.
size_t law_cell_of_bits(unsigned bits);

#endif
