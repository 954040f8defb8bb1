// evidence.c: values that are no weights. Where a file has data, a table of sinusoids or a mask is
// kept although it stands where a weight could. Exact structure only: no trained or fresh weight
// has it by chance.
#include "infer/infer.h"

#include <math.h>
#include <stdlib.h>

// The first rows of a tensor: all axes but the last flattened, the last as columns.
typedef struct sample {
    const double *values;
    size_t rows, columns, count;
    bool whole;     // nothing was left out
    size_t varying; // axes with more than one element
    size_t taps;    // of a depthwise kernel, else 0
    size_t padding; // the only row of zeros, or SIZE_MAX
    owi_dtype dtype;
    owi_role role; // that the place gives it
    bool node;     // a Constant node holds it
} sample;

static bool all_equal(const sample *given) {
    for (size_t i = 1; i < given->count; i++) {
        if (given->values[i] != given->values[0]) {
            return false;
        }
    }
    return true;
}

// Zeros and one other value, which is 1 or hugely negative: attention masks, one-hot matrices.
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

// Whole numbers beyond -1, 0 and 1: grids, anchors, the integral of a distribution.
static bool is_whole_numbers(const sample *given) {
    bool beyond = false;
    for (size_t i = 0; i < given->count; i++) {
        if (given->values[i] != floor(given->values[i]) || !isfinite(given->values[i])) {
            return false;
        }
        beyond |= fabs(given->values[i]) > 1;
    }
    return beyond && !all_equal(given);
}

static bool is_progression(const sample *given) {
    const double *at = given->values;
    double step = at[1] - at[0], ratio = at[1] / at[0];
    bool even = step != 0, geometric = at[0] != 0 && ratio != 1;
    for (size_t i = 1; i < given->count && (even || geometric); i++) {
        even = even && fabs(at[i] - at[i - 1] - step) <= 1e-5 * fabs(step);
        geometric = geometric && fabs(at[i] - ratio * at[i - 1]) <= 1e-5 * fabs(at[i]);
    }
    return given->varying == 1 && (even || geometric);
}

// A column a pure tone over rows [from, to): next + previous = 2 cos(w) * this, one w for the
// column (positions: Vaswani et al. 2017, section 3.5; rotary tables; a windowed Fourier basis
// too).
static bool is_tone(const sample *given, size_t column, size_t from, size_t to, double largest) {
    double top = 0, bottom = 0, worst = 0, amplitude = 0;
    for (int pass = 0; pass < 2; pass++) {
        double twice_cosine = bottom > 0 ? top / bottom : 2;
        for (size_t row = from + 1; row + 1 < to; row++) {
            if (given->padding != SIZE_MAX && row + 1 >= given->padding &&
                row <= given->padding + 1) {
                continue; // the padding index of a table has zeros instead (fairseq, M2M)
            }
            const double *at = given->values + row * given->columns + column;
            double both = at[given->columns] + at[-(ptrdiff_t)given->columns];
            amplitude = fmax(amplitude, fabs(at[0]));
            top += pass ? 0 : both * at[0];
            bottom += pass ? 0 : at[0] * at[0];
            worst = pass ? fmax(worst, fabs(both - twice_cosine * at[0])) : 0;
        }
    }
    return worst <= 2e-3 * amplitude + 1e-5 * largest;
}

static bool are_tones(const sample *given, size_t from, size_t to, double largest) {
    size_t fewest = given->padding >= from && given->padding < to ? 8 : 5;
    for (size_t column = 0; column < given->columns && to - from >= fewest; column++) {
        if (!is_tone(given, column, from, to, largest)) {
            return false;
        }
    }
    return to - from >= fewest;
}

static size_t padding_row(const sample *given) {
    size_t found = SIZE_MAX, count = 0;
    for (size_t row = 0; row < given->rows && count < 2; row++) {
        bool zeros = true;
        for (size_t i = 0; i < given->columns && zeros; i++) {
            zeros = given->values[row * given->columns + i] == 0;
        }
        found = zeros ? row : found;
        count += zeros;
    }
    return count == 1 ? found : SIZE_MAX;
}

static bool rows_equal(const sample *given) {
    for (size_t i = given->columns; i < given->count; i++) {
        if (given->values[i] != given->values[i - given->columns]) {
            return false;
        }
    }
    return true;
}

