#include "fill/runs.h"

owi_runs owi_runs_of(const owi_filler *filler, const owi_recipe *recipe) {
    owi_runs runs = {filler->shape, recipe->offset, recipe->extent, 0, 1, 1, 1};
    if (filler->rank == 0) {
        runs.offset = NULL;
        return runs;
    }
    size_t axis = filler->rank - 1;
    while (axis > 0 && runs.extent[axis] == runs.shape[axis]) {
        runs.stride *= (uint64_t)runs.shape[axis--];
    }
    runs.axis = axis;
    runs.length = (uint64_t)runs.extent[axis] * runs.stride;
    runs.count = runs.length == 0 ? 0 : owi_box_extent(recipe, 0, axis);
    return runs;
}

uint64_t owi_runs_start(const owi_runs *runs, uint64_t run) {
    if (!runs->offset) {
        return 0; // a scalar
    }
    uint64_t stride = runs->stride, start = (uint64_t)runs->offset[runs->axis] * stride;
    for (size_t axis = runs->axis; axis-- > 0;) {
        const uint64_t extent = (uint64_t)runs->extent[axis];
        stride *= (uint64_t)runs->shape[axis + 1];
        start += ((uint64_t)runs->offset[axis] + run % extent) * stride;
        run /= extent;
    }
    return start;
}

uint64_t owi_runs_seek(const owi_runs *runs, uint64_t element) {
    uint64_t low = 0, high = runs->count;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (owi_runs_start(runs, middle) + runs->length > element) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

uint64_t owi_box_extent(const owi_recipe *recipe, size_t first, size_t last) {
    uint64_t product = 1;
    for (size_t axis = first; axis < last; axis++) {
        product *= (uint64_t)recipe->extent[axis];
    }
    return product;
}

uint64_t owi_box_rows(const owi_recipe *recipe, size_t rank) {
    return owi_box_extent(recipe, 0, recipe->row_axes < rank ? recipe->row_axes : rank);
}

uint64_t owi_box_columns(const owi_recipe *recipe, size_t rank) {
    return owi_box_extent(recipe, recipe->row_axes, rank);
}
