// summary.c: the plan in a few lines, for people.
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMES = 8, LINE_WIDTH = 80, LABEL_WIDTH = 10 }; // names: roles or schemes of a line

typedef struct tally {
    const char *name;
    size_t count;
} tally;

typedef struct tallies {
    tally *items;
    size_t count, capacity;
} tallies;

// Roles and schemes are few, so a linear search does.
static void add(owi_arena *arena, tallies *list, const char *name) {
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].name, name) == 0) {
            list->items[i].count++;
            return;
        }
    }
    *owi_push(arena, list) = (tally){name, 1};
}

static int by_count(const void *a, const void *b) {
    const tally *left = a, *right = b;
    if (left->count != right->count) {
        return left->count < right->count ? 1 : -1;
    }
    return strcmp(left->name, right->name);
}

static void write_tallies(owi_writer *writer, const char *label, tallies *list) {
    if (list->count == 0) {
        return;
    }
    qsort(list->items, list->count, sizeof *list->items, by_count);
    int column = LABEL_WIDTH;
    owi_writef(writer, "%-*s", LABEL_WIDTH, label);
    for (size_t i = 0; i < list->count && i < MOST_NAMES; i++) {
        char text[LINE_WIDTH];
        int width =
            snprintf(text, sizeof text, "%s %zu", list->items[i].name, list->items[i].count);
        if (i && column + 2 + width > LINE_WIDTH) {
            owi_writef(writer, ",\n%*s", LABEL_WIDTH, "");
            column = LABEL_WIDTH;
        } else if (i) {
            owi_write(writer, ", ");
            column += 2;
        }
        owi_write(writer, text);
        column += width;
    }
    if (list->count > MOST_NAMES) {
        owi_writef(writer, ", and %zu more", list->count - MOST_NAMES);
    }
    owi_write(writer, "\n");
}

static const char *plural(uint64_t count) {
    return count == 1 ? "" : "s";
}

static void write_model(const owi_view *view, owi_writer *writer) {
    const owi_model_info *model = &view->model;
    char nodes[OWI_NUMBER_SIZE], parameters[OWI_NUMBER_SIZE];
    owi_write(writer, "model     ");
    owi_write(writer, model->file);
    owi_write(writer, " (");
    if (*model->producer) {
        owi_write(writer, model->producer);
        owi_write(writer, ", ");
    }
    for (size_t i = 0; i < model->opset_count; i++) {
        if (*model->opsets[i].domain == '\0') {
            owi_writef(writer, "opset %" PRId64 ", ", model->opsets[i].version);
        }
    }
    owi_writef(writer, "%s node%s, %s parameter%s)\n", owi_grouped(nodes, model->nodes),
               plural(model->nodes), owi_grouped(parameters, view->parameters),
               plural(view->parameters));
}

static void write_profile(const owi_summary *summary, owi_writer *writer) {
    owi_writef(writer, "profile   %s", summary->profile ? summary->profile : "none");
    if (summary->profile_reason) {
        owi_write(writer, ": ");
        owi_write(writer, summary->profile_reason);
    }
    owi_write(writer, "\n");
}

static void write_audit(const owi_audit_summary *audit, size_t total, owi_arena *arena,
                        owi_writer *writer) {
    tallies verdicts = {0};
    for (owi_verdict verdict = OWI_VERDICT_OK; verdict <= OWI_VERDICT_UNKNOWN; verdict++) {
        if (audit->counts[verdict]) {
            *owi_push(arena, &verdicts) =
                (tally){owi_verdict_text(verdict), audit->counts[verdict]};
        }
    }
    owi_writef(writer, "verdict   %s\n", owi_verdict_text(audit->verdict));
    write_tallies(writer, "tensors", &verdicts);
    if (audit->same + audit->changed) {
        owi_writef(writer, "bits      %zu of %zu filled tensors are what was written", audit->same,
                   audit->same + audit->changed);
        owi_writef(writer, audit->gone_count ? ", %zu gone\n" : "\n", audit->gone_count);
    }
    if (audit->other) {
        owi_writef(writer, "differ    %zu of %zu tensors from ", audit->different, total);
        owi_write(writer, audit->other);
        owi_writef(writer, audit->absent_count ? "; %zu are only there\n" : "\n",
                   audit->absent_count);
    }
}

owi_status owi_report_summary(const owi_view *view, owi_arena *arena, owi_writer *writer) {
    tallies roles = {0}, schemes = {0}, kept = {0};
    for (size_t i = 0; i < view->count; i++) {
        const owi_row *row = &view->rows[i];
        add(arena, row->fill ? &roles : &kept, row->role ? row->role : "unknown");
        if (row->fill && row->scheme) {
            add(arena, &schemes, row->scheme);
        }
    }
    char number[OWI_NUMBER_SIZE];
    write_model(view, writer);
    write_profile(&view->summary, writer);
    owi_writef(writer, "seed      %" PRIu64 "\n", view->seed);
    owi_writef(writer, "filled    %zu of %zu tensor%s, %s values\n", view->summary.filled,
               view->count, plural(view->count),
               owi_grouped(number, view->summary.elements_filled));
    write_tallies(writer, "roles", &roles);
    write_tallies(writer, "schemes", &schemes);
    write_tallies(writer, "kept", &kept);
    if (view->audit) {
        write_audit(owi_audit_result(view->audit), view->count, arena, writer);
    }
    if (view->warnings) {
        owi_writef(writer, "warnings  %zu\n", view->warnings);
    }
    return OWI_OK;
}
