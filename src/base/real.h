// real.h: numbers as text, whatever the locale.
#ifndef OWI_BASE_REAL_H
#define OWI_BASE_REAL_H

enum { OWI_NUMBER_SIZE = 32 };

// The shortest of %f and %e with up to `digits` digits and a decimal point; "" when not a number.
const char *owi_real(char text[OWI_NUMBER_SIZE], double value, int digits);

#endif
