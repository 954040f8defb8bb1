// rounding.h: float32 to the 16-bit formats, to nearest, ties to even. Part of kernels_build.h.

static inline uint16_t float16_of(float value) {
    const uint32_t bits = bits_of(value), size = bits & 0x7fffffff;
    // All from 2^16 on is infinity, whose pattern its rounding below makes.
    const uint32_t finite = size < (143u << 23) ? size : 143u << 23;
    // Normal numbers: shift the exponent's bias from 127 to 15 and round at bit 13. A carry walks
    // up into the exponent, and from 65520 on into infinity.
    const uint32_t normal = (finite - (112u << 23) + 0xfff + (finite >> 13 & 1)) >> 13;
    // Below 2^-14: next to 0.5 a float32 counts in steps of 2^-24, as subnormal float16 do.
    const uint32_t subnormal = bits_of(float_of(finite) + 0.5f) - bits_of(0.5f);
    uint32_t rounded = finite < (113u << 23) ? subnormal : normal;
    rounded = size > 0x7f800000 ? 0x7e00 : rounded;
    return (uint16_t)(rounded | (bits >> 16 & 0x8000));
}

static inline uint16_t bfloat16_of(float value) {
    const uint32_t bits = bits_of(value);
    const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
    const uint32_t quiet = bits >> 16 | 0x40;
    return (uint16_t)((bits & 0x7fffffff) > 0x7f800000 ? quiet : rounded);
}

static void round_float16(const float *restrict values, size_t count, void *restrict rounded) {
    loose_uint16 *restrict out = rounded;
    for (size_t i = 0; i < count; i++) {
        out[i] = float16_of(values[i]);
    }
}

static void round_bfloat16(const float *restrict values, size_t count, void *restrict rounded) {
    loose_uint16 *restrict out = rounded;
    for (size_t i = 0; i < count; i++) {
        out[i] = bfloat16_of(values[i]);
    }
}
