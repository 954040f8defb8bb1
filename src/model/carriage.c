#include "model/carriage.h"

#include "model/schema.h"
#include "model/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

owi_carriage owi_carriage_fill(uint64_t bytes, size_t number) {
    return (owi_carriage){.value = {.kind = OWI_SEGMENT_FILL, .length = bytes, .tensor = number}};
}

uint64_t owi_carriage_inline(const owi_carriage *carriage) {
    return carriage->location ? 0 : carriage->value.length;
}

size_t owi_head_write(uint8_t *bytes, uint32_t field, uint64_t length) {
    size_t size = owi_tag_write(bytes, field, OWI_WIRE_BYTES);
    return size + owi_varint_write(bytes + size, length);
}

size_t owi_text_write(uint8_t *bytes, uint32_t field, const char *text) {
    size_t length = strlen(text), head = owi_head_write(bytes, field, length);
    memcpy(bytes + head, text, length);
    return head + length;
}

// A StringStringEntryProto.
static size_t write_entry(uint8_t *bytes, const char *key, const char *value) {
    uint8_t pair[64 + NAME_MAX];
    size_t length = owi_text_write(pair, 1, key);
    length += owi_text_write(pair + length, 2, value);
    size_t head = owi_head_write(bytes, OWI_TENSOR_EXTERNAL_DATA, length);
    memcpy(bytes + head, pair, length);
    return head + length;
}

size_t owi_carriage_write(uint8_t *bytes, const owi_carriage *carriage) {
    if (!carriage->location) {
        return owi_head_write(bytes, OWI_TENSOR_RAW_DATA, carriage->value.length);
    }
    char offset[24], count[24];
    snprintf(offset, sizeof offset, "%" PRIu64, carriage->offset);
    snprintf(count, sizeof count, "%" PRIu64, carriage->value.length);
    size_t length = write_entry(bytes, "location", carriage->location);
    length += write_entry(bytes + length, "offset", offset);
    length += write_entry(bytes + length, "length", count);
    length += owi_tag_write(bytes + length, OWI_TENSOR_DATA_LOCATION, OWI_WIRE_VARINT);
    return length + owi_varint_write(bytes + length, ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL);
}
