#include "base/utf8.h"

size_t owi_utf8_decode(const char *text, size_t length, uint32_t *point) {
    const unsigned char *byte = (const unsigned char *)text;
    size_t size = byte[0] < 0x80   ? 1
                  : byte[0] < 0xc2 ? 0
                  : byte[0] < 0xe0 ? 2
                  : byte[0] < 0xf0 ? 3
                  : byte[0] < 0xf5 ? 4
                                   : 0;
    if (!size || size > length) {
        return 0;
    }
    static const uint32_t lead_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value = byte[0] & lead_mask[size];
    for (size_t i = 1; i < size; i++) {
        if ((byte[i] & 0xc0) != 0x80) {
            return 0;
        }
        value = value << 6 | (byte[i] & 0x3f);
    }
    if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    *point = value;
    return size;
}

size_t owi_utf8_length(const char *text, size_t length) {
    uint32_t point = 0;
    return owi_utf8_decode(text, length, &point);
}

size_t owi_utf8_plain(const char *text, size_t length) {
    uint32_t point = 0;
    size_t size = owi_utf8_decode(text, length, &point);
    int hidden = point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
                 (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
                 (point >= 0x2060 && point <= 0x2069) || point == 0xfeff ||
                 (point & 0xfffe) == 0xfffe;
    return size && !hidden ? size : 0;
}
