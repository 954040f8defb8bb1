// Stewart, "The efficient generation of random orthogonal matrices", SIAM J. Numer. Anal. 17
// (1980): Q = H1 H2 ... Hn D, where Hj reflects a random normal vector of the last m - j + 1
// coordinates onto the first of them, and D holds signs. That is the Q of the QR decomposition of
// a random normal matrix with a positive diagonal in R, so it is exactly Haar, for half the work.
//
// 64 reflectors at a time make a block I - V T V', 1/T being the upper triangle of V'V with half
// its diagonal (Puglisi 1992). Each strip of 64 columns of Q starts as the identity's and receives
// the blocks from its own back to the first, independently of other strips. So threads share out
// first the blocks and then the strips, and how many there are cannot change a bit.
#include "fill/orthogonal.h"

#include "base/pool.h"
#include "fill/number.h"
#include "fill/pattern.h"
#include "fill/runs.h"
#include "fill/sampler.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PANEL = OWI_REFLECTORS }; // reflectors of a block, columns of a strip

// What is to be made, and where it goes.
typedef struct target {
    const owi_kernels *kernels;
    const owi_filler *filler;
    owi_runs runs;
    uint64_t rows, columns; // of the matrix in the tensor
    uint64_t taps, centre;  // elements between neighbours in a row, and the first one's place
    owi_stream stream;
    double gain;
    uint8_t *bytes;
} target;

// Writes `count` elements of row `row` from `column` on; values are float, or double for float64.
static void put(const target *to, uint64_t row, uint64_t column, size_t count, const void *values) {
    const size_t size = owi_dtype_size(to->filler->dtype);
    const size_t step = to->filler->dtype == OWI_DTYPE_DOUBLE ? sizeof(double) : sizeof(float);
    const owi_runs *runs = &to->runs;
    for (size_t done = 0, part; done < count; done += part) {
        const uint64_t at = (row * to->columns + column + done) * to->taps + to->centre;
        const uint64_t in_run = at % runs->length;
        const uint64_t room = to->taps == 1 ? runs->length - in_run : 1;
        part = count - done < room ? count - done : (size_t)room;
        const uint64_t element = owi_runs_start(runs, at / runs->length) + in_run;
        owi_number_store(to->kernels, to->filler->dtype, (const uint8_t *)values + done * step,
                         part, to->bytes + element * size);
    }
}

static size_t rounded_up(size_t value, size_t step) {
    return (value + step - 1) / step * step;
}

#define REAL        float
#define TYPED(name) name##_float
#include "fill/orthogonal_typed.h"
#undef REAL
#undef TYPED
#define REAL        double
#define TYPED(name) name##_double
#include "fill/orthogonal_typed.h"
#undef REAL
#undef TYPED

owi_status owi_orthogonal(const owi_kernels *kernels, const owi_filler *filler,
                          const owi_recipe *recipe, unsigned threads, uint8_t *bytes,
                          owi_error *error) {
    const size_t rank = filler->rank;
    const bool delta = recipe->kind == OWI_RECIPE_DELTA_ORTHOGONAL;
    const size_t matrix_axes = delta && rank > 2 ? 2 : rank; // the rest are taps
    const target to = {
        .kernels = kernels,
        .filler = filler,
        .runs = owi_runs_of(filler, recipe),
        .rows = matrix_axes < rank ? (uint64_t)recipe->extent[0] : owi_box_rows(recipe, rank),
        .columns = matrix_axes < rank ? (uint64_t)recipe->extent[1] : owi_box_columns(recipe, rank),
        .taps = owi_box_extent(recipe, matrix_axes, rank),
        .centre = delta ? owi_centre_tap(recipe, rank) : 0,
        .stream = {filler->key, (uint64_t)recipe->stream + 1},
        .gain = recipe->b,
        .bytes = bytes,
    };
    if (to.runs.count == 0) {
        return OWI_OK;
    }
    return filler->dtype == OWI_DTYPE_DOUBLE ? make_double(&to, threads, error)
                                             : make_float(&to, threads, error);
}
