#include "model/wire.h"

size_t owi_varint_read(const uint8_t *bytes, size_t length, uint64_t *value) {
    uint64_t result = 0;
    for (size_t i = 0; i < length && i < OWI_VARINT_MOST; i++) {
        result |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
        if (bytes[i] < 0x80) {
            *value = result;
            return i == OWI_VARINT_MOST - 1 && bytes[i] > 1 ? 0 : i + 1;
        }
    }
    return 0;
}

size_t owi_varint_write(uint8_t *bytes, uint64_t value) {
    size_t length = 0;
    for (; value >= 0x80; value >>= 7) {
        bytes[length++] = (uint8_t)(value | 0x80);
    }
    bytes[length++] = (uint8_t)value;
    return length;
}

size_t owi_tag_write(uint8_t *bytes, uint32_t field, unsigned wire) {
    return owi_varint_write(bytes, (uint64_t)field << 3 | wire);
}
