#include "fill/fill.h"
#include "fill/runs.h"

// Applying n reflectors of shrinking length to an m x n matrix (Stewart 1980).
static double reflections(double rows, double columns) {
    double m = rows > columns ? rows : columns, n = rows > columns ? columns : rows;
    return 2 * m * n * n - 2.0 / 3 * n * n * n;
}

static bool is_matrix(const owi_filler *filler, const owi_recipe *recipe) {
    return recipe->kind == OWI_RECIPE_ORTHOGONAL ||
           (recipe->kind == OWI_RECIPE_DELTA_ORTHOGONAL && filler->rank <= 2);
}

double owi_fill_work(const owi_filler *filler) {
    double work = 0;
    for (size_t i = 0; i < filler->recipe_count; i++) {
        const owi_recipe *recipe = &filler->recipes[i];
        if (is_matrix(filler, recipe)) {
            work += reflections((double)owi_box_rows(recipe, filler->rank),
                                (double)owi_box_columns(recipe, filler->rank));
        } else if (recipe->kind == OWI_RECIPE_DELTA_ORTHOGONAL) {
            work += reflections((double)recipe->extent[0], (double)recipe->extent[1]);
        }
    }
    return work;
}
