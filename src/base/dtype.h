// dtype.h: element types, numbered as in the ONNX standard.
#ifndef OWI_BASE_DTYPE_H
#define OWI_BASE_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum owi_dtype {
#define DTYPE(id, number, name, bits, kind) OWI_DTYPE_##id = number,
#include "tables/dtypes.def"
#undef DTYPE
} owi_dtype;

// Whether the standard has a type of this number.
bool owi_dtype_known(int64_t number);

// The name in reports; "undefined" for a number the standard does not have.
const char *owi_dtype_name(owi_dtype dtype);

// Whether tensors of this type are trained in practice: float32, float64, float16, bfloat16.
bool owi_dtype_trainable(owi_dtype dtype);

// Whether whole numbers of at least 8 bits, or booleans.
bool owi_dtype_integer(owi_dtype dtype);

// Bytes of one element; 0 for packed types and strings.
size_t owi_dtype_size(owi_dtype dtype);

// Bytes of raw_data for `elements` elements, packed types included. False for strings and on
// overflow.
bool owi_dtype_bytes(owi_dtype dtype, uint64_t elements, uint64_t *bytes);

#endif
