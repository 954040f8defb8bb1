#include "base/dtype.h"

typedef enum kind { KIND_FLOAT, KIND_INTEGER, KIND_OTHER, KIND_PACKED, KIND_TEXT } kind;

static const struct {
    const char *name;
    uint8_t bytes;
    uint8_t kind;
} dtypes[] = {
#define DTYPE(id, number, name, bytes, kind) [number] = {name, bytes, KIND_##kind},
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

size_t owi_dtype_size(owi_dtype dtype) {
    return owi_dtype_known(dtype) ? dtypes[dtype].bytes : 0;
}

bool owi_dtype_bytes(owi_dtype dtype, uint64_t elements, uint64_t *bytes) {
    if (!owi_dtype_known(dtype) || dtypes[dtype].kind == KIND_TEXT) {
        return false;
    }
    if (dtypes[dtype].kind == KIND_PACKED) {
        uint64_t per_byte = dtype == OWI_DTYPE_UINT2 || dtype == OWI_DTYPE_INT2 ? 4 : 2;
        *bytes = elements / per_byte + (elements % per_byte != 0);
        return true;
    }
    return !__builtin_mul_overflow(elements, (uint64_t)dtypes[dtype].bytes, bytes);
}
