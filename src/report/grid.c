#include "report/grid.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_NAME = 12 };

// Columns of the terminal that a text takes: characters, near enough.
static size_t width_of(const char *text) {
    size_t width = 0;
    for (; *text; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return width;
}

static const char *skip_characters(const char *text, size_t count) {
    while (count--) {
        do {
            text++;
        } while (((unsigned char)*text & 0xc0) == 0x80);
    }
    return text;
}

// The text without its middle. The end of a tensor's name tells more than its start.
static const char *shortened(owi_arena *arena, const char *text, size_t width) {
    size_t length = width_of(text), head = (width - 3) / 3, tail = width - 3 - head;
    if (length <= width) {
        return text;
    }
    return owi_arena_printf(arena, "%.*s...%s", (int)(skip_characters(text, head) - text), text,
                            skip_characters(text, length - tail));
}

static const char **cell(const owi_grid *grid, size_t line, size_t column) {
    return &grid->cells[line * grid->columns + column];
}

static size_t column_width(const owi_grid *grid, size_t column) {
    size_t widest = width_of(grid->heads[column]);
    for (size_t i = 0; i < grid->lines; i++) {
        size_t width = width_of(*cell(grid, i, column));
        widest = width > widest ? width : widest;
    }
    return widest;
}

// Leaves out what the terminal has no room for, and shortens the names to what is left of it.
static void fit(owi_arena *arena, const owi_grid *grid, size_t terminal, bool *shown) {
    const size_t name = column_width(grid, 0), least = name < LEAST_NAME ? name : LEAST_NAME;
    size_t taken = 0, dropped = 0;
    for (size_t i = 1; i < grid->columns; i++) {
        taken += 1 + column_width(grid, i); // a blank between the columns
    }
    for (; taken + least > terminal && dropped < grid->spare_count; dropped++) {
        shown[grid->spare[dropped]] = false;
        taken -= 1 + column_width(grid, grid->spare[dropped]);
    }
    const size_t left = terminal >= taken + LEAST_NAME ? terminal - taken : LEAST_NAME;
    for (size_t i = 0; i < grid->lines; i++) {
        *cell(grid, i, 0) = shortened(arena, *cell(grid, i, 0), left);
    }
}

// What is ok is green, what is not judged plain.
static const char *color_of(const char *verdict) {
    return strcmp(verdict, "ok") == 0                                        ? "\033[32m"
           : strcmp(verdict, "kept") == 0 || strcmp(verdict, "unknown") == 0 ? NULL
                                                                             : "\033[31m";
}

// Lines of the table; *text is for the caller to free. Returns 0 or what smartcols answered.
static int lay_out(struct libscols_table *table, const owi_grid *grid, const bool *shown,
                   bool color, char **text) {
    int failed = 0;
    scols_table_enable_noencoding(table, 1); // texts are escaped already
    scols_table_enable_colors(table, color);
    scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER); // the names have been fitted
    for (size_t i = 0; i < grid->columns; i++) {
        if (!shown[i]) {
            continue;
        }
        struct libscols_column *made = scols_table_new_column(table, grid->heads[i], 0, 0);
        if (!made) {
            return -1;
        }
        if (color) {
            failed |= scols_cell_set_color(scols_column_get_header(made), "\033[1m");
        }
    }
    for (size_t i = 0; i < grid->lines && !failed; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        for (size_t j = 0, at = 0; j < grid->columns && line && !failed; j++) {
            failed = shown[j] ? scols_line_set_data(line, at, *cell(grid, i, j)) : 0;
            if (color && shown[j] && j == grid->verdict && j > 0) {
                const char *paint = color_of(*cell(grid, i, j));
                failed |= paint ? scols_cell_set_color(scols_line_get_cell(line, at), paint) : 0;
            }
            at += shown[j];
        }
        failed = failed || !line;
    }
    return failed ? failed : scols_print_table_to_string(table, text);
}

// Writes the lines without the blanks that smartcols leaves behind an empty last cell.
static void write_trimmed(owi_writer *writer, char *text) {
    while (text) {
        char *next = strchr(text, '\n');
        char *end = next ? next : text + strlen(text);
        while (end > text && end[-1] == ' ') {
            end--;
        }
        *end = '\0';
        owi_write(writer, text);
        owi_write(writer, "\n");
        text = next ? next + 1 : NULL;
    }
}

owi_status owi_grid_write(const owi_grid *grid, const owi_report_options *options, owi_arena *arena,
                          owi_writer *writer, owi_error *error) {
    char *text = NULL;
    bool shown[OWI_GRID_COLUMNS];
    memset(shown, true, sizeof shown);
    if (options->width) {
        fit(arena, grid, options->width, shown);
    }
    struct libscols_table *table = scols_new_table();
    int failed = table ? lay_out(table, grid, shown, options->color, &text) : -1;
    if (!failed && text) {
        write_trimmed(writer, text);
        owi_write(writer, "\n");
    }
    free(text);
    scols_unref_table(table);
    return failed ? owi_fail(error, OWI_SYSTEM, "out of memory while the table was made") : OWI_OK;
}
