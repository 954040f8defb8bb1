// matrix.h: whether numbers that come row by row form an orthogonal matrix, or one whose rows or
// columns are all alike, in memory for a few rows.
//
// Orthogonality: a matrix with orthonormal columns keeps the length of every vector, one with
// orthonormal rows that of every row vector. For a random vector s with independent entries of mean
// square m, q = s' (Q'Q - I) s has E q^2 = 2 m^2 ||Q'Q - I||^2 off the diagonal (Hutchinson 1990),
// and |Q s| needs one row of Q at a time.
#ifndef OWI_AUDIT_MATRIX_H
#define OWI_AUDIT_MATRIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OWI_PROBES = 4 };

// Sums over the rows, or the columns, of a matrix.
typedef struct owi_lines {
    uint64_t count, length; // lines, and elements of each
    double means;           // of the squared mean of each line
    double squares;         // of the mean square of each line ...
    double fourths;         // ... and of its square
} owi_lines;

typedef struct owi_matrix {
    uint64_t rows, columns;
    uint64_t next;           // elements taken
    double *first;           // the first row
    double leading;          // the first element of the current row
    double *products;        // wide: sums for each column and probe; tall: the probes themselves
    double dots[OWI_PROBES]; // tall: the current row's products with the probes
    double squares[OWI_PROBES];
    double square; // sum of all squares
    double *column_sums, *column_squares;
    double row_sum, row_square; // of the current row
    owi_lines row_lines;        // of complete rows
    bool rows_alike, columns_alike;
} owi_matrix;

// Bytes of memory that a matrix of so many columns needs.
size_t owi_matrix_size(uint64_t columns);

// Starts a matrix without empty sides; `memory` has owi_matrix_size bytes.
void owi_matrix_start(owi_matrix *matrix, uint64_t rows, uint64_t columns, void *memory);

// Takes the next elements in row-major order.
void owi_matrix_add(owi_matrix *matrix, const double *values, size_t count);

// The rest is asked after the last element.

// ||Q'Q / g^2 - I|| (Frobenius, estimated) over the root of the shorter
// side. 0 for an orthogonal matrix, about 1 for a random square one, less for a long one. NAN for
// fewer than two rows or columns, or all zeros.
double owi_matrix_defect(const owi_matrix *matrix);

// Of fresh numbers, rows differ as little as columns do, and both as little as chance has it.
owi_lines owi_matrix_rows(const owi_matrix *matrix);
owi_lines owi_matrix_columns(const owi_matrix *matrix);

// g: the root of the mean diagonal of Q'Q, or QQ' where that is smaller.
double owi_matrix_gain(const owi_matrix *matrix);

#endif
