// expression.h: numbers as formulas write them: 0.02, -1/16, sqrt(2/5), 0.02/sqrt(24).
#ifndef OWI_PLAN_EXPRESSION_H
#define OWI_PLAN_EXPRESSION_H

#include <stdbool.h>

// Reads a product of numbers and square roots and moves past it; a decimal point is a point
// whatever the locale. False, and *at where something else was expected, when there is none or it
// is not finite.
bool owi_expression_read(const char **at, double *number);

#endif
