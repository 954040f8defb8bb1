#include "report/report.h"

#include "model/guard.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void owi_write(owi_writer *writer, const char *text) {
    writer->stopped = writer->stopped || !writer->sink(writer->context, text, strlen(text));
}

void owi_writef(owi_writer *writer, const char *format, ...) {
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    owi_write(writer, text);
}

const char *owi_grouped(char text[OWI_NUMBER_SIZE], uint64_t value) {
    char digits[OWI_NUMBER_SIZE], *out = text;
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            *out++ = ',';
        }
        *out++ = digits[i];
    }
    *out = '\0';
    return text;
}

const char *owi_shape(owi_arena *arena, const int64_t *shape, size_t rank) {
    const char *text = rank ? "" : "scalar";
    for (size_t i = 0; i < rank; i++) {
        text = owi_arena_printf(arena, "%s%s%" PRId64, text, i ? "x" : "", shape[i]);
    }
    return text;
}

bool owi_is_mixed(const owi_row *row) {
    for (size_t i = 0; i < row->block_count; i++) {
        if (strcmp(row->blocks[i].scheme, row->scheme) != 0) {
            return true;
        }
    }
    return false;
}

static owi_status report(const owi_plan *plan, const owi_report_options *options, owi_arena *arena,
                         owi_writer *writer, owi_error *error) {
    owi_view view = owi_view_make(plan, options->audit, arena);
    switch (options->format) {
    case OWI_TABLE: return owi_report_table(&view, options, arena, writer, error);
    case OWI_SUMMARY: return owi_report_summary(&view, arena, writer);
    case OWI_WARNINGS: return owi_report_warnings(&view, "", SIZE_MAX, writer);
    case OWI_JSON: return owi_report_json(&view, writer, error);
    case OWI_CSV: return owi_report_csv(&view, arena, writer);
    case OWI_MARKDOWN: return owi_report_markdown(&view, arena, writer);
    case OWI_HTML: return owi_report_html(&view, arena, writer);
    case OWI_TRAINABLE: return owi_report_trainable(&view, writer, error);
    case OWI_TRAINABLE_NAMES: return owi_report_trainable_names(&view, writer, error);
    }
    return owi_fail(error, OWI_USAGE, "report format %d does not exist", (int)options->format);
}

static owi_status guarded_report(const owi_plan *plan, const owi_report_options *options,
                                 owi_arena *arena, owi_writer *writer, owi_error *error) {
    OWI_GUARD(arena, error);
    owi_status status = report(plan, options, arena, writer, error);
    OWI_UNGUARD(arena);
    return status;
}

owi_status owi_report(const owi_plan *plan, const owi_report_options *options, owi_sink sink,
                      void *context, owi_error *error) {
    static const owi_report_options usual = OWI_REPORT_INIT;
    owi_arena arena = {0};
    owi_writer writer = {sink, context, false};
    owi_status status = guarded_report(plan, options ? options : &usual, &arena, &writer, error);
    owi_arena_free(&arena);
    if (status == OWI_OK && writer.stopped) {
        status = owi_fail(error, OWI_SYSTEM, "the report could not be written");
    }
    return status;
}
