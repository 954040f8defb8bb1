// written.c: numbers that somebody wrote down: 6, 0.5, 0.229, 1/255, the root of 1/64. What
// training leaves has all the digits of its type, and shows such numbers by chance in less than one
// in a thousand.
#include "infer/infer.h"

#include <math.h>

enum {
    PARTS = 64,         // of short binary fractions
    MOST_WHOLE = 65536, // beyond, every number of single precision may be whole
    MOST_RADICAND = 1024,
    MOST_DENOMINATOR = 256
};

static bool is_near(double value, double whole) {
    return whole >= 1 && fabs(value - whole) <= 2e-7 * whole;
}

static bool is_binary_fraction(double value, double parts) {
    return fabs(value) <= MOST_WHOLE && value * parts == floor(value * parts);
}

// At most four digits that matter, as in 0.485 and 1e-6.
static bool is_decimal(double value) {
    double left = fabs(value);
    for (int i = 0; i < 12 && left < 1000; i++) {
        left *= 10;
    }
    return left < 1e4 && is_near(left, floor(left + 0.5));
}

// 1/n, 2/n, sqrt(n), 1/sqrt(n).
static bool is_simple_ratio(double value) {
    double size = fabs(value), root = size * size, inverse = 1 / root;
    double one = 1 / size, two = 2 / size;
    return (one <= MOST_DENOMINATOR && is_near(one, floor(one + 0.5))) ||
           (two <= MOST_DENOMINATOR && is_near(two, floor(two + 0.5))) ||
           (root <= MOST_RADICAND && is_near(root, floor(root + 0.5))) ||
           (inverse <= MOST_RADICAND && is_near(inverse, floor(inverse + 0.5)));
}

bool owi_is_written(const double *values, size_t count, owi_dtype dtype) {
    bool wide = dtype == OWI_DTYPE_FLOAT || dtype == OWI_DTYPE_DOUBLE, beyond = false;
    for (size_t i = 0; i < count; i++) {
        bool written = is_binary_fraction(values[i], wide ? PARTS : 1) ||
                       (wide && is_decimal(values[i])) ||
                       (wide && count == 1 && is_simple_ratio(values[i]));
        if (!written) {
            return false;
        }
        beyond |= fabs(values[i]) > 1;
    }
    return wide || (beyond && count > 1); // half precision has many whole numbers
}

bool owi_is_learned_scalar(const owi_tensor *tensor, owi_signal where) {
    const owi_known *known = tensor->values[0]->known;
    if (tensor->rank == 0) {
        return false;
    }
    if (tensor->ours || !known || !known->reals || isnan(known->reals[0]) ||
        owi_name_suggests(tensor->name, OWI_SUGGESTS_PARAMETER)) {
        return true;
    }
    double value = known->reals[0];
    bool fresh = value == 0 || (value == 1 && where == OWI_SIGNAL_MUL); // what training starts from
    bool wide = tensor->dtype == OWI_DTYPE_FLOAT || tensor->dtype == OWI_DTYPE_DOUBLE;
    return tensor->carrier == OWI_CARRIER_CONSTANT
               ? wide && !fresh && !owi_is_written(&value, 1, tensor->dtype)
               : fresh || !owi_is_written(&value, 1, tensor->dtype);
}
