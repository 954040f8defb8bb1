// kernels.h: the inner loops of the sampler, compiled once for each CPU level from the same text.
// All levels make the same bits; see kernels_build.h for what that takes.
#ifndef OWI_FILL_KERNELS_H
#define OWI_FILL_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The generator's unit: 8 Philox blocks of 4 words. Word w of half h of block l stands at
// 16 h + 2 l + w (h, w in {0, 1}), so that vectors of any width store runs.
enum { OWI_SUPERBLOCK = 32 };

// How many words one pass makes: they and their values stay in the first-level cache.
enum { OWI_BLOCK = 2048 };

typedef enum owi_shape {
    OWI_SHAPE_NORMAL,
    OWI_SHAPE_TRUNCATED,
    OWI_SHAPE_UNIFORM,
    OWI_SHAPE_BOUNDED,
    OWI_SHAPE_COUNT
} owi_shape;

// A distribution: x * scale + shift with x from the standard one of the shape (normal; normal
// within +-2; uniform within +-1; normal of which the shares `below` and `above` are cut off and
// `between` is left). All but the normal are then held within [low, high].
typedef struct owi_law {
    owi_shape shape;
    double scale, shift, low, high;
    double below, above, between;
} owi_law;

// Turns superblocks of words into values, 32 float or 16 double each, at any address.
typedef void owi_transform(const uint32_t *words, size_t superblocks, const owi_law *law,
                           void *values);

// Rounds to the nearest 16-bit numbers, ties to even, at any address.
typedef void owi_rounding(const float *values, size_t count, void *rounded);

// Matrices are stored row by row without gaps, padded with zeros: `reflectors` and `width` are
// multiples of 16, `rows` is one of 4.
enum { OWI_COLUMN_STEP = 16, OWI_ROW_STEP = 4 };

// Reflectors of a block, at most: part of the result.
enum { OWI_REFLECTORS = 64 };

typedef struct owi_kernels {
    // Superblocks [first, first + count) of the stream. Counter words 0-1 are the block's number,
    // 2-3 are `tag`, low half first.
    void (*words)(uint64_t key, uint64_t tag, uint64_t first, size_t count, uint32_t *words);
    owi_transform *to_float[OWI_SHAPE_COUNT], *to_double[OWI_SHAPE_COUNT];
    owi_rounding *to_float16, *to_bfloat16;
    // w += v' c: v is rows x reflectors, c is rows x width, w is reflectors x width.
    void (*product_float)(const float *v, size_t reflectors, const float *c, size_t width,
                          size_t rows, float *w);
    void (*product_double)(const double *v, size_t reflectors, const double *c, size_t width,
                           size_t rows, double *w);
    // Replaces y, reflectors x width, by t^-1 y; t is upper triangular, with the reciprocals of its
    // diagonal on the diagonal. In double, whatever y is.
    void (*solve_float)(const double *t, size_t reflectors, float *y, size_t width);
    void (*solve_double)(const double *t, size_t reflectors, double *y, size_t width);
    // c -= v y: y is reflectors x width.
    void (*update_float)(const float *v, size_t reflectors, const float *y, size_t width,
                         size_t rows, float *c);
    void (*update_double)(const double *v, size_t reflectors, const double *y, size_t width,
                          size_t rows, double *c);
} owi_kernels;

extern const owi_kernels owi_kernels_baseline, owi_kernels_avx2, owi_kernels_avx512;

#endif
