#include "base/dtype.h"

typedef enum kind { KIND_FLOAT, KIND_INTEGER, KIND_OTHER, KIND_PACKED, KIND_TEXT } kind;

static const struct {
    const char *name;
    uint8_t bits;
    uint8_t kind;
} dtypes[] = {
#define DTYPE(id, number, name, bits, kind) [number] = {name, bits, KIND_##kind},
#include "tables/dtypes.def"
#undef DTYPE
};

enum { DTYPE_COUNT = sizeof dtypes / sizeof *dtypes };

bool owi_dtype_known(int64_t number) {
    return number > 0 && number < DTYPE_COUNT;
}

const char *owi_dtype_name(owi_dtype dtype) {
    return dtypes[owi_dtype_known(dtype) ? dtype : OWI_DTYPE_UNDEFINED].name;
}

bool owi_dtype_trainable(owi_dtype dtype) {
    return owi_dtype_known(dtype) && dtypes[dtype].kind == KIND_FLOAT;
}

bool owi_dtype_integer(owi_dtype dtype) {
    return owi_dtype_known(dtype) && dtypes[dtype].kind == KIND_INTEGER;
}

size_t owi_dtype_size(owi_dtype dtype) {
    return owi_dtype_known(dtype) ? dtypes[dtype].bits / 8 : 0;
}

bool owi_dtype_bytes(owi_dtype dtype, uint64_t elements, uint64_t *bytes) {
    if (!owi_dtype_known(dtype) || dtypes[dtype].kind == KIND_TEXT) {
        return false;
    }
    // Eight elements take `bits` whole bytes, whatever their width.
    uint64_t bits = dtypes[dtype].bits, rest = (elements % 8 * bits + 7) / 8;
    return !__builtin_mul_overflow(elements / 8, bits, bytes) &&
           !__builtin_add_overflow(*bytes, rest, bytes);
}
