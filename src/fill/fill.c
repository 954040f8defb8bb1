#include "fill/fill.h"

#include "base/pool.h"
#include "fill/cpu.h"
#include "fill/number.h"
#include "fill/orthogonal.h"
#include "fill/pattern.h"
#include "fill/runs.h"
#include "fill/sampler.h"
#include "fill/slice_norm.h"

#include <stdatomic.h>

static bool is_orthogonal(const owi_recipe *recipe) {
    return recipe->kind == OWI_RECIPE_ORTHOGONAL || recipe->kind == OWI_RECIPE_DELTA_ORTHOGONAL;
}

bool owi_fill_is_whole(const owi_filler *filler) {
    for (size_t i = 0; i < filler->recipe_count; i++) {
        if (is_orthogonal(&filler->recipes[i])) {
            return true;
        }
    }
    return false;
}

// A recipe at work on its box.
typedef struct work {
    const owi_kernels *kernels;
    const owi_filler *filler;
    const owi_recipe *recipe;
    owi_law law;
} work;

// Each of the small filters that the box holds `c` times over is drawn once (Aitken et al.,
// "Checkerboard artifact free sub-pixel convolution", 2017).
static void fill_icnr(const work *on, uint64_t first, uint64_t count, uint8_t *bytes) {
    const owi_stream stream = {on->filler->key, (uint64_t)on->recipe->stream + 1};
    const uint64_t columns = owi_box_columns(on->recipe, on->filler->rank);
    const uint64_t repeats = on->recipe->c > 1 ? (uint64_t)on->recipe->c : 1;
    const size_t size = owi_dtype_size(on->filler->dtype);
    for (uint64_t done = 0, part; done < count; done += part) {
        const uint64_t row = (first + done) / columns, column = (first + done) % columns;
        part = columns - column < count - done ? columns - column : count - done;
        owi_sample(on->kernels, stream, &on->law, on->filler->dtype,
                   row / repeats * columns + column, part, bytes + done * size);
    }
}

// Elements that lie end to end: from `element` on in the tensor, from `in_box` on in the box.
static void fill_run(const work *on, uint64_t element, uint64_t in_box, uint64_t count,
                     uint8_t *bytes) {
    switch (on->recipe->kind) {
    case OWI_RECIPE_CONSTANT:
        owi_number_repeat(on->kernels, on->filler->dtype, on->recipe->a, count, bytes);
        break;
    case OWI_RECIPE_NORMAL:
    case OWI_RECIPE_TRUNCATED:
    case OWI_RECIPE_BOUNDED:
    case OWI_RECIPE_UNIFORM:
        owi_sample(on->kernels, (owi_stream){on->filler->key, 0}, &on->law, on->filler->dtype,
                   element, count, bytes);
        break;
    case OWI_RECIPE_ICNR: fill_icnr(on, in_box, count, bytes); break;
    case OWI_RECIPE_ORTHOGONAL: break; // every element is written by owi_orthogonal
    case OWI_RECIPE_DELTA_ORTHOGONAL:
    case OWI_RECIPE_IDENTITY:
    case OWI_RECIPE_DIRAC:
    case OWI_RECIPE_BILINEAR:
        owi_pattern(on->kernels, on->filler, on->recipe, in_box, count, bytes);
        break;
    case OWI_RECIPE_SLICE_NORM:
        owi_slice_norms(on->kernels, on->recipe, on->filler->dtype, in_box, count, bytes);
        break;
    }
}

static void fill_box(const work *on, uint64_t first, uint64_t count, uint8_t *bytes) {
    const owi_runs runs = owi_runs_of(on->filler, on->recipe);
    const size_t size = owi_dtype_size(on->filler->dtype);
    for (uint64_t run = owi_runs_seek(&runs, first); run < runs.count; run++) {
        const uint64_t start = owi_runs_start(&runs, run);
        if (start >= first + count) {
            break;
        }
        const uint64_t skip = start < first ? first - start : 0;
        const uint64_t from = start + skip, left = first + count - from;
        const uint64_t part = runs.length - skip < left ? runs.length - skip : left;
        fill_run(on, from, run * runs.length + skip, part, bytes + (from - first) * size);
    }
}

void owi_fill_range(const owi_filler *filler, uint64_t first, uint64_t count, void *bytes) {
    const owi_kernels *kernels = owi_cpu_kernels();
    for (size_t i = 0; i < filler->recipe_count; i++) {
        const owi_recipe *recipe = &filler->recipes[i];
        const work on = {kernels, filler, recipe, owi_law_of(kernels, recipe, filler->dtype)};
        fill_box(&on, first, count, bytes);
    }
}

// All but the orthogonal boxes, shared out in pieces.
typedef struct sharing {
    const owi_filler *filler;
    uint8_t *bytes;
    _Atomic uint64_t next;
} sharing;

enum { PIECE = 1 << 18 };

static void fill_pieces(void *context) {
    sharing *share = context;
    const size_t size = owi_dtype_size(share->filler->dtype);
    const uint64_t elements = share->filler->elements;
    for (uint64_t first; (first = atomic_fetch_add(&share->next, PIECE)) < elements;) {
        const uint64_t count = elements - first < PIECE ? elements - first : PIECE;
        owi_fill_range(share->filler, first, count, share->bytes + first * size);
    }
}

owi_status owi_fill_whole(const owi_filler *filler, unsigned threads, void *bytes,
                          owi_error *error) {
    sharing share = {.filler = filler, .bytes = bytes};
    const uint64_t pieces = (filler->elements + PIECE - 1) / PIECE;
    owi_parallel(threads < pieces ? threads : (unsigned)pieces, fill_pieces, &share);
    for (size_t i = 0; i < filler->recipe_count; i++) {
        if (is_orthogonal(&filler->recipes[i])) {
            OWI_TRY(owi_orthogonal(owi_cpu_kernels(), filler, &filler->recipes[i], threads, bytes,
                                   error));
        }
    }
    return OWI_OK;
}
