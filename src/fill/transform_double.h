// transform_double.h: words to float64 values. Part of kernels_build.h.
//
// Two words make a 64-bit one, low half first; its upper 53 bits are used. So each Philox block
// makes two doubles: element 16 g + 8 h + l comes from half h of block 8 g + l.

enum { DOUBLES = OWI_SUPERBLOCK / 2 };

static inline uint64_t wide_word(const uint32_t *words, size_t index) {
    uint64_t word;
    memcpy(&word, words + 2 * index, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = word << 32 | word >> 32;
#endif
    return word;
}

// Exactly the integer, below 2^53. Halves are or-ed into the mantissas of 2^84 and 2^52, since
// vectors of 64-bit integers have no conversion before AVX-512.
static inline double integer_double(uint64_t integer) {
    const double high = double_of(integer >> 32 | 0x4530000000000000);
    const double low = double_of((integer & 0xffffffff) | 0x4330000000000000);
    return (high - (0x1p84 + 0x1p52)) + low;
}

// ln f - (bias - 2^52 - 1023) ln 2 of a normal number f > 0: as minus_two_log, with
// s = (m - 1) / (m + 1) and ln m = s (2 + s^2 P(s^2)), error 1.3e-18.
static inline double log_double(double f, double bias) {
    const uint64_t bits = wide_bits_of(f), one = 0x3ff0000000000000;
    const uint64_t k = (bits + (one - 0x3fe6a09e667f3bcd)) >> 52; // with the bias of 1023
    const double m = double_of(bits + one - (k << 52));
    const double exponent = double_of(k | 0x4330000000000000) - bias;
    const double s = (m - 1.0) / (m + 1.0), x = s * s;
    const double xx = x * x;
    double even = 0.14795952563133866;
    even = even * xx + 0.1818356433830982;
    even = even * xx + 0.28571428742390276;
    even = even * xx + 0.6666666666666734;
    double odd = 0.1531405025413234;
    odd = odd * xx + 0.2222219857293619;
    odd = odd * xx + 0.39999999999414665;
    const double p = odd * x + even;
    return exponent * 0.693147180559945309 + s * (p * x + 2.0);
}

// -2 ln u of u = f 2^-53 in (0, 1].
static inline double minus_two_log_double(uint64_t word) {
    return -2.0 * log_double(integer_double(word >> 11) + 0.5, 0x1p52 + 1023 + 53);
}

static void normal_double(const uint32_t *restrict words, size_t superblocks,
                          const owi_law *restrict law, void *restrict values) {
    const double scale = law->scale, shift = law->shift;
    loose_double *restrict out = values;
    for (size_t base = 0; base < superblocks * DOUBLES; base += DOUBLES) {
        for (size_t i = base; i < base + DOUBLES / 2; i++) {
            const double radius = __builtin_sqrt(minus_two_log_double(wide_word(words, i)));
            const uint64_t angle = wide_word(words, i + DOUBLES / 2);
            // The lower 62 bits, cut to 53, run from -1/8 to 1/8 turn past 1/8 of the quadrant.
            const double r = (integer_double(angle << 2 >> 11) - 0x1p52) * 0x1p-55, y = r * r;
            double s = 3.749264690529029; // sin(2 pi r) / r, error 3.9e-17
            s = s * y - 15.09232674309572;
            s = s * y + 42.05865912704677;
            s = s * y - 76.70585949517125;
            s = s * y + 81.60524927518465;
            s = s * y - 41.34170224039862;
            s = s * y + 6.283185307179586;
            double c = -1.6968346895078152; // cos(2 pi r), error 3.9e-20
            c = c * y + 7.903091587297179;
            c = c * y - 26.426250927220547;
            c = c * y + 60.24464132938464;
            c = c * y - 85.45681720652827;
            c = c * y + 64.93939402266798;
            c = c * y - 19.739208802178716;
            c = c * y + 1.0;
            const uint64_t sine = wide_bits_of(s * r), cosine = wide_bits_of(c);
            const uint64_t swap = (sine ^ cosine) & (0 - (angle >> 62 & 1));
            const uint64_t sign = 0x8000000000000000;
            const double x = double_of(cosine ^ swap ^ ((angle + (sign >> 1)) & sign));
            const double z = double_of(sine ^ swap ^ (angle & sign));
            out[i] = radius * x * scale + shift;
            out[i + DOUBLES / 2] = radius * z * scale + shift;
        }
    }
}

static inline double held_double(double value, double low, double high) {
    value = value < low ? low : value;
    return value > high ? high : value;
}

// Symmetric, within +-1, never 0.
static inline double symmetric_double(uint64_t word) {
    return (integer_double(word >> 11) - 0x1p52 + 0.5) * 0x1p-52;
}

// As truncated_float; relative error 3.3e-16.
static void truncated_double(const uint32_t *restrict words, size_t superblocks,
                             const owi_law *restrict law, void *restrict values) {
    const double scale = law->scale, shift = law->shift, low = law->low, high = law->high;
    loose_double *restrict out = values;
    for (size_t i = 0; i < superblocks * DOUBLES; i++) {
        const double q = symmetric_double(wide_word(words, i)) * 0.477249868051820793;
        const double y = 0.25 - q * q;
        const double yy = y * y;
        double even = 6.349080086779219;
        even = even * yy + 6.294946774504995;
        even = even * yy + 0.11484068203357142;
        even = even * yy + 6.328268775779037e-05;
        even = even * yy + 3.231125713003159e-10;
        double odd = 0.47363553750079357;
        odd = odd * yy + 11.546842158271865;
        odd = odd * yy + 1.3126985717238808;
        odd = odd * yy + 0.004265625257553122;
        odd = odd * yy + 3.146989195749606e-07;
        const double p = odd * y + even;
        even = 5.297498186207419;
        even = even * yy + 2.562862712252895;
        even = even * yy + 0.03154037630566374;
        even = even * yy + 1.2824101465899808e-05;
        even = even * yy + 4.588958903605132e-11;
        odd = yy + 6.2532186324507775;
        odd = odd * yy + 0.43062927219541225;
        odd = odd * yy + 0.0010019812905144017;
        odd = odd * yy + 5.4645577675656675e-08;
        const double d = odd * y + even;
        out[i] = held_double(q * p / d * scale + shift, low, high);
    }
}

static void uniform_double(const uint32_t *restrict words, size_t superblocks,
                           const owi_law *restrict law, void *restrict values) {
    const double scale = law->scale, shift = law->shift, low = law->low, high = law->high;
    loose_double *restrict out = values;
    for (size_t i = 0; i < superblocks * DOUBLES; i++) {
        out[i] = held_double(symmetric_double(wide_word(words, i)) * scale + shift, low, high);
    }
}
