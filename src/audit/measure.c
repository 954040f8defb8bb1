#include "audit/measure.h"

#include "audit/fit.h"
#include "fill/runs.h"

#include <math.h>
#include <string.h>

enum { WINDOW = 64 * 1024, MOST_SIZE = 8 };

// Patterns that a box is compared with, element by element, as long as it agrees.
typedef enum pattern { PLANNED, IDENTITY, DIRAC, PATTERNS } pattern;

struct owi_measurer {
    owi_sketch whole, part;
    uint8_t window[WINDOW]; // of the file
    uint64_t window_first, window_count;
    uint8_t chunk[OWI_SKETCH_BLOCK * MOST_SIZE]; // elements of the box, end to end
    uint8_t patterns[PATTERNS][OWI_SKETCH_BLOCK * MOST_SIZE];
    size_t filled; // elements in the chunk
    double matrix_memory[];
};

typedef struct scan {
    owi_measurer *memory;
    owi_values *values;
    owi_dtype dtype;
    size_t size;
    owi_filler fillers[PATTERNS];
    owi_recipe recipes[PATTERNS];
    bool alive[PATTERNS];
    owi_matrix matrix;
    bool has_matrix;
} scan;

size_t owi_measurer_size(uint64_t columns) {
    return sizeof(owi_measurer) + owi_matrix_size(columns);
}

// ---- reading

// Up to `count` elements from `first` on; NULL when they cannot be read.
static const uint8_t *stretch(scan *at, uint64_t first, uint64_t *count) {
    owi_measurer *memory = at->memory;
    uint64_t most = WINDOW / at->size, left = at->values->elements - first;
    bool inside =
        first >= memory->window_first && first < memory->window_first + memory->window_count;
    if (!inside) {
        memory->window_first = first;
        memory->window_count = left < most ? left : most;
        if (!owi_values_read(at->values, first, memory->window_count, memory->window)) {
            memory->window_count = 0;
            return NULL;
        }
    }
    const uint64_t skip = first - memory->window_first, there = memory->window_count - skip;
    *count = *count < there ? *count : there;
    return memory->window + skip * at->size;
}

// ---- taking

static void flush(scan *at) {
    owi_measurer *memory = at->memory;
    const size_t count = memory->filled;
    double values[OWI_SKETCH_BLOCK];
    owi_sketch_add(&memory->part, at->dtype, memory->chunk, count);
    if (at->has_matrix) {
        owi_decode(at->dtype, memory->chunk, count, values);
        owi_matrix_add(&at->matrix, values, count);
    }
    for (size_t i = 0; i < PATTERNS; i++) {
        at->alive[i] =
            at->alive[i] && memcmp(memory->chunk, memory->patterns[i], count * at->size) == 0;
    }
    memory->filled = 0;
}

static void take(scan *at, uint64_t element, const uint8_t *bytes, uint64_t count) {
    owi_measurer *memory = at->memory;
    for (uint64_t part; count > 0; count -= part, element += part, bytes += part * at->size) {
        const size_t room = OWI_SKETCH_BLOCK - memory->filled;
        part = count < room ? count : room;
        memcpy(memory->chunk + memory->filled * at->size, bytes, part * at->size);
        for (size_t i = 0; i < PATTERNS; i++) {
            if (at->alive[i]) {
                owi_fill_range(&at->fillers[i], element, part,
                               memory->patterns[i] + memory->filled * at->size);
            }
        }
        memory->filled += part;
        if (memory->filled == OWI_SKETCH_BLOCK) {
            flush(at);
        }
    }
}

static bool scan_box(scan *at) {
    const owi_runs runs = owi_runs_of(&at->fillers[PLANNED], &at->recipes[PLANNED]);
    owi_sketch_reset(&at->memory->part);
    at->memory->filled = 0;
    for (uint64_t run = 0; run < runs.count; run++) {
        uint64_t element = owi_runs_start(&runs, run), left = runs.length;
        for (uint64_t part; left > 0; element += part, left -= part) {
            part = left;
            const uint8_t *bytes = stretch(at, element, &part);
            if (!bytes) {
                return false;
            }
            take(at, element, bytes, part);
        }
    }
    if (at->memory->filled) {
        flush(at);
    }
    return true;
}

// ---- what is asked

static bool is_pattern(const owi_recipe *recipe) {
    return recipe->kind == OWI_RECIPE_IDENTITY || recipe->kind == OWI_RECIPE_DIRAC ||
           recipe->kind == OWI_RECIPE_BILINEAR;
}

static void prepare(scan *at, const owi_subject *subject, const owi_box_subject *box) {
    const size_t rank = subject->filler->rank;
    const owi_recipe_kind kinds[PATTERNS] = {box->recipe->kind, OWI_RECIPE_IDENTITY,
                                             OWI_RECIPE_DIRAC};
    for (size_t i = 0; i < PATTERNS; i++) {
        at->recipes[i] = *box->recipe;
        at->recipes[i].kind = kinds[i];
        at->recipes[i].b = i == PLANNED ? box->recipe->b : 1;
        at->fillers[i] = *subject->filler;
        at->fillers[i].recipes = &at->recipes[i];
        at->fillers[i].recipe_count = 1;
    }
    at->alive[PLANNED] = subject->expects && is_pattern(box->recipe);
    at->alive[IDENTITY] = subject->is_matrix && subject->finds_scheme && rank == 2;
    at->alive[DIRAC] = subject->is_matrix && subject->finds_scheme && rank > 2;
    const uint64_t rows = owi_box_rows(box->recipe, rank);
    const uint64_t columns = owi_box_columns(box->recipe, rank);
    at->has_matrix = subject->is_matrix && rows > 0 && columns > 0;
    if (at->has_matrix) {
        owi_matrix_start(&at->matrix, rows, columns, at->memory->matrix_memory);
    }
}

