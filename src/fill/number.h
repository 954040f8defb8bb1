// number.h: the four float formats as bytes in a file, little-endian on every host.
#ifndef OWI_FILL_NUMBER_H
#define OWI_FILL_NUMBER_H

#include "base/dtype.h"
#include "fill/kernels.h"

// Writes values as numbers of the type: `values` are double for float64, else float, and the
// 16-bit formats are rounded once, to nearest even. `bytes` need not be aligned, and may be
// `values` itself for float32 and float64.
void owi_number_store(const owi_kernels *kernels, owi_dtype dtype, const void *values, size_t count,
                      uint8_t *bytes);

// Writes one value `count` times.
void owi_number_repeat(const owi_kernels *kernels, owi_dtype dtype, double value, uint64_t count,
                       uint8_t *bytes);

// The smallest and largest numbers of the type strictly between low and high; where there are
// none, both are the number nearest to low.
void owi_number_between(const owi_kernels *kernels, owi_dtype dtype, double low, double high,
                        double *least, double *greatest);

#endif
