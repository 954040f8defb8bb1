#include "probability.h"

#include <math.h>

double probability_normal(double score) {
    return erfc(fabs(score) / sqrt(2));
}

double probability_kolmogorov(double statistic) {
    double sum = 0;
    for (int k = 1; k <= 100; k++) {
        sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * statistic * statistic);
    }
    return statistic < 0.2 ? 1 : sum;
}

// Marsaglia and Marsaglia, "Evaluating the Anderson-Darling distribution", J. Stat. Software 9
// (2004), whose absolute error of 2e-6 is too much for the far tail. There, the law of a weighted
// sum of squares with the weights 1/(j (j + 1)) is that of its largest term, times
// sqrt(prod (1 - 2/(j (j + 1)))^-1) = sqrt 3 (Zolotarev, Theory Probab. Appl. 6, 1961).
double probability_anderson(double z) {
    if (z > 5) {
        return sqrt(3) * erfc(sqrt(z));
    }
    if (z >= 2) {
        const double power =
            1.0776 -
            (2.30695 - (0.43424 - (0.082433 - (0.008056 - 0.0003146 * z) * z) * z) * z) * z;
        return -expm1(-exp(power));
    }
    const double series =
        2.00012 +
        (0.247105 - (0.0649821 - (0.0347962 - (0.0116720 - 0.00168691 * z) * z) * z) * z) * z;
    return z > 0 ? 1 - exp(-1.2337141 / z) / sqrt(z) * series : 1;
}
