#include "graph/graph.h"

#include <math.h>

owi_value *owi_input(const owi_node *node, size_t input) {
    return input < node->input_count ? node->inputs[input] : NULL;
}

bool owi_is_signal(const owi_value *value) {
    return value && (value->depends_on_input || value->is_learned_signal);
}

bool owi_known_scalar(const owi_value *value, double *scalar) {
    if (!value || !value->known || value->known->count != 1) {
        return false;
    }
    if (value->known->reals) {
        *scalar = value->known->reals[0];
        return !isnan(*scalar);
    }
    *scalar = (double)value->known->integers[0];
    return value->known->integers[0] != OWI_UNKNOWN;
}

const int64_t *owi_known_integers(const owi_value *value, size_t *count) {
    *count = 0;
    if (!value || !value->known || !value->known->integers) {
        return NULL;
    }
    for (size_t i = 0; i < value->known->count; i++) {
        if (value->known->integers[i] == OWI_UNKNOWN) {
            return NULL;
        }
    }
    *count = value->known->count;
    return value->known->integers;
}

int64_t owi_axis(int64_t axis, size_t rank) {
    int64_t counted = axis < 0 ? axis + (int64_t)rank : axis;
    return counted >= 0 && counted < (int64_t)rank ? counted : OWI_UNKNOWN;
}

int64_t owi_extent(const int64_t *dims, size_t from, size_t to) {
    int64_t extent = 1;
    for (size_t i = from; i < to; i++) {
        if (dims[i] == OWI_UNKNOWN || dims[i] < 0 ||
            __builtin_mul_overflow(extent, dims[i], &extent)) {
            return OWI_UNKNOWN;
        }
    }
    return extent;
}
