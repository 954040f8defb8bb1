// tensors.c: the tensors on the page: all in a table, then one by one.
#include "report/page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void put(const owi_page *page, const char *text) {
    owi_write(page->writer, text);
}

// ---- the table

static void cell(const owi_page *page, const char *text) {
    put(page, "<td>");
    owi_page_text(page, text ? text : "");
}

// One that a narrow screen does without.
static void extra_cell(const owi_page *page, const char *text) {
    put(page, "<td class=\"extra\">");
    owi_page_text(page, text ? text : "");
}

// A spread, or "= value" of a constant.
static void spread_cell(const owi_page *page, double std, double value) {
    put(page, isnan(value) ? "<td class=\"n\">" : "<td class=\"n\">= ");
    owi_page_real(page, isnan(value) ? std : value, "");
}

static void finding_cells(const owi_page *page, const owi_finding *finding) {
    const owi_measured *measured = &finding->measured;
    if (finding->has_values) {
        const bool constant = measured->min == measured->max;
        spread_cell(page, measured->std, constant ? measured->mean : NAN);
    } else {
        put(page, "<td class=\"n\">");
    }
    owi_writef(page->writer, "<td class=\"%s\">%s", owi_page_class(finding->verdict),
               owi_verdict_text(finding->verdict));
    extra_cell(page, finding->fit_count > 1
                         ? owi_arena_printf(page->arena, "%s +%zu", finding->fits[0],
                                            finding->fit_count - 1)
                         : finding->fit);
}

static void put_line(const owi_page *page, size_t index) {
    const owi_row *row = &page->view->rows[index];
    const owi_finding *finding = owi_page_finding(page, index);
    owi_writef(page->writer, "<tr%s><td><a href=\"#t%zu\">",
               owi_page_is_wrong(finding) ? " class=\"wrong\"" : "", index);
    owi_page_text(page, row->name);
    put(page, "</a>");
    extra_cell(page, owi_shape(page->arena, row->shape, row->rank));
    extra_cell(page, row->role);
    extra_cell(page, isnan(row->fan_in) ? "" : row->activation);
    (finding ? extra_cell : cell)(page, row->fill ? row->scheme : "kept");
    if (row->block_count) {
        owi_writef(page->writer, " &#215;%zu", row->block_count);
    }
    if (owi_is_mixed(row)) {
        put(page, "<td class=\"n\">by parts");
    } else {
        spread_cell(page, row->fill ? row->std : NAN, row->fill ? row->value : NAN);
    }
    if (finding) {
        finding_cells(page, finding);
    }
    put(page, "\n");
}

void owi_page_table(const owi_page *page) {
    put(page, "<h2>Tensors</h2>\n<div class=\"wide\"><table><thead><tr><th>name"
              "<th class=\"extra\">shape<th class=\"extra\">role<th class=\"extra\">activation");
    put(page, page->view->audit ? "<th class=\"extra\">scheme<th class=\"n\">planned std"
                                  "<th class=\"n\">measured<th>verdict<th class=\"extra\">fits"
                                : "<th>scheme<th class=\"n\">planned std");
    put(page, "</thead><tbody>\n");
    for (size_t i = 0; i < page->view->count; i++) {
        put_line(page, i);
    }
    put(page, "</tbody></table></div>\n");
}

// ---- tensor by tensor

// Orthogonality is told where it is planned, or found.
static void put_measured(const owi_page *page, const owi_measured *measured, const char *scheme) {
    const bool orthogonal = scheme && strcmp(scheme, "orthogonal") == 0;
    static const char *const names[] = {"mean ", ", std ",  ", from ",
                                        " to ",  ", skew ", ", kurtosis "};
    if (measured->min == measured->max) {
        put(page, "all values ");
        owi_page_real(page, measured->min, "");
        return;
    }
    const double values[] = {measured->mean, measured->std,  measured->min,
                             measured->max,  measured->skew, measured->kurtosis};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (!isnan(values[i])) {
            put(page, names[i]);
            owi_page_real(page, values[i], "");
        }
    }
    if (measured->zeros) {
        owi_writef(page->writer, ", %" PRIu64 " zeros", measured->zeros);
    }
    if (measured->defect < 0.01 || (orthogonal && !isnan(measured->defect))) {
        put(page, ", |Q&#8242;Q &#8722; I| ");
        owi_page_real(page, measured->defect, "");
    }
}

