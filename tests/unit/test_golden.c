// The bits themselves: XXH3-64 of 100,000 elements of each scheme and type, pinned for ever. A seed
// that a user wrote down must make the same weights with every later version, on every machine.
#include "fill/fill.h"
#include "support/filling.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <cmocka.h>

typedef struct scheme {
    const char *name;
    owi_recipe_kind kind;
    double a, b, c, d;
    int64_t shape[FILLING_RANK + 1];
} scheme;

static const scheme schemes[] = {
    {"constant", OWI_RECIPE_CONSTANT, 0.1, 0, 0, 0, {1000, 100}},
    {"normal", OWI_RECIPE_NORMAL, 0.01, 0.02, 0, 0, {1000, 100}},
    {"truncated", OWI_RECIPE_TRUNCATED, 0.01, 0.02, 0, 0, {1000, 100}},
    {"uniform", OWI_RECIPE_UNIFORM, -0.1, 0.1, 0, 0, {1000, 100}},
    {"orthogonal-standing", OWI_RECIPE_ORTHOGONAL, 0, 1.5, 0, 0, {400, 250}},
    {"orthogonal-lying", OWI_RECIPE_ORTHOGONAL, 0, 1, 0, 0, {200, 500}},
    {"orthogonal-square", OWI_RECIPE_ORTHOGONAL, 0, 1, 0, 0, {317, 317}},
    {"delta-orthogonal", OWI_RECIPE_DELTA_ORTHOGONAL, 0, 1, 0, 0, {80, 50, 5, 5}},
    {"identity", OWI_RECIPE_IDENTITY, 0, 1, 0, 0, {400, 250}},
    {"dirac", OWI_RECIPE_DIRAC, 0, 1, 0, 0, {80, 50, 5, 5}},
    {"icnr", OWI_RECIPE_ICNR, 0, 0.02, 4, 0, {80, 50, 5, 5}},
    {"bilinear", OWI_RECIPE_BILINEAR, 0, 0, 0, 0, {80, 50, 5, 5}},
    {"bounded", OWI_RECIPE_BOUNDED, 0.01, 0.02, -0.02, 0.06, {1000, 100}},
    {"bounded-tail", OWI_RECIPE_BOUNDED, 0, 1, 9, INFINITY, {1000, 100}},
};

static const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                  OWI_DTYPE_BFLOAT16};

static uint64_t hash_of(const scheme *of, owi_dtype dtype) {
    filling it;
    filling_make(&it, of->kind, of->a, of->b, of->c, dtype, owi_key_make(0, "main", "golden"),
                 of->shape);
    it.recipe.d = of->d;
    uint8_t *bytes = filling_bytes(&it.filler, 2);
    const uint64_t hash = XXH3_64bits(bytes, (size_t)it.filler.elements * owi_dtype_size(dtype));
    free(bytes);
    return hash;
}

// Whether the file has the line "scheme dtype hash".
static bool pinned(const char *scheme_name, const char *dtype_name, uint64_t hash) {
    FILE *file = fopen("tests/kat/golden.txt", "r");
    assert_non_null(file);
    char line[256], name[64], type[64];
    uint64_t expected;
    bool found = false;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%63s %63s %" SCNx64, name, type, &expected) == 3 &&
            strcmp(name, scheme_name) == 0 && strcmp(type, dtype_name) == 0) {
            found = expected == hash;
        }
    }
    fclose(file);
    return found;
}

static void check_golden(const char *level) {
    int changed = 0;
    for (size_t s = 0; s < sizeof schemes / sizeof *schemes; s++) {
        for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
            const uint64_t hash = hash_of(&schemes[s], types[t]);
            if (!pinned(schemes[s].name, owi_dtype_name(types[t]), hash)) {
                print_message("%s: not pinned: %s %s %016" PRIx64 "\n", level, schemes[s].name,
                              owi_dtype_name(types[t]), hash);
                changed++;
            }
        }
    }
    assert_int_equal(changed, 0);
    print_message("%s: all bits as pinned\n", level);
}

static void test_golden(void **state) {
    (void)state;
    filling_each_level(check_golden);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_golden)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
