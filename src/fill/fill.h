// fill.h: numbers for a tensor. The value of an element depends on the tensor's key, its recipe and
// the element's index alone: any range of any tensor can be made at any time by any thread.
//
// The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC11), its key a hash of seed, scope
// path and tensor name. Only + - * / sqrt and bit operations are used, contraction is off, so the
// bits agree on every machine, compiler and optimisation level.
#ifndef OWI_FILL_FILL_H
#define OWI_FILL_FILL_H

#include "base/dtype.h"
#include "base/status.h"

#include <stdint.h>

typedef uint64_t owi_key;

// The stream of one tensor: XXH3-64 of the seed (8 bytes, little-endian), the scope path, a NUL and
// the name.
owi_key owi_key_make(uint64_t seed, const char *scope, const char *name);

typedef enum owi_recipe_kind {
    OWI_RECIPE_CONSTANT,         // a: the value
    OWI_RECIPE_NORMAL,           // a: mean, b: standard deviation
    OWI_RECIPE_TRUNCATED,        // a: mean, b: standard deviation *after* truncation at +-2 sigma
    OWI_RECIPE_UNIFORM,          // a: low, b: high
    OWI_RECIPE_ORTHOGONAL,       // b: gain
    OWI_RECIPE_DELTA_ORTHOGONAL, // b: gain; Q at the centre tap of the kernel, 0 elsewhere
    OWI_RECIPE_IDENTITY,         // b: gain; 1 on the diagonal of the rows x columns matrix
    OWI_RECIPE_DIRAC,            // b: gain; identity at the centre tap, per group
    OWI_RECIPE_ICNR,             // a: mean, b: std, c: upscale factor squared; rows repeat c times
    OWI_RECIPE_BILINEAR,         // upsampling kernel on axes 2 and up, from channel to same channel
    OWI_RECIPE_SLICE_NORM,       // element i: the norm of slice i of another tensor
    OWI_RECIPE_BOUNDED,          // a: mean, b: std *before* the cut, c: low, d: high
} owi_recipe_kind;

// How one box of a tensor is filled.
typedef struct owi_recipe {
    owi_recipe_kind kind;
    double a, b, c, d;
    const int64_t *offset; // the box: one offset and one extent for each axis of the tensor
    const int64_t *extent;
    unsigned row_axes; // the box is a matrix: the axes before this one are its rows, flattened,
                       // the rest its columns
    const struct owi_filler *source; // SLICE_NORM: the other tensor, sliced along its axis row_axes
    uint32_t groups;                 // DIRAC: groups of the convolution, at least 1
    uint32_t stream; // tells the boxes of one tensor apart (matrix kinds draw from their own)
} owi_recipe;

typedef struct owi_filler {
    owi_key key;
    owi_dtype dtype; // float32, float64, float16 or bfloat16
    size_t rank;
    const int64_t *shape;
    uint64_t elements;
    const owi_recipe *recipes; // boxes that cover the tensor without overlap
    size_t recipe_count;
} owi_filler;

// Whether the tensor must be made as a whole (it has an orthogonal box); else any range can be.
bool owi_fill_is_whole(const owi_filler *filler);

// Floating-point operations that making the tensor's orthogonal boxes takes, about.
double owi_fill_work(const owi_filler *filler);

// Makes elements [first, first + count), little-endian, at `bytes`, which holds
// count * owi_dtype_size. Thread-safe. Only for fillers that are not whole.
void owi_fill_range(const owi_filler *filler, uint64_t first, uint64_t count, void *bytes);

// Makes the whole tensor with up to `threads` threads; the bits do not depend on how many. Needs
// about the tensor's size in memory besides `bytes` (16-bit types count as float32), and for each
// thread 64 of its rows or columns; OWI_SYSTEM when there is not enough.
owi_status owi_fill_whole(const owi_filler *filler, unsigned threads, void *bytes,
                          owi_error *error);

#endif
