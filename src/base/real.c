#include "base/real.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *owi_real(char text[OWI_NUMBER_SIZE], double value, int digits) {
    *text = '\0';
    if (!isfinite(value)) {
        return text;
    }
    char local[OWI_NUMBER_SIZE], *out = text;
    snprintf(local, sizeof local, "%.*g", digits, value);
    // Whatever is not a digit, a sign or the exponent is the locale's decimal mark, which may take
    // several bytes.
    for (const char *at = local; *at;) {
        size_t plain = strspn(at, "0123456789+-e");
        memcpy(out, at, plain);
        out += plain;
        at += plain;
        if (*at) {
            *out++ = '.';
            at += strcspn(at, "0123456789+-e");
        }
    }
    *out = '\0';
    return text;
}
