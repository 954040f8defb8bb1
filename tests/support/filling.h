// filling.h: tensors to fill in tests, and their values read back.
#ifndef TESTS_SUPPORT_FILLING_H
#define TESTS_SUPPORT_FILLING_H

#include "fill/fill.h"

enum { FILLING_RANK = 6 };

// A tensor that one recipe covers whole.
typedef struct filling {
    int64_t shape[FILLING_RANK], offset[FILLING_RANK];
    owi_recipe recipe;
    owi_filler filler;
} filling;

// Sets up `it`; the shape ends at the first 0. Rows are the first axis. Pointers go into `it`.
void filling_make(filling *it, owi_recipe_kind kind, double a, double b, double c, owi_dtype dtype,
                  owi_key key, const int64_t *shape);

#define SHAPE(...)                                                                                 \
    (const int64_t[FILLING_RANK + 1]) {                                                            \
        __VA_ARGS__                                                                                \
    }

// The tensor's bytes, made in one go, from malloc.
uint8_t *filling_bytes(const owi_filler *filler, unsigned threads);

// The same as numbers, decoded here independently of the library.
double *filling_values(const owi_filler *filler, unsigned threads);

double filling_decode(owi_dtype dtype, const uint8_t *bytes);

// Calls the test once for each CPU level; a level that the machine lacks is skipped, loudly.
void filling_each_level(void (*test)(const char *level));

#endif
