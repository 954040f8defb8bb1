// probability.h: how odd a statistic is: the chance of one at least as large from the right law.
#ifndef TOOLS_PROBABILITY_H
#define TOOLS_PROBABILITY_H

// Of a standard normal score, to either side.
double probability_normal(double score);

// Of sqrt(n) D, Kolmogorov and Smirnov's statistic, for large n.
double probability_kolmogorov(double statistic);

// Of A^2, Anderson and Darling's statistic, for large n; to a tenth of itself.
double probability_anderson(double statistic);

#endif
