// slices.c: the bounds that Slice and Split ask for, whether as attributes or as known inputs.
#include "graph/graph.h"

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

bool owi_slice_bounds(const owi_node *node, size_t index, int64_t size, int64_t *start,
                      int64_t *step, int64_t *length) {
    size_t starts_count, ends_count, steps_count = 0;
    const int64_t *starts = owi_parameter_integers(node, 1, "starts", &starts_count);
    const int64_t *ends = owi_parameter_integers(node, 2, "ends", &ends_count);
    const int64_t *steps = owi_known_integers(owi_input(node, 4), &steps_count);
    if (!starts || !ends || index >= starts_count || index >= ends_count || size == OWI_UNKNOWN ||
        (owi_input(node, 4) && index >= steps_count)) {
        return false;
    }
    *step = steps ? steps[index] : 1;
    if (*step == 0 || *step == INT64_MIN) {
        return false;
    }
    int64_t from = starts[index] < 0 ? starts[index] + size : starts[index];
    int64_t to = ends[index] < 0 ? ends[index] + size : ends[index];
    from = *step > 0 ? clamp(from, 0, size) : clamp(from, 0, size - 1);
    to = *step > 0 ? clamp(to, 0, size) : clamp(to, -1, size - 1);
    int64_t span = *step > 0 ? to - from : from - to, stride = *step > 0 ? *step : -*step;
    *start = from;
    *length = span > 0 ? (span - 1) / stride + 1 : 0;
    return true;
}

int64_t owi_slice_axis(const owi_node *node, size_t index, size_t rank) {
    size_t count;
    const int64_t *axes = owi_parameter_integers(node, 3, "axes", &count);
    if (!axes && owi_input(node, 3)) {
        return OWI_UNKNOWN;
    }
    if (axes && index >= count) {
        return OWI_UNKNOWN;
    }
    return owi_axis(axes ? axes[index] : (int64_t)index, rank);
}

size_t owi_slice_count(const owi_node *node) {
    const owi_value *starts = owi_input(node, 1);
    size_t count = 0;
    if (!starts) {
        owi_attribute_integers(node, "starts", &count);
    } else if (starts->known) {
        count = starts->known->count;
    } else if (starts->ranked && starts->rank == 1 && starts->dims[0] >= 0) {
        count = (size_t)starts->dims[0];
    }
    return count <= OWI_LIMIT_RANK ? count : 0;
}

bool owi_split_bounds(const owi_node *node, size_t output, int64_t size, int64_t *start,
                      int64_t *length) {
    size_t count;
    const int64_t *sizes = owi_parameter_integers(node, 1, "split", &count);
    if (sizes && (output >= count || count > OWI_KNOWN_COUNT)) {
        return false;
    }
    if (sizes) {
        int64_t end = 0;
        for (size_t i = 0; i <= output; i++) {
            *start = end;
            if (sizes[i] < 0 || __builtin_add_overflow(end, sizes[i], &end)) {
                return false;
            }
        }
        *length = sizes[output];
        return size == OWI_UNKNOWN || end <= size;
    }
    if (owi_input(node, 1) || size == OWI_UNKNOWN || !node->output_count) {
        return false;
    }
    int64_t parts = (int64_t)node->output_count, part = (size + parts - 1) / parts;
    *start = part * (int64_t)output;
    *length = size - *start < part ? size - *start : part;
    return *length >= 0;
}
