// half.h: the 16-bit float formats as float32, exactly.
#ifndef OWI_BASE_HALF_H
#define OWI_BASE_HALF_H

#include <stdint.h>
#include <string.h>

static inline float owi_float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// IEEE binary16. Shifting puts the exponent's bias of 15 where 127 is meant: 2^112 makes it good,
// subnormals included.
static inline float owi_float_of_float16(uint16_t half) {
    const uint32_t sign = (uint32_t)(half & 0x8000) << 16, rest = (uint32_t)(half & 0x7fff) << 13;
    const uint32_t special = (half & 0x7c00) == 0x7c00 ? 0x7f800000 : 0;
    const float value = owi_float_of_bits(rest) * 0x1p112f;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return owi_float_of_bits(sign | bits | special);
}

static inline float owi_float_of_bfloat16(uint16_t half) {
    return owi_float_of_bits((uint32_t)half << 16);
}

#endif
