// table.c: a line for each tensor, for people. Kept tensors are only counted, unless all are asked
// for; unknown ones are always listed.
#include "report/grid.h"
#include "report/report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef enum column { NAME, SHAPE, ROLE, ACTIVATION, FANS, SCHEME, STD, COLUMNS } column;

static const char *const heads[COLUMNS] = {"NAME", "SHAPE",  "ROLE", "ACTIVATION",
                                           "FANS", "SCHEME", "STD"};

typedef enum audit_column {
    AUDIT_NAME,
    AUDIT_SHAPE,
    AUDIT_SCHEME,
    AUDIT_PLANNED,
    AUDIT_MEASURED,
    AUDIT_VERDICT,
    AUDIT_FIT,
    AUDIT_RANGE,
    AUDIT_COLUMNS
} audit_column;

static const char *const audit_heads[AUDIT_COLUMNS] = {"NAME",     "SHAPE",   "SCHEME", "PLANNED",
                                                       "MEASURED", "VERDICT", "FITS",   "RANGE"};

typedef enum difference_column {
    DIFFERENCE_NAME,
    DIFFERENCE_SHAPE,
    DIFFERENCE_CHANGED,
    DIFFERENCE_RELATIVE,
    DIFFERENCE_LARGEST,
    DIFFERENCE_VERDICT,
    DIFFERENCE_COLUMNS
} difference_column;

static const char *const difference_heads[DIFFERENCE_COLUMNS] = {"NAME",     "SHAPE",   "CHANGED",
                                                                 "RELATIVE", "LARGEST", "VERDICT"};

// What a narrow terminal does without.
static const size_t plan_spare[] = {FANS, SHAPE, ACTIVATION};
static const size_t audit_spare[] = {AUDIT_RANGE, AUDIT_FIT, AUDIT_SHAPE, AUDIT_SCHEME};

enum { MOST_WARNINGS = 20 };

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
    return owi_arena_printf(arena, "%s%s x%zu", row->scheme, owi_is_mixed(row) ? ", ..." : "",
                            row->block_count);
}

// The planned standard deviation, or "= value" of a constant.
static const char *spread(owi_arena *arena, const owi_row *row) {
    char std[OWI_NUMBER_SIZE], value[OWI_NUMBER_SIZE];
    owi_real(std, row->std, 4);
    owi_real(value, row->value, 4);
    return !row->fill ? ""
                      : owi_arena_printf(arena, "%s%s", *value ? "= " : "", *value ? value : std);
}

static void plan_cells(owi_arena *arena, const owi_row *row, const char **cells) {
    cells[NAME] = row->name ? row->name : "";
    cells[SHAPE] = owi_shape(arena, row->shape, row->rank);
    cells[ROLE] = row->role ? row->role : "unknown";
    cells[ACTIVATION] = row->activation && !isnan(row->fan_in) ? row->activation : "";
    cells[FANS] = fans(arena, row);
    cells[SCHEME] = scheme(arena, row);
    cells[STD] = spread(arena, row);
}

// The measured standard deviation, or "= value" where all values are one.
static const char *measured_spread(owi_arena *arena, const owi_finding *finding) {
    const owi_measured *measured = &finding->measured;
    const bool constant = measured->min == measured->max;
    char text[OWI_NUMBER_SIZE];
    owi_real(text, constant ? measured->mean : measured->std, 4);
    return !finding->has_values ? "no values"
                                : owi_arena_printf(arena, "%s%s", constant ? "= " : "", text);
}

static const char *range(owi_arena *arena, const owi_finding *finding) {
    char low[OWI_NUMBER_SIZE], high[OWI_NUMBER_SIZE];
    owi_real(low, finding->measured.min, 4);
    owi_real(high, finding->measured.max, 4);
    return finding->has_values && *low ? owi_arena_printf(arena, "%s to %s", low, high) : "";
}

static const char *fitting(owi_arena *arena, const owi_finding *finding) {
    return finding->fit_count > 1
               ? owi_arena_printf(arena, "%s +%zu", finding->fits[0], finding->fit_count - 1)
           : finding->fit ? finding->fit
                          : "";
}

static void audit_cells(owi_arena *arena, const owi_row *row, const owi_finding *finding,
                        const char **cells) {
    cells[AUDIT_NAME] = row->name ? row->name : "";
    cells[AUDIT_SHAPE] = owi_shape(arena, row->shape, row->rank);
    cells[AUDIT_SCHEME] = scheme(arena, row);
    cells[AUDIT_PLANNED] = owi_is_mixed(row) ? "by parts" : spread(arena, row);
    cells[AUDIT_MEASURED] = measured_spread(arena, finding);
    cells[AUDIT_VERDICT] = owi_verdict_text(finding->verdict);
    cells[AUDIT_FIT] = fitting(arena, finding);
    cells[AUDIT_RANGE] = range(arena, finding);
}

