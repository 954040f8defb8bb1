#include "base/dtype.h"
#include "base/half.h"
#include "model/external.h"
#include "model/model.h"
#include "model/values.h"

#include <string.h>

uint64_t owi_tensor_elements(const Onnx__TensorProto *tensor) {
    uint64_t elements = 1;
    for (size_t i = 0; i < tensor->n_dims; i++) {
        elements *= (uint64_t)tensor->dims[i];
    }
    return elements;
}

static const owi_tensor_record *record_of(const owi_model *model, const Onnx__TensorProto *tensor) {
    const owi_record *record = owi_record_of(model, &tensor->base);
    return record ? record->tensor : NULL;
}

bool owi_tensor_has_data(const owi_model *model, const Onnx__TensorProto *tensor) {
    const owi_tensor_record *record = record_of(model, tensor);
    uint64_t elements = owi_tensor_elements(tensor), bytes;
    if (!record || elements == 0) {
        return record != NULL;
    }
    if (record->payload == OWI_PAYLOAD_EXTERNAL) {
        return owi_dtype_bytes((owi_dtype)tensor->data_type, elements, &bytes) &&
               owi_external_present(&model->source, tensor, bytes);
    }
    return record->payload != OWI_PAYLOAD_NONE;
}

// ---- what bits mean ----

static double from_double(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// Sign or zero extension of an element of raw_data. The entries of typed arrays come extended.
static int64_t from_integer(owi_dtype dtype, uint64_t bits) {
    switch (dtype) {
    case OWI_DTYPE_INT8: return (int8_t)bits;
    case OWI_DTYPE_INT16: return (int16_t)bits;
    case OWI_DTYPE_INT32: return (int32_t)bits;
    default: return (int64_t)bits;
    }
}

static double from_bits(owi_dtype dtype, uint64_t bits) {
    switch (dtype) {
    case OWI_DTYPE_FLOAT: return (double)owi_float_of_bits((uint32_t)bits);
    case OWI_DTYPE_DOUBLE: return from_double(bits);
    case OWI_DTYPE_FLOAT16: return (double)owi_float_of_float16((uint16_t)bits);
    case OWI_DTYPE_BFLOAT16: return (double)owi_float_of_bfloat16((uint16_t)bits);
    case OWI_DTYPE_UINT64: return (double)bits;
    default: return (double)from_integer(dtype, bits);
    }
}

// Written out, since gcc makes one load of this, and none of a loop.
static uint32_t four_bytes_at(const uint8_t *bytes) {
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static uint64_t bits_at(const uint8_t *bytes, size_t size) {
    uint64_t bits = 0;
    for (size_t k = 0; k < size; k++) {
        bits |= (uint64_t)bytes[k] << (8 * k);
    }
    return bits;
}

typedef struct target {
    owi_dtype dtype;
    double *reals;
    int64_t *integers;
} target;

// Takes `count` elements of `size` bytes, the first being number `index`.
typedef bool take_elements(const target *to, uint64_t index, size_t size, uint64_t count,
                           const uint8_t *bytes);

// Gives elements [first, first + count) to `take`. False when they cannot be read.
static bool read_bits(const owi_model *model, const Onnx__TensorProto *tensor, uint64_t first,
                      uint64_t count, const target *to, take_elements *take) {
    owi_values values;
    uint8_t chunk[16 * 1024];
    bool good = owi_values_open(&values, model, tensor);
    const uint64_t most = values.size ? sizeof chunk / values.size : 0;
    for (uint64_t done = 0, part; good && done < count; done += part) {
        part = count - done < most ? count - done : most;
        good = owi_values_read(&values, first + done, part, chunk) &&
               take(to, done, values.size, part, chunk);
    }
    owi_values_close(&values);
    return good && first <= values.elements && count <= values.elements - first;
}

static bool take_reals(const target *to, uint64_t index, size_t size, uint64_t count,
                       const uint8_t *bytes) {
    double *into = to->reals + index;
    if (to->dtype == OWI_DTYPE_FLOAT && size == sizeof(float)) { // most of all that is read
        for (uint64_t i = 0; i < count; i++) {
            into[i] = (double)owi_float_of_bits(four_bytes_at(bytes + 4 * i));
        }
        return true;
    }
    for (uint64_t i = 0; i < count; i++) {
        into[i] = from_bits(to->dtype, bits_at(bytes + size * i, size));
    }
    return true;
}

static bool take_integers(const target *to, uint64_t index, size_t size, uint64_t count,
                          const uint8_t *bytes) {
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t bits = bits_at(bytes + size * i, size);
        if (to->dtype == OWI_DTYPE_UINT64 && bits > INT64_MAX) {
            return false;
        }
        to->integers[index + i] = from_integer(to->dtype, bits);
    }
    return true;
}

bool owi_tensor_read(const owi_model *model, const Onnx__TensorProto *tensor, uint64_t first,
                     uint64_t count, double *values) {
    target to = {.dtype = (owi_dtype)tensor->data_type, .reals = values};
    return read_bits(model, tensor, first, count, &to, take_reals);
}

bool owi_tensor_read_integers(const owi_model *model, const Onnx__TensorProto *tensor,
                              uint64_t first, uint64_t count, int64_t *values) {
    target to = {.dtype = (owi_dtype)tensor->data_type, .integers = values};
    return owi_dtype_integer(to.dtype) &&
           read_bits(model, tensor, first, count, &to, take_integers);
}
