#include "fill/bounded.h"

#include <stdint.h>
#include <string.h>

// ---- the normal distribution function, without libm

static double power_of_two(int exponent) {
    const uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// exp(-x) for 0 <= x < 745: x = k ln 2 + r, and the series of exp(-r).
static double exp_minus(double x) {
    const int k = (int)(x * 1.4426950408889634 + 0.5);
    const double r = x - k * 0x1.62e42feep-1 - k * 0x1.a39ef35793c76p-33; // ln 2 in two parts
    double sum = 1;
    for (int i = 17; i > 0; i--) {
        sum = 1 - r / i * sum;
    }
    return k < 1000 ? sum * power_of_two(-k) : sum * power_of_two(-1000) * power_of_two(1000 - k);
}

static double density(double x) {
    return x * x < 1490 ? exp_minus(x * x / 2) * 0.3989422804014327 : 0; // 1 / sqrt(2 pi)
}

// The share of the standard normal below x: a power series about 0, and below -3 the continued
// fraction of Laplace (Abramowitz and Stegun 26.2.11 and 26.2.14).
static double share_below(double x) {
    enum { TERMS = 120 };
    const double away = x < 0 ? -x : x;
    double share = away;
    if (away > 40) {
        return x < 0 ? 0 : 1;
    }
    if (away < 3) {
        double term = away;
        for (int i = 1; i < TERMS; i++) {
            term *= away * away / (2 * i + 1);
            share += term;
        }
        share *= density(away);
        return x < 0 ? 0.5 - share : 0.5 + share;
    }
    for (int i = TERMS; i > 0; i--) {
        share = away + i / share;
    }
    share = density(away) / share;
    return x < 0 ? share : 1 - share;
}

owi_bounded_shares owi_bounded_share(const owi_bounded *law) {
    const double low = (law->low - law->mean) / law->std, high = (law->high - law->mean) / law->std;
    const owi_bounded_shares shares = {share_below(low), share_below(-high), 0};
    const double between = low > 0    ? share_below(-low) - shares.above
                           : high < 0 ? share_below(high) - shares.below
                                      : 1 - shares.below - shares.above;
    return (owi_bounded_shares){shares.below, shares.above, between > 0 ? between : 0};
}

// ---- moments

// How far from the highest point, which is the mean or the bound next to it, the density falls to
// exp(-40) of what it is there.
static double reach_from(double peak) {
    const double away = peak < 0 ? -peak : peak;
    return away * 9 > 40 ? 40 / away : 9;
}

// By Simpson's rule over what there is of the density, which is scaled so that nothing vanishes.
owi_bounded_moments owi_bounded_measure(const owi_bounded *law) {
    enum { STEPS = 2000 };
    const double low = (law->low - law->mean) / law->std, high = (law->high - law->mean) / law->std;
    const double peak = low > 0 ? low : high < 0 ? high : 0;
    const double reach = reach_from(peak);
    const double from = low > peak - reach ? low : peak - reach;
    const double to = high < peak + reach ? high : peak + reach, step = (to - from) / STEPS;
    double sums[5] = {0};
    for (int i = 0; i <= STEPS; i++) {
        const double t = from - peak + i * step; // x - peak; x^2 - peak^2 = t (t + 2 peak)
        const double fall = t * (t + 2 * peak) / 2;
        double term = (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * exp_minus(fall < 0 ? 0 : fall);
        for (int k = 0; k < 5; k++, term *= t) {
            sums[k] += term;
        }
    }
    const double m1 = sums[1] / sums[0], m2 = sums[2] / sums[0], m3 = sums[3] / sums[0];
    const double variance = m2 - m1 * m1, m4 = sums[4] / sums[0];
    const double fourth = m4 - 4 * m1 * m3 + 6 * m1 * m1 * m2 - 3 * m1 * m1 * m1 * m1;
    return (owi_bounded_moments){law->mean + law->std * (peak + m1),
                                 law->std * __builtin_sqrt(variance > 0 ? variance : 0),
                                 fourth / (variance * variance)};
}
