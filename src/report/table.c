// table.c: a line for each tensor, for people. Kept tensors are only counted, unless all are asked
// for; unknown ones are always listed.
#include "report/report.h"

#include <libsmartcols/libsmartcols.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum column { NAME, SHAPE, ROLE, ACTIVATION, FANS, SCHEME, STD, COLUMNS } column;

static const char *const heads[COLUMNS] = {"NAME", "SHAPE",  "ROLE", "ACTIVATION",
                                           "FANS", "SCHEME", "STD"};

enum { MOST_WARNINGS = 20, LEAST_NAME = 15 };

typedef struct cells {
    const char *text[COLUMNS];
} cells;

static const char *fans(owi_arena *arena, const owi_row *row) {
    char in[OWI_NUMBER_SIZE], out[OWI_NUMBER_SIZE];
    owi_real(in, row->fan_in, 6);
    owi_real(out, row->fan_out, 6);
    return *in && *out ? owi_arena_printf(arena, "%s/%s", in, out) : "";
}

static const char *scheme(owi_arena *arena, const owi_row *row) {
    if (!row->fill || !row->scheme) {
        return "kept";
    }
    if (!row->block_count) {
        return row->scheme;
    }
    for (size_t i = 0; i < row->block_count; i++) {
        if (strcmp(row->blocks[i].scheme, row->scheme) != 0) {
            return owi_arena_printf(arena, "%s, ... x%zu", row->scheme, row->block_count);
        }
    }
    return owi_arena_printf(arena, "%s x%zu", row->scheme, row->block_count);
}

// The planned standard deviation, or "= value" of a constant.
static const char *spread(owi_arena *arena, const owi_row *row) {
    char std[OWI_NUMBER_SIZE], value[OWI_NUMBER_SIZE];
    owi_real(std, row->std, 4);
    owi_real(value, row->value, 4);
    return !row->fill ? ""
                      : owi_arena_printf(arena, "%s%s", *value ? "= " : "", *value ? value : std);
}

static cells cells_of(owi_arena *arena, const owi_row *row) {
    return (cells){{
        [NAME] = row->name ? row->name : "",
        [SHAPE] = owi_shape(arena, row->shape, row->rank),
        [ROLE] = row->role ? row->role : "unknown",
        [ACTIVATION] = row->activation && !isnan(row->fan_in) ? row->activation : "",
        [FANS] = fans(arena, row),
        [SCHEME] = scheme(arena, row),
        [STD] = spread(arena, row),
    }};
}

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

// Shortens the names to what the other columns leave of the terminal.
static void fit(owi_arena *arena, cells *lines, size_t count, size_t terminal) {
    size_t taken = COLUMNS - 1; // blanks between the columns
    for (size_t j = NAME + 1; j < COLUMNS; j++) {
        size_t widest = width_of(heads[j]);
        for (size_t i = 0; i < count; i++) {
            size_t width = width_of(lines[i].text[j]);
            widest = width > widest ? width : widest;
        }
        taken += widest;
    }
    size_t left = terminal >= taken + LEAST_NAME ? terminal - taken : LEAST_NAME;
    for (size_t i = 0; i < count; i++) {
        lines[i].text[NAME] = shortened(arena, lines[i].text[NAME], left);
    }
}

// Lines of the table; *text is for the caller to free. Returns 0 or what smartcols answered.
static int lay_out(struct libscols_table *table, const cells *lines, size_t count,
                   const owi_report_options *options, char **text) {
    int failed = 0;
    scols_table_enable_noencoding(table, 1); // texts are escaped already
    scols_table_enable_colors(table, options->color);
    scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER); // the names have been fitted
    for (size_t i = 0; i < COLUMNS; i++) {
        struct libscols_column *made = scols_table_new_column(table, heads[i], 0, 0);
        if (!made) {
            return -1;
        }
        if (options->color) {
            failed |= scols_cell_set_color(scols_column_get_header(made), "\033[1m");
        }
    }
    for (size_t i = 0; i < count && !failed; i++) {
        struct libscols_line *line = scols_table_new_line(table, NULL);
        for (size_t j = 0; j < COLUMNS && line && !failed; j++) {
            failed = scols_line_set_data(line, j, lines[i].text[j]);
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

static owi_status write_lines(const cells *lines, size_t count, const owi_report_options *options,
                              owi_writer *writer, owi_error *error) {
    char *text = NULL;
    struct libscols_table *table = scols_new_table();
    int failed = table ? lay_out(table, lines, count, options, &text) : -1;
    if (!failed && text) {
        write_trimmed(writer, text);
        owi_write(writer, "\n");
    }
    free(text);
    scols_unref_table(table);
    return failed ? owi_fail(error, OWI_SYSTEM, "out of memory while the table was made") : OWI_OK;
}

owi_status owi_report_table(const owi_view *view, const owi_report_options *options,
                            owi_arena *arena, owi_writer *writer, owi_error *error) {
    cells *lines = owi_new(arena, cells, view->count);
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++) {
        const owi_row *row = &view->rows[i];
        if (row->fill || options->all || !row->role || strcmp(row->role, "unknown") == 0) {
            lines[count++] = cells_of(arena, row);
        }
    }
    if (options->width) {
        fit(arena, lines, count, options->width);
    }
    if (count) {
        OWI_TRY(write_lines(lines, count, options, writer, error));
    }
    OWI_TRY(owi_report_summary(view, arena, writer));
    owi_write(writer, view->warnings ? "\n" : "");
    return owi_report_warnings(view, "warning: ", options->all ? SIZE_MAX : MOST_WARNINGS, writer);
}
