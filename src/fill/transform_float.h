// transform_float.h: words to float32 values. Part of kernels_build.h.
//
// Plain loops that compilers vectorise. Polynomials are our own fits (least squares with Lawson's
// weights), evaluated by Horner's rule with two roundings a step; long ones in two halves, of even
// and of odd powers, which the processor works out side by side.

// -2 ln u of a uniform u in (0, 1]: u = f 2^-31 with f = word / 2 + 0.5. Writing f = 2^k m with m
// in [sqrt(1/2), sqrt(2)) and taking 31 from k while it is an integer keeps all digits near u = 1.
// 2^23 k needs no shift; -2 and 2^-23, being powers of two, are in the constants.
static inline float minus_two_log(uint32_t word) {
    const float f = (float)(int32_t)(word >> 1) + 0.5f;
    const uint32_t bits = bits_of(f);
    const uint32_t exponent = (bits - 0x3f3504f3) & 0xff800000; // k << 23
    const float t = float_of(bits - exponent) - 1.0f;
    const float tt = t * t;
    float even = -2 * 8.959803730e-02f; // -2 ln(1 + t) / t, error 5.2e-8
    even = even * tt - 2 * 1.491739452e-01f;
    even = even * tt - 2 * 1.995841563e-01f;
    even = even * tt - 2 * 3.333415985e-01f;
    even = even * tt - 2 * 1.0f;
    float odd = 2 * 1.448213607e-01f;
    odd = odd * tt + 2 * 1.654374599e-01f;
    odd = odd * tt + 2 * 2.500294447e-01f;
    odd = odd * tt + 2 * 4.999997914e-01f;
    const float p = odd * t + even;
    return (float)(int32_t)(exponent - (31u << 23)) * (-0x1p-22f * 0.693147180559945309f) + p * t;
}

// Box and Muller (1958): words 16 apart give a radius and an angle, and they a pair of normals.
// The angle's upper two bits choose the quadrant, the lower 30 the rest r within +-1/8 turn.
static void normal_float(const uint32_t *restrict words, size_t superblocks,
                         const owi_law *restrict law, void *restrict values) {
    const float scale = (float)law->scale, shift = (float)law->shift;
    loose_float *restrict out = values;
    for (size_t base = 0; base < superblocks * OWI_SUPERBLOCK; base += OWI_SUPERBLOCK) {
        for (size_t i = base; i < base + OWI_SUPERBLOCK / 2; i++) {
            const float radius = __builtin_sqrtf(minus_two_log(words[i]));
            const uint32_t angle = words[i + OWI_SUPERBLOCK / 2];
            const float r = (float)(int32_t)(angle << 2) * 0x1p-34f, y = r * r;
            float s = -7.540206909e+01f; // sin(2 pi r) / r, error 1.9e-8
            s = s * y + 8.159255219e+01f;
            s = s * y - 4.134166336e+01f;
            s = s * y + 6.283185482f;
            float c = -8.359261322e+01f; // cos(2 pi r), error 2.8e-8
            c = c * y + 6.492124939e+01f;
            c = c * y - 1.973915291e+01f;
            c = c * y + 1.0f;
            const bool swap = (int32_t)(angle << 1) < 0;
            const float sine = s * r, x = swap ? sine : c, z = swap ? c : sine;
            const uint32_t sign = 0x80000000, x_sign = (angle + (sign >> 1)) & sign;
            out[i] = radius * float_of(bits_of(x) ^ x_sign) * scale + shift;
            out[i + OWI_SUPERBLOCK / 2] =
                radius * float_of(bits_of(z) ^ (angle & sign)) * scale + shift;
        }
    }
}

// Held in [low, high]: rounding can carry a value a little past a bound of its distribution.
static inline float held(float value, float low, float high) {
    value = value < low ? low : value;
    return value > high ? high : value;
}

// The inverse of the normal distribution function, within +-2, as q P(y) / Q(y) with q uniform
// within +-(Phi(2) - 1/2) and y = 1/4 - q^2; relative error 4.7e-7. Seen from the branch point
// y = 0 all roots are negative, so all coefficients are positive and Horner's rule loses nothing.
static void truncated_float(const uint32_t *restrict words, size_t superblocks,
                            const owi_law *restrict law, void *restrict values) {
    const float scale = (float)law->scale, shift = (float)law->shift;
    const float low = (float)law->low, high = (float)law->high;
    loose_float *restrict out = values;
    for (size_t i = 0; i < superblocks * OWI_SUPERBLOCK; i++) {
        const float q = ((float)(int32_t)words[i] + 0.5f) * (0.47724986805182079f * 0x1p-31f);
        const float y = 0.25f - q * q;
        float p = 6.35974407f;
        p = p * y + 3.37213182f;
        p = p * y + 0.225959912f;
        p = p * y + 0.00180561328f;
        float d = y + 3.83241653f;
        d = d * y + 1.11911464f;
        d = d * y + 0.0518043824f;
        d = d * y + 0.000296787417f;
        out[i] = held(q * p / d * scale + shift, low, high);
    }
}

static void uniform_float(const uint32_t *restrict words, size_t superblocks,
                          const owi_law *restrict law, void *restrict values) {
    const float scale = (float)law->scale, shift = (float)law->shift;
    const float low = (float)law->low, high = (float)law->high;
    loose_float *restrict out = values;
    for (size_t i = 0; i < superblocks * OWI_SUPERBLOCK; i++) {
        const float u = ((float)(int32_t)words[i] + 0.5f) * 0x1p-31f;
        out[i] = held(u * scale + shift, low, high);
    }
}
