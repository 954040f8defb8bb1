// csv.c: RFC 4180, one line a tensor. Spreadsheets take a cell that starts with one of = + - @ or a
// tab for a formula: such a text gets a ' in front.
#include "report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct csv {
    owi_writer *writer;
    owi_arena *arena;
    bool started; // the line has a cell already
} csv;

static void cell(csv *out, const char *text) {
    owi_write(out->writer, out->started ? "," : "");
    owi_write(out->writer, text);
    out->started = true;
}

static void end_line(csv *out) {
    owi_write(out->writer, "\r\n");
    out->started = false;
}

static void cell_TEXT(csv *out, const char *text) {
    if (!text) {
        text = "";
    }
    if (*text && strchr("=+-@\t", *text)) {
        text = owi_arena_printf(out->arena, "'%s", text);
    }
    if (!strpbrk(text, ",\"\r\n")) {
        cell(out, text);
        return;
    }
    char *quoted = owi_arena_alloc(out->arena, 2 * strlen(text) + 3), *at = quoted;
    *at++ = '"';
    for (; *text; text++) {
        if (*text == '"') {
            *at++ = '"';
        }
        *at++ = *text;
    }
    *at = '"';
    cell(out, quoted);
}

static void cell_COUNT(csv *out, int64_t value) {
    char text[OWI_NUMBER_SIZE];
    snprintf(text, sizeof text, "%" PRId64, value);
    cell(out, text);
}

static void cell_NUMBER(csv *out, double value) {
    char text[OWI_NUMBER_SIZE];
    cell(out, owi_real(text, value, 9));
}

static void cell_FLAG(csv *out, bool value) {
    cell(out, value ? "true" : "false");
}

static void cell_SIZES(csv *out, const int64_t *sizes, size_t count) {
    cell(out, owi_shape(out->arena, sizes, count));
}

static void cell_BLOCKS(csv *out, const owi_row *row) {
    cell_COUNT(out, (int64_t)row->block_count);
}

static void head(csv *out, bool audited, bool compared) {
#define ROW_FIELD(key, kind, ...) cell(out, #key);
#include "tables/report_fields.def"
    if (audited) {
#define MEASURED_FIELD(key, kind, ...) cell(out, "measured_" #key);
#define FINDING_FIELD(key, kind, ...)  cell(out, #key);
#include "tables/report_fields.def"
    }
    if (compared) {
#define DIFFERENCE_FIELD(key, kind, ...) cell(out, "difference_" #key);
#include "tables/report_fields.def"
    }
    end_line(out);
}

static void finding_cells(csv *out, const owi_finding *finding) {
    const owi_measured nothing = {.mean = NAN,
                                  .std = NAN,
                                  .min = NAN,
                                  .max = NAN,
                                  .skew = NAN,
                                  .kurtosis = NAN,
                                  .defect = NAN};
    const owi_measured *measured = finding->has_values ? &finding->measured : &nothing;
#define MEASURED_FIELD(key, kind, ...) cell_##kind(out, __VA_ARGS__);
#define FINDING_FIELD(key, kind, ...)  cell_##kind(out, __VA_ARGS__);
#include "tables/report_fields.def"
}

static void difference_cells(csv *out, const owi_difference *difference) {
#define DIFFERENCE_FIELD(key, kind, ...) cell_##kind(out, __VA_ARGS__);
#include "tables/report_fields.def"
}

static void line(csv *out, const owi_row *row, const owi_finding *finding) {
#define ROW_FIELD(key, kind, ...) cell_##kind(out, __VA_ARGS__);
#include "tables/report_fields.def"
    if (finding) {
        finding_cells(out, finding);
    }
    if (finding && finding->difference.change) {
        difference_cells(out, &finding->difference);
    }
    end_line(out);
}

owi_status owi_report_csv(const owi_view *view, owi_arena *arena, owi_writer *writer) {
    csv out = {writer, arena, false};
    head(&out, view->audit, view->audit && owi_audit_result(view->audit)->other);
    for (size_t i = 0; i < view->count; i++) {
        line(&out, &view->rows[i], view->audit ? owi_audit_finding(view->audit, i) : NULL);
    }
    return OWI_OK;
}
