// explain.h: why a tensor gets what it gets, in lines for people.
#ifndef OWI_PLAN_EXPLAIN_H
#define OWI_PLAN_EXPLAIN_H

#include "plan/plan.h"

typedef struct owi_line {
    const char *label; // "" goes on with the line before
    const char *text;
} owi_line;

typedef struct owi_lines {
    owi_line *items;
    size_t count, capacity;
} owi_lines;

// The story of one row: where the tensor goes, what that says, and which rules were asked. Texts
// live in the model's arena and are safe to print.
owi_lines owi_explain_row(const owi_plan *plan, size_t row);

// Which rules were asked before one decided, and why each did not fit (explain_rules.c).
void owi_explain_rules(const struct owi_planner *planner, const struct owi_fact *fact,
                       owi_lines *lines);

// How the numbers follow from the rule that decided (explain_numbers.c). `seen` are the dims that
// its op sees, or NULL.
void owi_explain_numbers(const struct owi_planner *planner, const struct owi_fact *fact,
                         const owi_row *row, const int64_t *seen, size_t rank, owi_lines *lines);

// "64x3x7x7", "scalar"; ? where not known.
const char *owi_explain_dims(owi_arena *arena, const int64_t *dims, size_t rank);

// Appends a line.
void owi_tell(owi_arena *arena, owi_lines *lines, const char *label, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
