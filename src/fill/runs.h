// runs.h: the box of a recipe inside its tensor, as runs of elements that lie end to end.
#ifndef OWI_FILL_RUNS_H
#define OWI_FILL_RUNS_H

#include "fill/fill.h"

// Elements of the box are numbered in row-major order of their own: element b stands b % length
// after the start of run b / length.
typedef struct owi_runs {
    const int64_t *shape, *offset, *extent;
    size_t axis;     // runs go along this axis and all behind it
    uint64_t stride; // elements of the tensor for one step along this axis
    uint64_t length; // elements of a run
    uint64_t count;  // 0 for an empty box
} owi_runs;

owi_runs owi_runs_of(const owi_filler *filler, const owi_recipe *recipe);

// The element of the tensor at which a run starts; rises with the run.
uint64_t owi_runs_start(const owi_runs *runs, uint64_t run);

// The first run that ends behind this element of the tensor; `count` when none does.
uint64_t owi_runs_seek(const owi_runs *runs, uint64_t element);

// The product of the box's extents of axes [first, last).
uint64_t owi_box_extent(const owi_recipe *recipe, size_t first, size_t last);

// Rows and columns of the box as a matrix; a scalar is 1 x 1.
uint64_t owi_box_rows(const owi_recipe *recipe, size_t rank);
uint64_t owi_box_columns(const owi_recipe *recipe, size_t rank);

#endif