static void put_difference(const owi_page *page, const owi_row *row,
                           const owi_difference *difference) {
    if (difference->change == OWI_CHANGE_VALUES) {
        owi_writef(page->writer,
                   "<p>%" PRIu64 " of %" PRIu64 " values differ from the other file: ",
                   difference->changed, row->elements);
        owi_page_real(page, difference->relative, "");
        put(page, " of their length, ");
        owi_page_real(page, difference->largest, "");
        put(page, " at most</p>");
    } else if (difference->change) {
        put(page, difference->change == OWI_CHANGE_NONE ? "<p>the same in the other file</p>"
                  : difference->change == OWI_CHANGE_SHAPE
                      ? "<p>another shape in the other file</p>"
                      : "<p>not in both files</p>");
    }
}

static void put_fits(const owi_page *page, const owi_finding *finding) {
    put(page, finding->fit ? "<p class=\"soft\">fits: " : "");
    owi_page_text(page, finding->fit ? finding->fit : "");
    for (size_t i = 0; finding->fit_count > 1 && i < finding->fit_count; i++) {
        put(page, i ? ", " : " (");
        owi_page_text(page, finding->fits[i]);
    }
    put(page, finding->fit && finding->fit_count > 1 ? ")" : "");
    put(page, finding->fit ? "</p>" : "");
}

static void put_finding(const owi_page *page, const owi_row *row, const owi_finding *finding) {
    if (owi_page_is_wrong(finding)) {
        put(page, "<p class=\"bad\">");
        owi_page_detail(page, finding);
        put(page, "</p>");
    }
    put_difference(page, row, &finding->difference);
    if (!finding->has_values) {
        return;
    }
    put(page, "<p>");
    put_measured(page, &finding->measured, row->scheme);
    put(page, "</p>");
    for (size_t i = 0; i < row->block_count; i++) {
        put(page, "<p class=\"soft\">");
        owi_page_text(page, row->blocks[i].label);
        put(page, " (planned std ");
        owi_page_real(page, row->blocks[i].std, "none");
        put(page, "): ");
        put_measured(page, &finding->blocks[i], row->blocks[i].scheme);
        put(page, "</p>");
    }
    put_fits(page, finding);
}

static void put_use(const owi_page *page, const owi_row *row) {
    owi_arena *arena = page->arena;
    const char *path = "";
    for (size_t i = 0; i < row->path_count; i++) {
        path = owi_arena_printf(arena, "%s%s \xe2\x86\x92 ", path, row->path[i]);
    }
    put(page, "<p class=\"soft\">");
    owi_page_text(page, owi_shape(arena, row->shape, row->rank));
    owi_page_text(page, owi_arena_printf(arena, " %s, %s", row->dtype, row->role));
    if (row->op) {
        owi_page_text(page, owi_arena_printf(arena, ": %s%s input %d (%s)", path, row->op,
                                             row->slot, row->node));
    }
    if (!isnan(row->fan_in)) {
        put(page, ", fans ");
        owi_page_real(page, row->fan_in, "");
        put(page, " in, ");
        owi_page_real(page, row->fan_out, "");
        owi_page_text(page, owi_arena_printf(arena, " out, %s follows",
                                             row->activation ? row->activation : "nothing"));
    }
    put(page, "</p><p>");
    owi_page_text(page, row->fill ? row->scheme : "kept");
    put(page, ": ");
    owi_page_text(page, row->reason ? row->reason : "");
    put(page, "</p>");
}

void owi_page_tensors(const owi_page *page) {
    put(page, "<h2>Tensor by tensor</h2>\n");
    for (size_t i = 0; i < page->view->count; i++) {
        const owi_row *row = &page->view->rows[i];
        const owi_finding *finding = owi_page_finding(page, i);
        owi_writef(page->writer, "<section class=\"tensor\" id=\"t%zu\"><div><h3>", i);
        owi_page_text(page, row->name);
        if (finding) {
            owi_page_badge(page, finding->verdict);
        }
        put(page, "</h3>");
        put_use(page, row);
        if (finding) {
            put_finding(page, row, finding);
        }
        put(page, "</div>");
        owi_page_histogram(page, i);
        put(page, "</section>\n");
    }
}
