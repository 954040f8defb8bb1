#include "base/dtype.h"
#include "model/external.h"
#include "model/model.h"
#include "model/wire.h"

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

// ---- reading values ----

// A place in the values of a tensor, which may lie in several spans of the file.
typedef struct cursor {
    const owi_source *source;
    const owi_tensor_record *record;
    unsigned width; // bytes of an element; 0: a varint
    size_t span;    // the current span ...
    uint64_t at;    // ... and the next byte in it to load
    uint8_t bytes[4096];
    size_t begin, end; // the loaded bytes that are still to be read
} cursor;

// Passes over bytes without loading them. False past the end.
static bool skip(cursor *place, uint64_t count) {
    while (place->span < place->record->value_count) {
        uint64_t left = place->record->values[place->span].length - place->at;
        if (count < left) {
            place->at += count;
            return true;
        }
        count -= left;
        place->span++;
        place->at = 0;
    }
    return count == 0;
}

static bool next_byte(cursor *place, uint8_t *byte) {
    if (place->begin == place->end) {
        if (place->span == place->record->value_count) {
            return false;
        }
        owi_span span = place->record->values[place->span];
        uint64_t left = span.length - place->at;
        size_t part = left < sizeof place->bytes ? (size_t)left : sizeof place->bytes;
        if (owi_source_read(place->source, span.offset + place->at, place->bytes, part, NULL)) {
            return false;
        }
        place->begin = 0;
        place->end = part;
        skip(place, part);
    }
    *byte = place->bytes[place->begin++];
    return true;
}

static bool next_varint(cursor *place, uint64_t *value) {
    uint8_t bytes[OWI_VARINT_MOST];
    for (size_t i = 0; i < sizeof bytes && next_byte(place, &bytes[i]); i++) {
        if (bytes[i] < 0x80) {
            return owi_varint_read(bytes, i + 1, value) != 0;
        }
    }
    return false;
}

// The next value as bits: an element of raw_data or an entry of the typed array.
static bool next_value(cursor *place, uint64_t *bits) {
    bool tagged = !place->record->packed;
    if (tagged && !next_varint(place, bits)) {
        return false;
    }
    if (place->width == 0) {
        return next_varint(place, bits);
    }
    *bits = 0;
    for (unsigned i = 0; i < place->width; i++) {
        uint8_t byte;
        if (!next_byte(place, &byte)) {
            return false;
        }
        *bits |= (uint64_t)byte << (8 * i);
    }
    return true;
}

// Stands before element `first` of a tensor that has its values in the file. False when it has not,
// or an element is not one whole value there (packed and complex types, strings).
static bool find(cursor *place, const owi_model *model, const Onnx__TensorProto *tensor,
                 uint64_t first, uint64_t count) {
    owi_dtype dtype = (owi_dtype)tensor->data_type;
    uint64_t elements = owi_tensor_elements(tensor), bits;
    *place = (cursor){.source = &model->source, .record = record_of(model, tensor)};
    bool numeric = owi_dtype_trainable(dtype) || owi_dtype_integer(dtype);
    if (!place->record || !place->record->value_count || !numeric || first > elements ||
        count > elements - first) {
        return false;
    }
    bool raw = place->record->payload == OWI_PAYLOAD_RAW;
    bool real = dtype == OWI_DTYPE_FLOAT || dtype == OWI_DTYPE_DOUBLE;
    place->width = raw || real ? (unsigned)owi_dtype_size(dtype) : 0;
    if (place->record->packed && place->width) {
        return skip(place, first * place->width);
    }
    for (uint64_t i = 0; i < first; i++) {
        if (!next_value(place, &bits)) {
            return false;
        }
    }
    return true;
}

// ---- what bits mean ----

static double from_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double from_double(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// IEEE binary16, by way of the float of the same value.
static double from_half(uint32_t bits) {
    uint32_t sign = (bits & 0x8000) << 16, exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
    if (exponent == 0) {
        double value = fraction * 0x1p-24;
        return sign ? -value : value;
    }
    exponent = exponent == 0x1f ? 0xff : exponent + 127 - 15;
    return from_float(sign | exponent << 23 | fraction << 13);
}

// Sign or zero extension of an element of raw_data. The entries of typed arrays come extended.
static int64_t from_integer(owi_dtype dtype, uint64_t bits) {
    switch (dtype) {
    case OWI_DTYPE_INT8:
        return (int8_t)bits;
    case OWI_DTYPE_INT16:
        return (int16_t)bits;
    case OWI_DTYPE_INT32:
        return (int32_t)bits;
    default:
        return (int64_t)bits;
    }
}

static double from_bits(owi_dtype dtype, uint64_t bits) {
    switch (dtype) {
    case OWI_DTYPE_FLOAT:
        return from_float((uint32_t)bits);
    case OWI_DTYPE_DOUBLE:
        return from_double(bits);
    case OWI_DTYPE_FLOAT16:
        return from_half((uint32_t)bits & 0xffff);
    case OWI_DTYPE_BFLOAT16:
        return from_float((uint32_t)bits << 16);
    case OWI_DTYPE_UINT64:
        return (double)bits;
    default:
        return (double)from_integer(dtype, bits);
    }
}

bool owi_tensor_read(const owi_model *model, const Onnx__TensorProto *tensor, uint64_t first,
                     uint64_t count, double *values) {
    cursor place;
    bool good = find(&place, model, tensor, first, count);
    for (uint64_t i = 0, bits; good && i < count; i++) {
        good = next_value(&place, &bits);
        values[i] = good ? from_bits((owi_dtype)tensor->data_type, bits) : 0;
    }
    return good;
}

bool owi_tensor_read_integers(const owi_model *model, const Onnx__TensorProto *tensor,
                              uint64_t first, uint64_t count, int64_t *values) {
    cursor place;
    owi_dtype dtype = (owi_dtype)tensor->data_type;
    bool good = owi_dtype_integer(dtype) && find(&place, model, tensor, first, count);
    for (uint64_t i = 0, bits; good && i < count; i++) {
        good = next_value(&place, &bits) && !(dtype == OWI_DTYPE_UINT64 && bits > INT64_MAX);
        values[i] = good ? from_integer(dtype, bits) : 0;
    }
    return good;
}
