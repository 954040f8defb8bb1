// case.h: a test case in one text file: a model, a line "---", and what the plan must say.
//
//     options: seed=3 profile=language keep=head.*         (optional, before the model)
//     <ir_version: 8, opset_import: ["" : 17]>
//     g (float[N,3] x) => (float[N,2] y) <float[2,3] w> { y = Gemm<transB = 1>(x, w) }
//     ---
//     w: role=linear.weight fan_in=3 fan_out=2 std=sqrt(2/5) reason~"Gemm input 1"
//     w[0]: label=q start=0                                (a part of a packed tensor)
//     model: profile=generic unknown=0
//
// Keys are those of the report (tables/report_fields.def); only the keys that a line names are
// compared. key=value compares the whole text, numbers to six digits; "null" is no value; lists are
// joined by commas. key~value looks for a part of it. A model that must be refused says so instead:
//
//     %%FAIL INPUT defined twice
#ifndef TESTS_SUPPORT_CASE_H
#define TESTS_SUPPORT_CASE_H

#include "onnx_winit.h"
#include "support/buffer.h"
#include "support/reader.h"

typedef struct test_case {
    const char *path;
    const char *name;    // of the file, without folder and ending
    owi_options options; // of the line "options:"
    uint8_t *model;      // bytes of the model
    size_t model_length;
    const char *expected; // what stands below the line
    int expected_line;    // its number in the file
    const char *failure;  // the rest of a line %%FAIL, or NULL
} test_case;

// Reads a case into the arena. False with one line in `problem` when it is not well formed.
bool case_read(const char *path, owi_arena *arena, test_case *read, buffer *problem);

// Takes the line "options:" off the text, if one stands behind the first comments: key=value, by
// the names of owi_options.
// False for an option that does not exist (case_options.c).
bool case_read_options(char *text, owi_arena *arena, owi_options *options);

// Adds a line to `mismatches` for whatever is not as expected: file, line, row, key, both values.
// Returns how many. Memory comes from the arena.
size_t case_compare(const test_case *given, const owi_row *rows, size_t count,
                    const owi_summary *summary, owi_arena *arena, buffer *mismatches);

// The same for a case that must fail: status and text of what the library answered.
size_t case_compare_failure(const test_case *given, owi_status status, const char *text,
                            buffer *mismatches);

#endif
