// warnings.c: first those of the model as a whole, then those of its tensors, in file order.
#include "report/report.h"

static void warn(owi_writer *writer, const char *prefix, const char *name, const char *text) {
    owi_write(writer, prefix);
    owi_write(writer, name ? name : "");
    owi_write(writer, name ? ": " : "");
    owi_write(writer, text);
    owi_write(writer, "\n");
}

owi_status owi_report_warnings(const owi_view *view, const char *prefix, size_t most,
                               owi_writer *writer) {
    size_t count = 0;
    for (size_t i = 0; i < view->summary.warning_count && count < most; i++, count++) {
        warn(writer, prefix, NULL, view->summary.warnings[i]);
    }
    for (size_t i = 0; i < view->count; i++) {
        const owi_row *row = &view->rows[i];
        for (size_t j = 0; j < row->warning_count && count < most; j++, count++) {
            warn(writer, prefix, row->name, row->warnings[j]);
        }
    }
    if (count < view->warnings) {
        owi_writef(writer, "and %zu more warnings\n", view->warnings - count);
    }
    return OWI_OK;
}
