// markdown.c: the table as a pipe table, then the summary as it is.
#include "report/grid.h"

#include <string.h>

// A pipe would end the cell, a backquote the name, & and < begin what HTML takes for its own.
static void write_cell(owi_writer *writer, owi_arena *arena, const char *text) {
    while (*text) {
        const size_t plain = strcspn(text, "|`<&*_\\[");
        owi_write(writer, owi_arena_copy(arena, text, plain));
        text += plain;
        if (*text) {
            owi_write(writer, owi_arena_printf(arena, "\\%c", *text++));
        }
    }
}

static void write_line(owi_writer *writer, owi_arena *arena, const char *const *cells,
                       size_t count) {
    for (size_t i = 0; i < count; i++) {
        owi_write(writer, "| ");
        write_cell(writer, arena, cells[i]);
        owi_write(writer, " ");
    }
    owi_write(writer, "|\n");
}

owi_status owi_report_markdown(const owi_view *view, owi_arena *arena, owi_writer *writer) {
    const owi_grid grid = owi_table_grid(view, true, arena);
    write_line(writer, arena, grid.heads, grid.columns);
    for (size_t i = 0; i < grid.columns; i++) {
        owi_write(writer, "|---");
    }
    owi_write(writer, "|\n");
    for (size_t i = 0; i < grid.lines; i++) {
        write_line(writer, arena, grid.cells + i * grid.columns, grid.columns);
    }
    owi_write(writer, "\n```text\n");
    owi_report_summary(view, arena, writer);
    owi_write(writer, "```\n");
    return OWI_OK;
}
