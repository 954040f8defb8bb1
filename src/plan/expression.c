#define _GNU_SOURCE
#include "plan/expression.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 8 }; // square roots of square roots

static bool read_product(const char **at, unsigned depth, double *number);

static void skip_blanks(const char **at) {
    *at += strspn(*at, " \t");
}

static bool accept(const char **at, char wanted) {
    skip_blanks(at);
    bool there = **at == wanted;
    *at += there;
    return there;
}

static bool read_plain(const char **at, double *number) {
    bool digit = **at && strchr("0123456789.", **at); // strtod takes signs, nan and inf, too
    locale_t plain = digit ? newlocale(LC_ALL_MASK, "C", (locale_t)0) : (locale_t)0;
    if (!plain) {
        return false;
    }
    char *end;
    *number = strtod_l(*at, &end, plain);
    freelocale(plain);
    bool found = end != *at;
    *at = end;
    return found;
}

static bool read_factor(const char **at, unsigned depth, double *number) {
    skip_blanks(at);
    if (strncmp(*at, "sqrt", 4) != 0) {
        return read_plain(at, number);
    }
    *at += 4;
    if (depth == DEEPEST || !accept(at, '(') || !read_product(at, depth + 1, number)) {
        return false;
    }
    *number = sqrt(*number);
    return accept(at, ')');
}

static bool read_product(const char **at, unsigned depth, double *number) {
    bool negative = accept(at, '-');
    if (!read_factor(at, depth, number)) {
        return false;
    }
    for (skip_blanks(at); **at == '*' || **at == '/'; skip_blanks(at)) {
        bool divides = *(*at)++ == '/';
        double factor;
        if (!read_factor(at, depth, &factor)) {
            return false;
        }
        *number = divides ? *number / factor : *number * factor;
    }
    *number = negative ? -*number : *number;
    return isfinite(*number);
}

bool owi_expression_read(const char **at, double *number) {
    return read_product(at, 0, number);
}
