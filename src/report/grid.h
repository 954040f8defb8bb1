// grid.h: lines and columns of text.
#ifndef OWI_REPORT_GRID_H
#define OWI_REPORT_GRID_H

#include "report/report.h"

enum { OWI_GRID_COLUMNS = 16 };

typedef struct owi_grid {
    const char *const *heads;
    size_t columns;      // at most OWI_GRID_COLUMNS
    const size_t *spare; // columns that a narrow terminal does without, the first to go first
    size_t spare_count;
    size_t verdict;     // the column of verdicts, which are coloured; 0: none
    const char **cells; // line after line
    size_t lines;
} owi_grid;

// The table of a report.
owi_grid owi_table_grid(const owi_view *view, bool all, owi_arena *arena);

// For a terminal of options->width columns (0: as wide as it gets). The first column gives way.
owi_status owi_grid_write(const owi_grid *grid, const owi_report_options *options, owi_arena *arena,
                          owi_writer *writer, owi_error *error);

#endif
