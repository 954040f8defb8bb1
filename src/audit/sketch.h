// sketch.h: what numbers look like, in one pass and constant memory: moments, range, and counts in
// bins that are 1/32 of a power of two wide. The bins need no range beforehand and are fine enough
// for a distribution test and for a picture.
#ifndef OWI_AUDIT_SKETCH_H
#define OWI_AUDIT_SKETCH_H

#include "base/dtype.h"

enum {
    OWI_SKETCH_FRACTION = 5, // bits of the mantissa that tell bins apart
    OWI_SKETCH_SHIFT = 23 - OWI_SKETCH_FRACTION,
    OWI_SKETCH_HALF = 1 << (8 + OWI_SKETCH_FRACTION), // bins of one sign
    OWI_SKETCH_BINS = 2 * OWI_SKETCH_HALF,
    OWI_SKETCH_BLOCK = 1024 // values that are taken at once
};

typedef struct owi_sketch {
    uint64_t count; // of finite values; so are all the rest
    uint64_t zeros, nonfinite;
    double mean, m2, m3, m4; // sums of powers of the distance from the mean
    double min, max;
    // Bin b < OWI_SKETCH_HALF holds the values of at least owi_sketch_edge(b) and less than the
    // next edge; bin OWI_SKETCH_HALF + b their negatives.
    uint64_t bins[OWI_SKETCH_BINS];
} owi_sketch;

void owi_sketch_reset(owi_sketch *sketch);

// Takes `count` little-endian numbers of a trainable type.
void owi_sketch_add(owi_sketch *sketch, owi_dtype dtype, const uint8_t *bytes, size_t count);

void owi_sketch_merge(owi_sketch *sketch, const owi_sketch *other);

// The smallest magnitude of bin b, for 0 <= b <= OWI_SKETCH_HALF; infinite at the end.
double owi_sketch_edge(unsigned bin);

double owi_sketch_std(const owi_sketch *sketch);

// Decodes up to OWI_SKETCH_BLOCK numbers.
void owi_decode(owi_dtype dtype, const uint8_t *bytes, size_t count, double *values);

#endif