static const char *changed(owi_arena *arena, const owi_row *row, const owi_difference *difference) {
    return difference->change == OWI_CHANGE_NONE ? "none"
           : difference->change == OWI_CHANGE_VALUES
               ? owi_arena_printf(arena, "%" PRIu64 " of %" PRIu64, difference->changed,
                                  row->elements)
               : owi_change_text(difference->change);
}

static void difference_cells(owi_arena *arena, const owi_row *row, const owi_finding *finding,
                             const char **cells) {
    char relative[OWI_NUMBER_SIZE], largest[OWI_NUMBER_SIZE];
    owi_real(relative, finding->difference.relative, 4);
    owi_real(largest, finding->difference.largest, 4);
    cells[DIFFERENCE_NAME] = row->name ? row->name : "";
    cells[DIFFERENCE_SHAPE] = owi_shape(arena, row->shape, row->rank);
    cells[DIFFERENCE_CHANGED] = changed(arena, row, &finding->difference);
    cells[DIFFERENCE_RELATIVE] = owi_arena_printf(arena, "%s", relative);
    cells[DIFFERENCE_LARGEST] = owi_arena_printf(arena, "%s", largest);
    cells[DIFFERENCE_VERDICT] = owi_verdict_text(finding->verdict);
}

// Of a comparison, what differs.
static bool is_listed(const owi_row *row, const owi_finding *finding, bool all) {
    if (finding && finding->difference.change) {
        return all || finding->difference.change != OWI_CHANGE_NONE;
    }
    return row->fill || all || !row->role || strcmp(row->role, "unknown") == 0;
}

owi_grid owi_table_grid(const owi_view *view, bool all, owi_arena *arena) {
    owi_grid grid = {heads, COLUMNS, plan_spare, sizeof plan_spare / sizeof *plan_spare,
                     0,     NULL,    0};
    const bool compares = view->audit && owi_audit_result(view->audit)->other;
    if (compares) {
        grid =
            (owi_grid){difference_heads, DIFFERENCE_COLUMNS, NULL, 0, DIFFERENCE_VERDICT, NULL, 0};
    } else if (view->audit) {
        grid = (owi_grid){audit_heads,
                          AUDIT_COLUMNS,
                          audit_spare,
                          sizeof audit_spare / sizeof *audit_spare,
                          AUDIT_VERDICT,
                          NULL,
                          0};
    }
    grid.cells = owi_new(arena, const char *, view->count *grid.columns);
    for (size_t i = 0; i < view->count; i++) {
        const owi_row *row = &view->rows[i];
        const owi_finding *finding = view->audit ? owi_audit_finding(view->audit, i) : NULL;
        const char **cells = grid.cells + grid.lines * grid.columns;
        if (!is_listed(row, finding, all)) {
            continue;
        }
        if (finding && compares) {
            difference_cells(arena, row, finding, cells);
        } else if (finding) {
            audit_cells(arena, row, finding, cells);
        } else {
            plan_cells(arena, row, cells);
        }
        grid.lines++;
    }
    return grid;
}

// What is wrong with each tensor that is not ok, a line each.
static void write_findings(const owi_view *view, size_t most, owi_writer *writer) {
    size_t count = 0, wrong = 0;
    for (size_t i = 0; view->audit && i < view->count; i++) {
        const owi_finding *finding = owi_audit_finding(view->audit, i);
        const bool changed = finding->bits == OWI_BITS_CHANGED;
        wrong += finding->detail || changed;
        if ((finding->detail || changed) && count < most) {
            owi_write(writer, count++ ? "" : "\n");
            owi_write(writer, view->rows[i].name);
            owi_writef(writer, ": %s", owi_verdict_text(finding->verdict));
            owi_write(writer, finding->detail ? ": " : "");
            owi_write(writer, finding->detail ? finding->detail : "");
            owi_write(writer, changed ? "; changed since it was written\n" : "\n");
        }
    }
    const owi_audit_summary *audit = view->audit ? owi_audit_result(view->audit) : NULL;
    for (size_t i = 0; audit && i < audit->gone_count; i++, wrong++) {
        if (count < most) {
            owi_write(writer, count++ ? "" : "\n");
            owi_write(writer, audit->gone[i]);
            owi_write(writer, ": gone: the file has no such tensor\n");
        }
    }
    if (count < wrong) {
        owi_writef(writer, "and %zu more; see --report\n", wrong - count);
    }
}

owi_status owi_report_table(const owi_view *view, const owi_report_options *options,
                            owi_arena *arena, owi_writer *writer, owi_error *error) {
    const size_t most = options->all ? SIZE_MAX : MOST_WARNINGS;
    owi_grid grid = owi_table_grid(view, options->all, arena);
    if (grid.lines) {
        OWI_TRY(owi_grid_write(&grid, options, arena, writer, error));
    }
    OWI_TRY(owi_report_summary(view, arena, writer));
    write_findings(view, most, writer);
    owi_write(writer, view->warnings ? "\n" : "");
    return owi_report_warnings(view, "warning: ", most, writer);
}
