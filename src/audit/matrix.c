#include "audit/matrix.h"

#include <math.h>
#include <string.h>

// splitmix64 (Steele, Lea, Flood 2014).
static uint64_t bits_of(uint64_t index) {
    uint64_t z = index * 0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

// Entry `index` of each probe: 1, -1, 2 or -2. With signs alone, rows that are orthogonal but of
// different lengths would pass.
static void probes_at(uint64_t index, double entries[OWI_PROBES]) {
    uint64_t bits = bits_of(index);
    for (size_t probe = 0; probe < OWI_PROBES; probe++, bits >>= 2) {
        entries[probe] = (bits & 1 ? 1 : -1) * (bits & 2 ? 1.0 : 2.0);
    }
}

static const double MEAN_SQUARE = 2.5; // of an entry

static bool is_wide(const owi_matrix *matrix) {
    return matrix->rows <= matrix->columns;
}

size_t owi_matrix_size(uint64_t columns) {
    return (size_t)columns * (3 + OWI_PROBES) * sizeof(double);
}

void owi_matrix_start(owi_matrix *matrix, uint64_t rows, uint64_t columns, void *memory) {
    double *numbers = memory;
    memset(memory, 0, owi_matrix_size(columns));
    *matrix = (owi_matrix){.rows = rows,
                           .columns = columns,
                           .first = numbers,
                           .column_sums = numbers + columns,
                           .column_squares = numbers + 2 * columns,
                           .products = numbers + 3 * columns,
                           .row_lines = {.count = rows, .length = columns},
                           .rows_alike = true,
                           .columns_alike = true};
    for (uint64_t i = 0; !is_wide(matrix) && i < columns; i++) {
        probes_at(i, matrix->products + i * OWI_PROBES);
    }
}

// Part of a row, from `column` on.
static void compare(owi_matrix *matrix, uint64_t row, uint64_t column, const double *values,
                    size_t count) {
    if (column == 0) {
        matrix->leading = values[0];
    }
    if (row == 0) {
        memcpy(matrix->first + column, values, count * sizeof *values);
    }
    for (size_t i = 0; i < count && (matrix->rows_alike || matrix->columns_alike); i++) {
        matrix->rows_alike = matrix->rows_alike && values[i] == matrix->first[column + i];
        matrix->columns_alike = matrix->columns_alike && values[i] == matrix->leading;
    }
}

static void take_wide(owi_matrix *matrix, uint64_t row, uint64_t column, const double *values,
                      size_t count) {
    double entries[OWI_PROBES];
    probes_at(row, entries);
    for (size_t i = 0; i < count; i++) {
        double *sums = matrix->products + (column + i) * OWI_PROBES;
        for (size_t probe = 0; probe < OWI_PROBES; probe++) {
            sums[probe] += entries[probe] * values[i];
        }
    }
}

static void take_tall(owi_matrix *matrix, uint64_t column, const double *values, size_t count) {
    double sums[OWI_PROBES];
    memcpy(sums, matrix->dots, sizeof sums);
    for (size_t i = 0; i < count; i++) {
        const double *entries = matrix->products + (column + i) * OWI_PROBES;
        for (size_t probe = 0; probe < OWI_PROBES; probe++) {
            sums[probe] += entries[probe] * values[i];
        }
    }
    const bool complete = column + count == matrix->columns;
    for (size_t probe = 0; probe < OWI_PROBES; probe++) {
        matrix->squares[probe] += complete ? sums[probe] * sums[probe] : 0;
        matrix->dots[probe] = complete ? 0 : sums[probe];
    }
}

static void add_line(owi_lines *lines, double sum, double square) {
    const double mean = sum / (double)lines->length, mean_square = square / (double)lines->length;
    lines->means += mean * mean;
    lines->squares += mean_square;
    lines->fourths += mean_square * mean_square;
}

static void take_lines(owi_matrix *matrix, uint64_t column, const double *values, size_t count) {
    double *sums = matrix->column_sums + column, *squares = matrix->column_squares + column;
    for (size_t i = 0; i < count; i++) {
        const double square = values[i] * values[i];
        sums[i] += values[i];
        squares[i] += square;
        matrix->row_sum += values[i];
        matrix->row_square += square;
    }
    if (column + count == matrix->columns) {
        add_line(&matrix->row_lines, matrix->row_sum, matrix->row_square);
        matrix->square += matrix->row_square;
        matrix->row_sum = matrix->row_square = 0;
    }
}

void owi_matrix_add(owi_matrix *matrix, const double *values, size_t count) {
    for (size_t part; count > 0; count -= part, values += part) {
        const uint64_t row = matrix->next / matrix->columns;
        const uint64_t column = matrix->next % matrix->columns, left = matrix->columns - column;
        part = left < count ? (size_t)left : count;
        compare(matrix, row, column, values, part);
        if (is_wide(matrix)) {
            take_wide(matrix, row, column, values, part);
        } else {
            take_tall(matrix, column, values, part);
        }
        take_lines(matrix, column, values, part);
        matrix->next += part;
    }
}

static uint64_t shorter_side(const owi_matrix *matrix) {
    return is_wide(matrix) ? matrix->rows : matrix->columns;
}

double owi_matrix_gain(const owi_matrix *matrix) {
    return sqrt(matrix->square / (double)shorter_side(matrix));
}

double owi_matrix_defect(const owi_matrix *matrix) {
    const uint64_t side = shorter_side(matrix);
    const double gain = owi_matrix_gain(matrix);
    double squares[OWI_PROBES], lengths[OWI_PROBES] = {0}, sum = 0;
    if (matrix->rows < 2 || matrix->columns < 2 || !(gain > 0)) {
        return NAN;
    }
    memcpy(squares, matrix->squares, sizeof squares);
    for (uint64_t i = 0; i < side; i++) {
        double entries[OWI_PROBES];
        probes_at(i, entries);
        for (size_t probe = 0; probe < OWI_PROBES; probe++) {
            lengths[probe] += entries[probe] * entries[probe];
        }
    }
    for (uint64_t i = 0; is_wide(matrix) && i < matrix->columns * OWI_PROBES; i++) {
        squares[i % OWI_PROBES] += matrix->products[i] * matrix->products[i];
    }
    for (size_t probe = 0; probe < OWI_PROBES; probe++) {
        const double q = squares[probe] / (gain * gain) - lengths[probe];
        sum += q * q;
    }
    return sqrt(sum / OWI_PROBES / 2 / (double)side) / MEAN_SQUARE;
}

owi_lines owi_matrix_rows(const owi_matrix *matrix) {
    return matrix->row_lines;
}

owi_lines owi_matrix_columns(const owi_matrix *matrix) {
    owi_lines lines = {.count = matrix->columns, .length = matrix->rows};
    for (uint64_t i = 0; i < matrix->columns; i++) {
        add_line(&lines, matrix->column_sums[i], matrix->column_squares[i]);
    }
    return lines;
}
