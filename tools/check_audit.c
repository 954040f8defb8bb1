// check_audit.c: the false alarms of the audit, measured. For each scheme that it can name, fresh
// tensors in all types and many shapes: how often is the scheme among those that fit (1 in 1000 may
// be missed), and how often would the plan's own test call the tensor odd. Exit code 1 when a
// scheme is named in fewer than 99 of 100.
#include "audit/fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TENSORS = 1000, MOST_ELEMENTS = 1 << 20 };

static const int64_t shapes[][2] = {{64, 20}, {7, 5}, {256, 256}, {1000, 32}, {33, 700}, {16, 27}};
static const owi_dtype dtypes[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                   OWI_DTYPE_BFLOAT16};

enum { SHAPES = sizeof shapes / sizeof *shapes, DTYPES = sizeof dtypes / sizeof *dtypes };

typedef struct memory {
    owi_sketch sketch;
    uint8_t bytes[MOST_ELEMENTS * 8], pattern[MOST_ELEMENTS * 8];
    double values[MOST_ELEMENTS], matrix[MOST_ELEMENTS];
} memory;

static owi_recipe recipe_of(size_t candidate, const owi_expected *expected) {
    owi_recipe recipe = {.a = expected->mean, .b = expected->std, .row_axes = 1, .groups = 1};
    const double reach = sqrt(3) * expected->std;
    switch (expected->kind) {
    case OWI_EXPECT_CONSTANT: recipe.kind = OWI_RECIPE_CONSTANT; break;
    case OWI_EXPECT_NORMAL: recipe.kind = OWI_RECIPE_NORMAL; break;
    case OWI_EXPECT_TRUNCATED: recipe.kind = OWI_RECIPE_TRUNCATED; break;
    case OWI_EXPECT_UNIFORM:
        recipe.kind = OWI_RECIPE_UNIFORM;
        recipe.a = expected->mean - reach;
        recipe.b = expected->mean + reach;
        break;
    case OWI_EXPECT_ORTHOGONAL: recipe.kind = OWI_RECIPE_ORTHOGONAL; break;
    default:
        recipe.kind =
            strcmp(owi_fit_name(candidate), "dirac") == 0 ? OWI_RECIPE_DIRAC : OWI_RECIPE_IDENTITY;
    }
    return recipe;
}

static bool make(const owi_filler *filler, uint8_t *bytes) {
    if (owi_fill_is_whole(filler)) {
        return owi_fill_whole(filler, 1, bytes, NULL) == OWI_OK;
    }
    owi_fill_range(filler, 0, filler->elements, bytes);
    return true;
}

static bool is_pattern(memory *with, owi_filler filler, owi_recipe_kind kind) {
    owi_recipe recipe = filler.recipes[0];
    recipe.kind = kind;
    recipe.b = 1;
    filler.recipes = &recipe;
    return make(&filler, with->pattern) &&
           memcmp(with->bytes, with->pattern, filler.elements * owi_dtype_size(filler.dtype)) == 0;
}

typedef struct tally {
    size_t named, odd, lists;
} tally;

static void take_one(memory *with, size_t candidate, owi_key key, tally *count) {
    static const int64_t origin[2] = {0, 0};
    const int64_t *shape = shapes[key % SHAPES];
    const double in = (double)shape[1], out = (double)shape[0];
    owi_expected expected = owi_fit_candidate(candidate, in, out);
    owi_recipe recipe = recipe_of(candidate, &expected);
    recipe.offset = origin;
    recipe.extent = shape;
    owi_filler filler = {.key = key * 977 + candidate,
                         .dtype = dtypes[key / SHAPES % DTYPES],
                         .rank = 2,
                         .shape = shape,
                         .elements = (uint64_t)(shape[0] * shape[1]),
                         .recipes = &recipe,
                         .recipe_count = 1};
    owi_matrix matrix;
    owi_sample sample = {&with->sketch, &matrix, filler.dtype, true};
    make(&filler, with->bytes);
    owi_sketch_reset(&with->sketch);
    owi_sketch_add(&with->sketch, filler.dtype, with->bytes, filler.elements);
    const size_t size = owi_dtype_size(filler.dtype);
    for (size_t i = 0; i < filler.elements; i += OWI_SKETCH_BLOCK) {
        size_t left = filler.elements - i, part = left < OWI_SKETCH_BLOCK ? left : OWI_SKETCH_BLOCK;
        owi_decode(filler.dtype, with->bytes + i * size, part, with->values + i);
    }
    owi_matrix_start(&matrix, (uint64_t)shape[0], (uint64_t)shape[1], with->matrix);
    owi_matrix_add(&matrix, with->values, filler.elements);
    const bool diagonal = is_pattern(with, filler, OWI_RECIPE_IDENTITY);
    owi_fit_question question = {&sample, in, out, diagonal,
                                 diagonal}; // the same in two dimensions
    uint64_t fits = owi_fit(&question);
    count->named += fits >> candidate & 1;
    count->odd += owi_expected_test(&expected, &sample).probability < 1e-2;
    for (; fits; fits &= fits - 1) {
        count->lists++;
    }
}

int main(void) {
    memory *with = malloc(sizeof *with);
    size_t missed = 0;
    if (!with) {
        return 5;
    }
    printf("%-36s %8s %10s %8s\n", "SCHEME", "NAMED", "p < 0.01", "LISTED");
    for (size_t candidate = 0; candidate < owi_fit_count(); candidate++) {
        tally count = {0, 0, 0};
        for (owi_key key = 0; key < TENSORS; key++) {
            take_one(with, candidate, key, &count);
        }
        printf("%-36s %7.1f%% %9.1f%% %8.2f\n", owi_fit_name(candidate),
               100.0 * (double)count.named / TENSORS, 100.0 * (double)count.odd / TENSORS,
               (double)count.lists / TENSORS);
        missed += count.named < TENSORS - TENSORS / 100;
    }
    free(with);
    return missed ? 1 : 0;
}
