// recipes.c: from a decision to what the sampler needs.
#include "plan/rows.h"

owi_recipe owi_recipe_make(const owi_decision *made, const owi_box *box, uint32_t stream) {
    owi_recipe recipe = {.offset = box->offset,
                         .extent = box->extent,
                         .row_axes = made->row_axes,
                         .groups = made->groups,
                         .stream = stream};
    switch (made->distribution) {
    case OWI_DISTRIBUTION_KEEP:
    case OWI_DISTRIBUTION_CONSTANT:
        recipe.kind = OWI_RECIPE_CONSTANT;
        recipe.a = made->value;
        break;
    case OWI_DISTRIBUTION_UNIFORM:
        recipe.kind = OWI_RECIPE_UNIFORM;
        recipe.a = made->low;
        recipe.b = made->high;
        break;
    case OWI_DISTRIBUTION_NORMAL:
    case OWI_DISTRIBUTION_TRUNCATED:
    case OWI_DISTRIBUTION_ICNR:
        recipe.kind = made->distribution == OWI_DISTRIBUTION_NORMAL      ? OWI_RECIPE_NORMAL
                      : made->distribution == OWI_DISTRIBUTION_TRUNCATED ? OWI_RECIPE_TRUNCATED
                                                                         : OWI_RECIPE_ICNR;
        recipe.a = made->mean;
        recipe.b = made->std;
        recipe.c = (double)made->repeats;
        break;
    case OWI_DISTRIBUTION_BOUNDED:
        recipe.kind = OWI_RECIPE_BOUNDED;
        recipe.a = made->bounded.mean;
        recipe.b = made->bounded.std;
        recipe.c = made->bounded.low;
        recipe.d = made->bounded.high;
        break;
    case OWI_DISTRIBUTION_ORTHOGONAL:
    case OWI_DISTRIBUTION_DELTA_ORTHOGONAL:
        recipe.kind = made->distribution == OWI_DISTRIBUTION_ORTHOGONAL
                          ? OWI_RECIPE_ORTHOGONAL
                          : OWI_RECIPE_DELTA_ORTHOGONAL;
        recipe.b = made->gain;
        break;
    case OWI_DISTRIBUTION_IDENTITY:
    case OWI_DISTRIBUTION_DIRAC:
        recipe.kind = made->distribution == OWI_DISTRIBUTION_IDENTITY ? OWI_RECIPE_IDENTITY
                                                                      : OWI_RECIPE_DIRAC;
        recipe.b = made->gain;
        break;
    case OWI_DISTRIBUTION_SLICE_NORM: recipe.kind = OWI_RECIPE_SLICE_NORM; break;
    case OWI_DISTRIBUTION_BILINEAR: recipe.kind = OWI_RECIPE_BILINEAR; break;
    }
    return recipe;
}