// ---- results

// The share of the sketch's numbers in each of the bins of a picture.
static void draw(const owi_sketch *sketch, owi_measured *measured) {
    const double std = owi_sketch_std(sketch), reach = 5 * std;
    const double low = fmax(sketch->min, sketch->mean - reach);
    const double high = fmin(sketch->max, sketch->mean + reach);
    const double width = (high - low) / OWI_HISTOGRAM_BINS;
    measured->low = low;
    measured->high = high;
    for (unsigned bin = 0; bin < OWI_SKETCH_BINS && width > 0; bin++) {
        if (!sketch->bins[bin]) {
            continue;
        }
        const unsigned half = bin % OWI_SKETCH_HALF;
        const double sign = bin < OWI_SKETCH_HALF ? 1 : -1;
        double a = sign * owi_sketch_edge(half), b = sign * owi_sketch_edge(half + 1);
        a = fmin(fmax(a, low), high);
        b = fmin(fmax(b, low), high);
        const double left = (fmin(a, b) - low) / width, right = (fmax(a, b) - low) / width;
        const double share = (double)sketch->bins[bin] / (double)sketch->count;
        for (int i = (int)left; i < OWI_HISTOGRAM_BINS && (i < right || i == (int)left); i++) {
            const double part = fmin(right, i + 1) - fmax(left, i);
            measured->histogram[i] += right > left ? share * part / (right - left) : share;
        }
    }
}

static void summarise(const owi_sketch *sketch, owi_measured *measured) {
    const double n = (double)sketch->count, variance = sketch->m2 / n;
    *measured = (owi_measured){.count = sketch->count + sketch->nonfinite,
                               .zeros = sketch->zeros,
                               .nonfinite = sketch->nonfinite,
                               .mean = NAN,
                               .std = NAN,
                               .min = NAN,
                               .max = NAN,
                               .skew = NAN,
                               .kurtosis = NAN,
                               .defect = NAN,
                               .low = NAN,
                               .high = NAN};
    if (sketch->count == 0) {
        return;
    }
    measured->mean = sketch->mean;
    measured->std = sqrt(variance);
    measured->min = sketch->min;
    measured->max = sketch->max;
    if (variance > 0) {
        measured->skew = sketch->m3 / n / (variance * measured->std);
        measured->kurtosis = sketch->m4 / n / (variance * variance);
    }
    draw(sketch, measured);
}

static uint64_t bin_count(const owi_sketch *sketch, double value) {
    const float narrow = (float)value;
    uint32_t bits;
    memcpy(&bits, &narrow, sizeof bits);
    return value == 0 ? sketch->zeros : sketch->bins[bits >> OWI_SKETCH_SHIFT];
}

static void conclude(scan *at, const owi_subject *subject, const owi_box_subject *box,
                     owi_box_result *result) {
    const owi_sketch *sketch = &at->memory->part;
    owi_sample sample = {sketch, at->has_matrix ? &at->matrix : NULL, at->dtype,
                         at->alive[PLANNED]};
    summarise(sketch, &result->measured);
    result->test = (owi_test){1, OWI_MISMATCH_NONE, NAN};
    if (at->has_matrix) {
        result->rows_alike = at->matrix.rows_alike && at->matrix.rows > 1;
        result->columns_alike = at->matrix.columns_alike && at->matrix.columns > 1;
        result->measured.defect = owi_matrix_defect(&at->matrix);
    }
    if (subject->expects) {
        result->expected = owi_expected_of(box->recipe, subject->filler->rank);
        result->test = owi_expected_test(&result->expected, &sample);
        result->differing = sketch->count - bin_count(sketch, result->expected.mean);
    }
    if (subject->finds_scheme && sketch->count > 0) {
        owi_fit_question question = {&sample, box->fan_in, box->fan_out, at->alive[IDENTITY],
                                     at->alive[DIRAC]};
        result->fits = owi_fit(&question);
    }
}

void owi_measure(owi_measurer *measurer, const owi_model *model, owi_subject *subject) {
    owi_values values;
    const Onnx__TensorProto *proto = subject->tensor->proto;
    const owi_dtype dtype = subject->tensor->dtype;
    scan at = {measurer, &values, .dtype = dtype, .size = owi_dtype_size(dtype)};
    subject->read = proto && owi_values_open(&values, model, proto);
    measurer->window_count = 0;
    owi_sketch_reset(&measurer->whole);
    for (size_t i = 0; i < subject->box_count && subject->read; i++) {
        prepare(&at, subject, &subject->boxes[i]);
        subject->read = scan_box(&at);
        conclude(&at, subject, &subject->boxes[i], &subject->results[i]);
        owi_sketch_merge(&measurer->whole, &measurer->part);
    }
    if (subject->read) {
        summarise(&measurer->whole, &subject->whole);
    }
    if (proto) {
        owi_values_close(&values);
    }
}