// All rows, or each half of them: a Fourier basis has cosines above and sines below.
static bool is_sinusoids(const sample *given) {
    double largest = 0;
    size_t half = given->rows / 2;
    if (given->rows < 5 || given->columns < 2 || rows_equal(given)) {
        return false;
    }
    for (size_t i = 0; i < given->count; i++) {
        largest = fmax(largest, fabs(given->values[i]));
    }
    return are_tones(given, 0, given->rows, largest) ||
           (given->whole && are_tones(given, 0, half, largest) &&
            are_tones(given, half, given->rows, largest));
}

// Each row sines and cosines of the same angles, neighbours, halves or halves of halves (positions
// on a grid: Chen et al. 2021, MAE).
static bool are_pairs(const sample *given, size_t apart) {
    for (size_t row = 0; row < given->rows; row++) {
        for (size_t i = 0; i < given->columns && row != given->padding; i++) {
            const double *at = given->values + row * given->columns + i;
            if (i / apart % 2 == 0 && fabs(at[0] * at[0] + at[apart] * at[apart] - 1) > 4e-3) {
                return false;
            }
        }
    }
    return true;
}

static bool is_circles(const sample *given) {
    size_t columns = given->columns;
    return given->rows > 3 && columns >= 4 && columns % 4 == 0 && !rows_equal(given) &&
           (are_pairs(given, 1) || are_pairs(given, columns / 2) || are_pairs(given, columns / 4));
}

// A filter bank: nothing negative, mostly zero, each column one hill (mel scale and its like).
static bool is_filter_bank(const sample *given) {
    size_t zeros = 0, hills = 0;
    if (!given->whole || given->rows < 8 || given->columns < 4) {
        return false;
    }
    for (size_t column = 0; column < given->columns; column++) {
        bool rose = false, fell = false;
        for (size_t row = 0; row < given->rows; row++) {
            double value = given->values[row * given->columns + column];
            double before = row ? given->values[(row - 1) * given->columns + column] : 0;
            zeros += value == 0;
            if (value < 0 || (value > before && fell)) {
                return false;
            }
            rose |= value > before;
            fell |= rose && value < before;
        }
        hills += rose;
    }
    return zeros * 2 > given->count && hills * 2 > given->columns;
}

// Every channel of a depthwise kernel is the same: blurs, wavelets, upsampling. Or the only channel
// is a symmetric average.
static bool is_fixed_kernel(const sample *given) {
    size_t taps = given->taps, channels = taps ? given->count / taps : 0;
    double sum = 0;
    if (channels < 1 || taps < 3 || all_equal(given)) {
        return false;
    }
    for (size_t i = 0; i < given->count; i++) {
        sum += given->values[i] / (double)channels;
        if (given->values[i] != given->values[i % taps]) {
            return false;
        }
    }
    bool average = fabs(sum - 1) < 1e-4;
    for (size_t i = 0; i < taps; i++) {
        average = average && fabs(given->values[i] - given->values[taps - 1 - i]) < 1e-6;
    }
    return channels > 1 || average;
}

// In sums and products: numbers that somebody wrote. Of many equal ones only short fractions are
// evidence, and only where training would not start from them.
static bool is_settings(const sample *given) {
    bool sum = given->role == OWI_ROLE_SHIFT || given->role == OWI_ROLE_POSITION_EMBEDDING;
    bool product = given->role == OWI_ROLE_SCALE;
    double first = given->values[0];
    bool fresh = first == 0 || (first == 1 && product) || first * 64 != floor(first * 64);
    return (sum || product) && !(all_equal(given) && fresh) &&
           owi_is_written(given->values, given->count, given->dtype);
}

// A symmetric matrix, or one whose rows are averages: the neighbours of each node of a graph.
static bool is_adjacency(const sample *given) {
    size_t n = given->rows;
    bool symmetric = given->role == OWI_ROLE_LINEAR_WEIGHT && given->varying == 2, average = true;
    if (!symmetric || given->columns != n || !given->whole || all_equal(given)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            double value = given->values[i * n + k];
            symmetric = symmetric && value == given->values[k * n + i];
            average = average && value >= 0;
            sum += value;
        }
        average = average && fabs(sum - 1) < 1e-5;
    }
    return symmetric || average;
}

