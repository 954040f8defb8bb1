// bounded.h: the normal distribution between two bounds.
#ifndef OWI_FILL_BOUNDED_H
#define OWI_FILL_BOUNDED_H

#include <stdbool.h>

// N(mean, std^2) on the condition that it falls between low and high, which may be infinite; std is
// above 0, low below high.
typedef struct owi_bounded {
    double mean, std, low, high;
} owi_bounded;

// How the normal is shared out: what lies below the bounds, above them, between. Each has all its
// digits, however small it is.
typedef struct owi_bounded_shares {
    double below, above, between;
} owi_bounded_shares;

// The least share between the bounds that values are drawn from: what a normal has beyond 35.7
// standard deviations. The smallest parts of it are normal numbers, with all their digits.
#define OWI_BOUNDED_LEAST 1e-280

owi_bounded_shares owi_bounded_share(const owi_bounded *law);

// What the values have after the cut. `kurtosis` is the fourth central moment in units of std^4.
typedef struct owi_bounded_moments {
    double mean, std, kurtosis;
} owi_bounded_moments;

// Of a law with at least OWI_BOUNDED_LEAST between its bounds.
owi_bounded_moments owi_bounded_measure(const owi_bounded *law);

#endif
