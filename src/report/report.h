// report.h: the formats of a report, and what they share.
#ifndef OWI_REPORT_REPORT_H
#define OWI_REPORT_REPORT_H

#include "base/real.h"
#include "base/status.h"
#include "report/view.h"

// Where a report goes. Once the sink has stopped, everything else is dropped.
typedef struct owi_writer {
    owi_sink sink;
    void *context;
    bool stopped;
} owi_writer;

void owi_write(owi_writer *writer, const char *text);

// printf for texts and integers; real numbers go through owi_real, whatever the locale.
void owi_writef(owi_writer *writer, const char *format, ...) __attribute__((format(printf, 2, 3)));

// With a comma between thousands.
const char *owi_grouped(char text[OWI_NUMBER_SIZE], uint64_t value);

// "64x20"; "scalar" for rank 0.
const char *owi_shape(owi_arena *arena, const int64_t *shape, size_t rank);

// Whether the parts of a tensor get different schemes: then no number stands for all of it.
bool owi_is_mixed(const owi_row *row);

// Each writes one format. They may take memory from the arena, but not while they hold any other.
owi_status owi_report_table(const owi_view *view, const owi_report_options *options,
                            owi_arena *arena, owi_writer *writer, owi_error *error);
owi_status owi_report_json(const owi_view *view, owi_writer *writer, owi_error *error);
owi_status owi_report_csv(const owi_view *view, owi_arena *arena, owi_writer *writer);
// At most `most` lines, and one that tells how many were left out.
owi_status owi_report_warnings(const owi_view *view, const char *prefix, size_t most,
                               owi_writer *writer);
owi_status owi_report_markdown(const owi_view *view, owi_arena *arena, owi_writer *writer);
owi_status owi_report_html(const owi_view *view, owi_arena *arena, owi_writer *writer);
owi_status owi_report_summary(const owi_view *view, owi_arena *arena, owi_writer *writer);
// How this library was built, and with what it runs.
void owi_build_list(owi_writer *to);

owi_status owi_report_trainable(const owi_view *view, owi_writer *writer, owi_error *error);
owi_status owi_report_trainable_names(const owi_view *view, owi_writer *writer, owi_error *error);

#endif
