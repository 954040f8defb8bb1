// transform_bounded.h: words to values of a normal law between two bounds. Part of kernels_build.h.
//
// A uniform u shares out what lies between the bounds: p = below + u between is the share below the
// value, 1 - p = above + (1 - u) between. Both are sums of positive numbers, and the smaller one is
// inverted, so that no tail loses digits. Worked out in double for every type.

// How far out a share of at most 1/2 of the standard normal begins, in standard deviations:
// Wichura (1988), algorithm AS 241, relative error about 1e-16. All three of its fractions are
// worked out, for vectors.
static inline double quantile_beyond(double share) {
    const double q = 0.5 - share, y = 0.180625 - q * q;
    double p = 2509.0809287301226727;
    p = p * y + 33430.575583588128105;
    p = p * y + 67265.770927008700853;
    p = p * y + 45921.953931549871457;
    p = p * y + 13731.693765509461125;
    p = p * y + 1971.5909503065514427;
    p = p * y + 133.14166789178437745;
    p = p * y + 3.387132872796366608;
    double d = 5226.495278852854561;
    d = d * y + 28729.085735721942674;
    d = d * y + 39307.89580009271061;
    d = d * y + 21213.794301586595867;
    d = d * y + 5394.1960214247511077;
    d = d * y + 687.1870074920579083;
    d = d * y + 42.313330701600911252;
    d = d * y + 1.0;
    const double central = q * p / d;

    const double root = __builtin_sqrt(-log_double(share, 0x1p52 + 1023)), r = root - 1.6;
    p = 7.7454501427834140764e-4;
    p = p * r + 0.0227238449892691845833;
    p = p * r + 0.24178072517745061177;
    p = p * r + 1.27045825245236838258;
    p = p * r + 3.64784832476320460504;
    p = p * r + 5.7694972214606914055;
    p = p * r + 4.6303378461565452959;
    p = p * r + 1.42343711074968357734;
    d = 1.05075007164441684324e-9;
    d = d * r + 5.475938084995344946e-4;
    d = d * r + 0.0151986665636164571966;
    d = d * r + 0.14810397642748007459;
    d = d * r + 0.68976733498510000455;
    d = d * r + 1.6763848301838038494;
    d = d * r + 2.05319162663775882187;
    d = d * r + 1.0;
    const double near = p / d, s = root - 5.0;
    p = 2.01033439929228813265e-7;
    p = p * s + 2.71155556874348757815e-5;
    p = p * s + 0.0012426609473880784386;
    p = p * s + 0.026532189526576123093;
    p = p * s + 0.29656057182850489123;
    p = p * s + 1.7848265399172913358;
    p = p * s + 5.4637849111641143699;
    p = p * s + 6.6579046435011037772;
    d = 2.04426310338993978564e-15;
    d = d * s + 1.4215117583164458887e-7;
    d = d * s + 1.8463183175100546818e-5;
    d = d * s + 7.868691311456132591e-4;
    d = d * s + 0.0148753612908506148525;
    d = d * s + 0.13692988092273580531;
    d = d * s + 0.59983220655588793769;
    d = d * s + 1.0;
    const double far = p / d, tail = root > 5.0 ? far : near;
    return q > 0.425 ? tail : central;
}

// The value at u - 1/2, in standard deviations from the mean.
static inline double bounded_point(double u, const owi_law *law) {
    const double p = law->below + (0.5 + u) * law->between;
    const double rest = law->above + (0.5 - u) * law->between;
    const double x = quantile_beyond(p < rest ? p : rest);
    return p < rest ? -x : x;
}

static void bounded_float(const uint32_t *restrict words, size_t superblocks,
                          const owi_law *restrict law, void *restrict values) {
    const float low = (float)law->low, high = (float)law->high;
    loose_float *restrict out = values;
    for (size_t i = 0; i < superblocks * OWI_SUPERBLOCK; i++) {
        const double u = ((double)(int32_t)words[i] + 0.5) * 0x1p-32;
        out[i] = held((float)(bounded_point(u, law) * law->scale + law->shift), low, high);
    }
}

static void bounded_double(const uint32_t *restrict words, size_t superblocks,
                           const owi_law *restrict law, void *restrict values) {
    loose_double *restrict out = values;
    for (size_t i = 0; i < superblocks * DOUBLES; i++) {
        const double u = symmetric_double(wide_word(words, i)) * 0.5;
        out[i] = held_double(bounded_point(u, law) * law->scale + law->shift, law->low, law->high);
    }
}
