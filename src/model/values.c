#define _GNU_SOURCE
#include "model/values.h"

#include "model/external.h"
#include "model/wire.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool owi_values_open(owi_values *values, const owi_model *model, const Onnx__TensorProto *tensor) {
    owi_dtype dtype = (owi_dtype)tensor->data_type;
    const owi_record *record = owi_record_of(model, &tensor->base);
    bool real = dtype == OWI_DTYPE_FLOAT || dtype == OWI_DTYPE_DOUBLE;
    *values = (owi_values){.source = &model->source,
                           .record = record ? record->tensor : NULL,
                           .size = owi_dtype_size(dtype),
                           .elements = owi_tensor_elements(tensor),
                           .external = -1};
    if (!values->record || !(owi_dtype_trainable(dtype) || owi_dtype_integer(dtype))) {
        return false;
    }
    if (values->record->payload == OWI_PAYLOAD_EXTERNAL) {
        values->external = owi_external_find(values->source, tensor,
                                             values->elements * values->size, &values->offset);
        return values->external >= 0;
    }
    values->width = values->record->payload == OWI_PAYLOAD_RAW || real ? values->size : 0;
    return values->record->value_count > 0 || values->elements == 0;
}

void owi_values_close(owi_values *values) {
    if (values->external >= 0) {
        close(values->external);
    }
    values->external = -1;
}

static bool read_external(const owi_values *values, uint64_t offset, uint64_t length,
                          uint8_t *bytes) {
    while (length > 0) {
        ssize_t got = pread(values->external, bytes, length, (off_t)offset);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        size_t part = got > 0 ? (size_t)got : 0;
        bytes += part;
        offset += part;
        length -= part;
    }
    return true;
}

// ---- values that lie in the file as raw_data does, in one or several spans

static bool read_plain(const owi_values *values, uint64_t offset, uint64_t length, uint8_t *bytes) {
    for (size_t i = 0; i < values->record->value_count && length > 0; i++) {
        owi_span span = values->record->values[i];
        if (offset >= span.length) {
            offset -= span.length;
            continue;
        }
        uint64_t left = span.length - offset, part = left < length ? left : length;
        if (owi_source_read(values->source, span.offset + offset, bytes, part, NULL) != OWI_OK) {
            return false;
        }
        bytes += part;
        length -= part;
        offset = 0;
    }
    return length == 0;
}

// ---- entries of typed arrays, one by one

static bool load(owi_values *place) {
    while (place->span < place->record->value_count &&
           place->at == place->record->values[place->span].length) {
        place->span++;
        place->at = 0;
    }
    if (place->span == place->record->value_count) {
        return false;
    }
    owi_span span = place->record->values[place->span];
    uint64_t left = span.length - place->at;
    size_t part = left < sizeof place->window ? (size_t)left : sizeof place->window;
    if (owi_source_read(place->source, span.offset + place->at, place->window, part, NULL)) {
        return false;
    }
    place->at += part;
    place->begin = 0;
    place->end = part;
    return true;
}

static bool next_byte(owi_values *place, uint8_t *byte) {
    if (place->begin == place->end && !load(place)) {
        return false;
    }
    *byte = place->window[place->begin++];
    return true;
}

static bool next_varint(owi_values *place, uint64_t *value) {
    uint8_t bytes[OWI_VARINT_MOST];
    for (size_t i = 0; i < sizeof bytes && next_byte(place, &bytes[i]); i++) {
        if (bytes[i] < 0x80) {
            return owi_varint_read(bytes, i + 1, value) != 0;
        }
    }
    return false;
}

static bool next_entry(owi_values *place, uint64_t *bits) {
    bool tagged = !place->record->packed;
    if (tagged && !next_varint(place, bits)) {
        return false;
    }
    if (place->width == 0) {
        return next_varint(place, bits);
    }
    *bits = 0;
    for (size_t i = 0; i < place->width; i++) {
        uint8_t byte;
        if (!next_byte(place, &byte)) {
            return false;
        }
        *bits |= (uint64_t)byte << (8 * i);
    }
    return true;
}

static bool read_entries(owi_values *place, uint64_t first, uint64_t count, uint8_t *bytes) {
    uint64_t bits;
    if (first < place->next) {
        place->next = place->at = 0;
        place->span = place->begin = place->end = 0;
    }
    for (; place->next < first + count; place->next++) {
        if (!next_entry(place, &bits)) {
            return false;
        }
        for (size_t i = 0; place->next >= first && i < place->size; i++) {
            *bytes++ = (uint8_t)(bits >> (8 * i));
        }
    }
    return true;
}

bool owi_values_read(owi_values *values, uint64_t first, uint64_t count, void *bytes) {
    if (first > values->elements || count > values->elements - first) {
        return false;
    }
    uint64_t offset = first * values->size, length = count * values->size;
    if (values->external >= 0) {
        return read_external(values, values->offset + offset, length, bytes);
    }
    bool plain =
        values->record->payload == OWI_PAYLOAD_RAW || (values->record->packed && values->width > 0);
    return plain ? read_plain(values, offset, length, bytes)
                 : read_entries(values, first, count, bytes);
}
