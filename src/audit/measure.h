// measure.h: what is in a tensor: one pass over each of its boxes, wherever the values lie.
#ifndef OWI_AUDIT_MEASURE_H
#define OWI_AUDIT_MEASURE_H

#include "audit/expected.h"
#include "graph/graph.h"
#include "model/values.h"

// A box and what is asked about it.
typedef struct owi_box_subject {
    const owi_recipe *recipe; // where it lies, and what it should be
    double fan_in, fan_out;   // NAN where they mean nothing
    const char *label;        // NULL for a whole tensor
} owi_box_subject;

typedef struct owi_box_result {
    owi_measured measured;
    owi_test test; // NONE where nothing is expected
    owi_expected expected;
    uint64_t fits;                  // bit i: candidate i (fit.h)
    uint64_t differing;             // CONSTANT: values that are not the expected one, near enough
    bool rows_alike, columns_alike; // of a matrix of several
} owi_box_result;

typedef struct owi_subject {
    const owi_row *row;  // the plan's, or a saved one
    const char *problem; // why it deviates, whatever it holds; NULL
    const owi_tensor *tensor;
    const owi_filler *filler; // shape and type, as the boxes see them
    bool expects;             // else boxes say only where to look
    bool is_matrix;           // whether rows and columns mean something
    bool finds_scheme;        // whether candidates are tested
    const owi_box_subject *boxes;
    size_t box_count;
    owi_box_result *results; // one for each box
    owi_measured whole;
    bool read; // whether there are values, and they could be read
} owi_subject;

// Memory of one thread, for boxes of at most so many columns.
typedef struct owi_measurer owi_measurer;
size_t owi_measurer_size(uint64_t columns);

// Fills in the results. Thread-safe for different measurers and subjects.
void owi_measure(owi_measurer *measurer, const owi_model *model, owi_subject *subject);

#endif
