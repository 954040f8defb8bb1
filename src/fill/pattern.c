#include "fill/pattern.h"

#include "fill/number.h"
#include "fill/runs.h"

#include <string.h>

uint64_t owi_centre_tap(const owi_recipe *recipe, size_t rank) {
    uint64_t tap = 0;
    for (size_t axis = 2; axis < rank; axis++) {
        const uint64_t extent = (uint64_t)recipe->extent[axis];
        tap = tap * extent + extent / 2;
    }
    return tap;
}

// A matrix with at most one element that is not zero in each row: in row r it stands in column
// (r % period) * step + place, if r % period is below `filled`.
typedef struct diagonal {
    uint64_t row, period, filled, step, place;
} diagonal;

static diagonal identity_of(const owi_recipe *recipe, size_t rank) {
    const uint64_t columns = owi_box_columns(recipe, rank);
    return (diagonal){columns, owi_box_rows(recipe, rank), columns, 1, 0};
}

// Output channel m of a group passes its input channel m on.
static diagonal dirac_of(const owi_recipe *recipe, size_t rank) {
    const uint64_t rows = rank > 0 ? (uint64_t)recipe->extent[0] : 1;
    const uint64_t channels = rank > 1 ? (uint64_t)recipe->extent[1] : 1;
    const uint64_t taps = owi_box_extent(recipe, 2, rank);
    const uint64_t period = recipe->groups > 1 ? rows / recipe->groups : rows;
    return (diagonal){channels * taps, period ? period : 1, channels, taps,
                      owi_centre_tap(recipe, rank)};
}

static void fill_diagonal(const owi_kernels *kernels, owi_dtype dtype, diagonal shape, double gain,
                          uint64_t first, uint64_t count, uint8_t *bytes) {
    const size_t size = owi_dtype_size(dtype);
    memset(bytes, 0, (size_t)count * size);
    for (uint64_t row = first / shape.row; row * shape.row < first + count; row++) {
        const uint64_t in_period = row % shape.period;
        const uint64_t at = row * shape.row + in_period * shape.step + shape.place;
        if (in_period < shape.filled && at >= first && at < first + count) {
            owi_number_repeat(kernels, dtype, gain, 1, bytes + (at - first) * size);
        }
    }
}

// The tent over an axis of `extent` taps that upsamples linearly by half as much (Long, Shelhamer,
// Darrell, "Fully convolutional networks", 2015).
static double tent(uint64_t extent, uint64_t tap) {
    const uint64_t half = (extent + 1) / 2, odd = half % 2;
    const double factor = (double)half;
    const double centre = (2 * factor - 1 - (double)odd) / (2 * factor);
    const double distance = (double)tap / factor - centre;
    return 1 - (distance < 0 ? -distance : distance);
}

// Channel m goes to output m of its group, through the tents of all trailing axes.
static void fill_bilinear(const owi_kernels *kernels, const owi_filler *filler,
                          const owi_recipe *recipe, uint64_t first, uint64_t count,
                          uint8_t *bytes) {
    const size_t size = owi_dtype_size(filler->dtype);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t rest = first + i;
        double value = 1;
        for (size_t axis = filler->rank; axis-- > 2;) {
            const uint64_t extent = (uint64_t)recipe->extent[axis];
            value *= tent(extent, rest % extent);
            rest /= extent;
        }
        if (filler->rank > 1) {
            const uint64_t outputs = (uint64_t)recipe->extent[1];
            value = rest / outputs % outputs == rest % outputs ? value : 0;
        }
        owi_number_repeat(kernels, filler->dtype, value, 1, bytes + i * size);
    }
}

void owi_pattern(const owi_kernels *kernels, const owi_filler *filler, const owi_recipe *recipe,
                 uint64_t first, uint64_t count, uint8_t *bytes) {
    switch (recipe->kind) {
    case OWI_RECIPE_IDENTITY:
        fill_diagonal(kernels, filler->dtype, identity_of(recipe, filler->rank), recipe->b, first,
                      count, bytes);
        break;
    case OWI_RECIPE_DIRAC:
        fill_diagonal(kernels, filler->dtype, dirac_of(recipe, filler->rank), recipe->b, first,
                      count, bytes);
        break;
    case OWI_RECIPE_BILINEAR: fill_bilinear(kernels, filler, recipe, first, count, bytes); break;
    default: memset(bytes, 0, (size_t)count * owi_dtype_size(filler->dtype));
    }
}