static bool is_signal_role(owi_role role) {
    return role == OWI_ROLE_POSITION_EMBEDDING || role == OWI_ROLE_PARAMETER;
}

// What exporters write as nodes and is all the same: a state to start from, an offset.
static bool is_filling(const sample *given) {
    return given->node && is_signal_role(given->role) && all_equal(given);
}

static int by_size(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

// Of single precision, few of many numbers come twice by chance. Distances, coordinates and biases
// by distance do, as do tables that were gathered from smaller ones. Sorts the sample: the last.
static bool is_repeating(const sample *given) {
    enum { REPEATS = 4 }; // of each number, on average
    size_t distinct = 1;
    if (given->dtype != OWI_DTYPE_FLOAT || !is_signal_role(given->role) || all_equal(given)) {
        return false;
    }
    qsort((double *)given->values, given->count, sizeof *given->values, by_size);
    for (size_t i = 1; i < given->count; i++) {
        distinct += given->values[i] != given->values[i - 1];
    }
    return distinct * REPEATS <= given->count;
}

static const struct {
    bool (*holds)(const sample *given);
    size_t fewest;
    const char *what;
} structures[] = {
#define STRUCTURE(id, fewest, what) {is_##id, fewest, what},
#include "tables/structures.def"
#undef STRUCTURE
};

// Roles that a constant can take by where it stands; the slots of RNNs, norms and biases never hold
// one.
static bool is_doubtful(owi_role role) {
    return role <= OWI_ROLE_LINEAR_WEIGHT || role == OWI_ROLE_EMBEDDING_WEIGHT ||
           role == OWI_ROLE_POSITION_EMBEDDING || role == OWI_ROLE_PARAMETER ||
           role == OWI_ROLE_SCALE || role == OWI_ROLE_SHIFT || role == OWI_ROLE_LAYER_SCALE ||
           role == OWI_ROLE_UNKNOWN;
}

static const char *find_structure(const owi_model *model, const owi_tensor *tensor, owi_role role,
                                  double *scratch) {
    sample given = {.values = scratch, .dtype = tensor->dtype, .role = role};
    given.node = tensor->carrier == OWI_CARRIER_CONSTANT;
    given.columns = (size_t)tensor->dims[tensor->rank - 1];
    if (given.columns > OWI_EVIDENCE_VALUES) {
        given.columns = OWI_EVIDENCE_VALUES;
    }
    size_t rows = (size_t)(tensor->elements / given.columns);
    size_t most = OWI_EVIDENCE_VALUES / given.columns;
    given.rows = rows < most ? rows : most;
    given.count = given.rows * given.columns;
    given.whole = given.count == tensor->elements;
    for (size_t i = 0; i < tensor->rank; i++) {
        given.varying += tensor->dims[i] != 1;
    }
    bool kernel = role == OWI_ROLE_CONV_WEIGHT || role == OWI_ROLE_CONV_TRANSPOSE_WEIGHT;
    if (kernel && tensor->rank > 2 && tensor->dims[1] == 1 && given.whole) {
        given.taps = (size_t)(tensor->elements / (uint64_t)tensor->dims[0]);
    }
    if (!owi_tensor_read(model, tensor->proto, 0, given.count, scratch)) {
        return NULL;
    }
    if (given.values[0] == 0 && all_equal(&given) &&
        !is_filling(&given)) { // as exporters leave it: no structure
        return NULL;
    }
    given.padding = padding_row(&given);
    for (size_t i = 0; i < sizeof structures / sizeof *structures; i++) {
        if (given.count >= structures[i].fewest && structures[i].holds(&given)) {
            return structures[i].what;
        }
    }
    return NULL;
}

const char *owi_evidence(const owi_model *model, const owi_tensor *tensor, owi_role role,
                         owi_reading *reading) {
    if (!tensor->proto || !tensor->has_data || tensor->ours || tensor->rank < 1 ||
        !tensor->elements || !is_doubtful(role)) {
        return NULL;
    }
    if (reading->tensor != tensor || reading->role != role) {
        reading->structure = find_structure(model, tensor, role, reading->values);
        reading->tensor = tensor;
        reading->role = role;
    }
    return reading->structure;
}
