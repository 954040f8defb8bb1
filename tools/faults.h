// faults.h: generators with a fault, to see whether the tests of the sampler find it. The words are
// Philox's but for the fault; the distributions are the sampler's own.
#ifndef TOOLS_FAULTS_H
#define TOOLS_FAULTS_H

#include "fill/fill.h"

#include <stdbool.h>

typedef struct fault {
    const char *name;
    // Words [32 first, 32 (first + count)) of a stream. `second`: of the other one of a pair.
    void (*words)(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words);
} fault;

extern const fault faults[]; // the last has no name

// As owi_fill_range, for float32; `first` is a multiple of 32.
void fault_fill(const fault *of, const owi_filler *filler, bool second, uint64_t first,
                size_t count, float *values);

#endif
