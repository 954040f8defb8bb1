// evidence.c: values that are no weights. Where a file has data, a table that is a sinusoid or a
// mask is kept although it stands where a weight could. Exact structure only: no trained or fresh
// weight has it by chance.
#include "infer/infer.h"

#include <math.h>

enum { FEWEST = 8 }; // fewer values prove nothing

typedef struct sample {
    const double *values; // rows x columns, from the start of the tensor
    size_t rows, columns, count;
} sample;

static bool all_equal(const sample *given) {
    for (size_t i = 1; i < given->count; i++) {
        if (given->values[i] != given->values[0]) {
            return false;
        }
    }
    return true;
}

// Only zeros and one other value, which is infinite, huge and negative, or 1.
static bool is_mask(const sample *given) {
    double other = 0;
    size_t zeros = 0;
    for (size_t i = 0; i < given->count; i++) {
        double value = given->values[i];
        zeros += value == 0;
        if (value != 0 && other != 0 && value != other) {
            return false;
        }
        other = value != 0 ? value : other;
    }
    return zeros > 0 && zeros < given->count && (other == 1 || other <= -1e4);
}

static bool is_arange(const sample *given) {
    double step = given->values[1] - given->values[0];
    for (size_t i = 1; i < given->count; i++) {
        if (step == 0 || fabs(given->values[i] - given->values[i - 1] - step) > 1e-6 * fabs(step)) {
            return false;
        }
    }
    return true;
}

// Each column a pure tone over the rows: next + previous = 2 cos(w) * this, one w for the column.
// (Vaswani et al. 2017, section 3.5; rotary tables too.)
static bool is_tone(const sample *given, size_t column) {
    double top = 0, bottom = 0, worst = 0, amplitude = 0;
    for (int pass = 0; pass < 2; pass++) {
        double twice_cosine = bottom > 0 ? top / bottom : 2;
        for (size_t row = 1; row + 1 < given->rows; row++) {
            const double *at = given->values + row * given->columns + column;
            double both = at[given->columns] + at[-(ptrdiff_t)given->columns];
            amplitude = fmax(amplitude, fabs(at[0]));
            top += pass ? 0 : both * at[0];
            bottom += pass ? 0 : at[0] * at[0];
            worst = pass ? fmax(worst, fabs(both - twice_cosine * at[0])) : 0;
        }
    }
    return worst <= 2e-3 * amplitude;
}

static bool is_sinusoid(const sample *given) {
    if (given->rows < 5 || given->columns < 2) {
        return false;
    }
    for (size_t column = 0; column < given->columns; column++) {
        if (!is_tone(given, column)) {
            return false;
        }
    }
    return !all_equal(given);
}

const char *owi_evidence(const owi_model *model, const owi_tensor *tensor, owi_role role,
                         double *scratch) {
    if (!tensor->proto || !tensor->has_data || tensor->rank < 1 || tensor->elements < FEWEST) {
        return NULL;
    }
    bool vector = role == OWI_ROLE_BIAS || role == OWI_ROLE_NORM_SCALE ||
                  role == OWI_ROLE_NORM_BIAS || role == OWI_ROLE_NORM_MEAN ||
                  role == OWI_ROLE_NORM_VARIANCE;
    size_t columns = (size_t)tensor->dims[tensor->rank - 1];
    size_t most = OWI_EVIDENCE_VALUES;
    if (vector || columns == 0 || columns > most) {
        return NULL;
    }
    size_t rows = (size_t)(tensor->elements / columns);
    rows = rows > most / columns ? most / columns : rows;
    if (!owi_tensor_read(model, tensor->proto, 0, rows * columns, scratch)) {
        return NULL;
    }
    sample given = {scratch, rows, columns, rows * columns};
    if (is_mask(&given)) {
        return "its values are a mask";
    }
    if (tensor->rank == 1 && is_arange(&given)) {
        return "its values are an arithmetic progression";
    }
    if (tensor->rank >= 2 && is_sinusoid(&given)) {
        return "its values are sinusoids";
    }
    return NULL;
}
