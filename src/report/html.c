// html.c: the report as one page: what was planned and, of an audit, what was found.
#include "report/page.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char style[] =
    ":root{color-scheme:light dark;--page:#fff;--ink:#1b1f24;--soft:#5c6672;--line:#d9dee4;"
    "--tint:#f5f7f9;--blue:#2f6fb5;--fill:#a9c8ea;--good:#2b7a3d;--bad:#b3261e;--curve:#c25e00}"
    "@media(prefers-color-scheme:dark){:root{--page:#14171b;--ink:#e3e7ec;--soft:#9aa5b1;"
    "--line:#333a43;--tint:#1c2026;--blue:#82b4ea;--fill:#2f5580;--good:#7cc48b;--bad:#ff8a80;"
    "--curve:#f0a35c}}"
    "body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:72rem;background:var(--page);"
    "color:var(--ink);font:15px/1.5 system-ui,sans-serif}"
    "h1{font-size:1.5rem;margin:0 0 .25rem;overflow-wrap:anywhere}h2{font-size:1.15rem;"
    "margin:2.5rem 0 .75rem}h3{font:600 .95rem/1.4 ui-monospace,monospace;margin:0 0 .35rem;"
    "overflow-wrap:anywhere}p{margin:.35rem 0}a{color:var(--blue);text-decoration:none}"
    "a:hover{text-decoration:underline}.soft{color:var(--soft)}.bad{color:var(--bad)}"
    ".good{color:var(--good)}dl{display:grid;grid-template-columns:max-content 1fr;"
    "gap:.1rem 1rem;margin:.75rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:.85rem;white-space:nowrap;"
    "width:100%}th{text-align:left;color:var(--soft);font-weight:600;position:sticky;top:0;"
    "background:var(--page)}th,td{padding:.2rem .7rem .2rem 0;border-bottom:1px solid var(--line)}"
    ".n{text-align:right!important;font-variant-numeric:tabular-nums}"
    "td:first-child{font-family:ui-monospace,monospace}"
    ".tensor{border-top:1px solid var(--line);padding:.9rem 0;display:grid;gap:.25rem 2rem;"
    "grid-template-columns:minmax(0,1fr) 340px}.tensor:target{background:var(--tint)}"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font:11px system-ui,"
    "sans-serif}.axis{stroke:var(--line);fill:none}.bars{fill:var(--fill)}.curve{fill:none;"
    "stroke:var(--curve);stroke-width:1.6}.ring{fill:none;stroke:var(--curve);stroke-width:1.4}"
    ".dot{fill:var(--blue)}.off{fill:var(--bad)}"
    "@media(max-width:46rem){.tensor{grid-template-columns:minmax(0,1fr)}"
    ".wide svg{min-width:34rem}.wide svg text{font-size:16px}}";

// ---- what the parts share

void owi_page_text(const owi_page *page, const char *text) {
    while (*text) {
        const size_t plain = strcspn(text, "&<>\"'");
        owi_write(page->writer, owi_arena_copy(page->arena, text, plain));
        text += plain;
        switch (*text) {
        case '&': owi_write(page->writer, "&amp;"); break;
        case '<': owi_write(page->writer, "&lt;"); break;
        case '>': owi_write(page->writer, "&gt;"); break;
        case '"': owi_write(page->writer, "&quot;"); break;
        case '\'': owi_write(page->writer, "&#39;"); break;
        default: return;
        }
        text++;
    }
}

void owi_page_number(const owi_page *page, double value) {
    char text[OWI_NUMBER_SIZE];
    owi_write(page->writer, owi_real(text, fabs(value) < 1e-3 ? 0 : value, 5));
}

void owi_page_real(const owi_page *page, double value, const char *otherwise) {
    char text[OWI_NUMBER_SIZE];
    owi_real(text, value, 4);
    owi_write(page->writer, *text ? text : otherwise);
}

const owi_finding *owi_page_finding(const owi_page *page, size_t row) {
    return page->view->audit ? owi_audit_finding(page->view->audit, row) : NULL;
}

bool owi_page_is_drawn(const owi_row *row) {
    return row->fill && row->std > 0;
}

static void put(const owi_page *page, const char *text) {
    owi_write(page->writer, text);
}

static const char *class_of(owi_verdict verdict) {
    return verdict == OWI_VERDICT_OK                                       ? "good"
           : verdict == OWI_VERDICT_KEPT || verdict == OWI_VERDICT_UNKNOWN ? "soft"
                                                                           : "bad";
}

static void put_verdict(const owi_page *page, owi_verdict verdict) {
    owi_writef(page->writer, "<span class=\"%s\">%s</span>", class_of(verdict),
               owi_verdict_text(verdict));
}

// ---- the head of the page

static void entry(const owi_page *page, const char *term, const char *text) {
    owi_writef(page->writer, "<dt>%s</dt><dd>", term);
    owi_page_text(page, text);
    put(page, "</dd>");
}

static void put_audit(const owi_page *page, const owi_audit_summary *audit) {
    put(page, "<dt>verdict</dt><dd>");
    put_verdict(page, audit->verdict);
    for (owi_verdict verdict = OWI_VERDICT_OK; verdict <= OWI_VERDICT_UNKNOWN; verdict++) {
        if (audit->counts[verdict]) {
            owi_writef(page->writer, " &#183; %zu %s", audit->counts[verdict],
                       owi_verdict_text(verdict));
        }
    }
    put(page, "</dd>");
    if (audit->same + audit->changed) {
        owi_writef(page->writer, "<dt>bits</dt><dd>%zu of %zu filled tensors are what was written",
                   audit->same, audit->same + audit->changed);
        owi_writef(page->writer, audit->gone_count ? ", %zu gone</dd>" : "</dd>",
                   audit->gone_count);
    }
    if (audit->other) {
        owi_writef(page->writer, "<dt>compared</dt><dd>%zu of %zu tensors differ from ",
                   audit->different, page->view->count);
        owi_page_text(page, audit->other);
        owi_writef(page->writer, audit->absent_count ? "; %zu are only there</dd>" : "</dd>",
                   audit->absent_count);
    }
}

static void put_head(const owi_page *page) {
    const owi_view *view = page->view;
    char number[OWI_NUMBER_SIZE];
    put(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
              "style-src 'unsafe-inline'\">\n"
              "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    owi_page_text(page, view->model.file);
    put(page, "</title>\n<style>");
    put(page, style);
    put(page, "</style></head><body>\n<h1>");
    owi_page_text(page, view->model.file);
    owi_writef(page->writer, "</h1>\n<p class=\"soft\">%s by onnx-winit %s</p>\n<dl>",
               view->audit ? "audit" : "plan", owi_version());
    if (view->audit) {
        put_audit(page, owi_audit_result(view->audit));
    }
    entry(page, "profile",
          owi_arena_printf(page->arena, "%s: %s", view->summary.profile,
                           view->summary.profile_reason ? view->summary.profile_reason : ""));
    entry(page, "seed", owi_arena_printf(page->arena, "%" PRIu64, view->seed));
    entry(page, "parameters", owi_grouped(number, view->parameters));
    owi_writef(page->writer,
               "<dt>tensors</dt><dd>%zu filled, %zu kept, %zu unknown</dd>"
               "<dt>nodes</dt><dd>%" PRIu64 "</dd>",
               view->summary.filled, view->summary.kept, view->summary.unknown, view->model.nodes);
    entry(page, "producer", *view->model.producer ? view->model.producer : "not said");
    put(page, "</dl>\n");
}

static void put_warnings(const owi_page *page) {
    const owi_view *view = page->view;
    put(page, view->warnings ? "<h2>Warnings</h2>\n<ul>" : "");
    for (size_t i = 0; i < view->summary.warning_count; i++) {
        put(page, "<li>");
        owi_page_text(page, view->summary.warnings[i]);
    }
    for (size_t i = 0; i < view->count; i++) {
        for (size_t j = 0; j < view->rows[i].warning_count; j++) {
            owi_writef(page->writer, "<li><a href=\"#t%zu\">", i);
            owi_page_text(page, view->rows[i].name);
            put(page, "</a>: ");
            owi_page_text(page, view->rows[i].warnings[j]);
        }
    }
    put(page, view->warnings ? "</ul>\n" : "");
}

// ---- the table

static void cell(const owi_page *page, const char *text) {
    put(page, "<td>");
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
    put(page, "<td>");
    put_verdict(page, finding->verdict);
    cell(page, finding->fit_count > 1 ? owi_arena_printf(page->arena, "%s +%zu", finding->fits[0],
                                                         finding->fit_count - 1)
                                      : finding->fit);
}

static void put_line(const owi_page *page, size_t index) {
    const owi_row *row = &page->view->rows[index];
    const owi_finding *finding = owi_page_finding(page, index);
    owi_writef(page->writer, "<tr><td><a href=\"#t%zu\">", index);
    owi_page_text(page, row->name);
    put(page, "</a>");
    cell(page, owi_shape(page->arena, row->shape, row->rank));
    cell(page, row->role);
    cell(page, isnan(row->fan_in) ? "" : row->activation);
    cell(page, row->fill ? row->scheme : "kept");
    if (row->block_count) {
        owi_writef(page->writer, " &#215;%zu", row->block_count);
    }
    spread_cell(page, row->fill ? row->std : NAN, row->fill ? row->value : NAN);
    if (finding) {
        finding_cells(page, finding);
    }
    put(page, "\n");
}

static void put_table(const owi_page *page) {
    put(page, "<h2>Tensors</h2>\n<div class=\"wide\"><table><thead><tr><th>name<th>shape<th>role"
              "<th>activation<th>scheme<th class=\"n\">planned std");
    put(page, page->view->audit ? "<th class=\"n\">measured<th>verdict<th>fits" : "");
    put(page, "</thead><tbody>\n");
    for (size_t i = 0; i < page->view->count; i++) {
        put_line(page, i);
    }
    put(page, "</tbody></table></div>\n");
}

// ---- tensor by tensor

static void put_measured(const owi_page *page, const owi_measured *measured) {
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
    if (!isnan(measured->defect)) {
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

static void put_finding(const owi_page *page, const owi_row *row, const owi_finding *finding) {
    put(page, "<p>");
    put_verdict(page, finding->verdict);
    if (finding->detail) {
        put(page, ": ");
        owi_page_text(page, finding->detail);
    }
    put(page, finding->bits == OWI_BITS_CHANGED ? "; changed since it was written</p>" : "</p>");
    put_difference(page, row, &finding->difference);
    if (!finding->has_values) {
        return;
    }
    put(page, "<p>");
    put_measured(page, &finding->measured);
    put(page, "</p>");
    for (size_t i = 0; i < row->block_count; i++) {
        put(page, "<p class=\"soft\">");
        owi_page_text(page, row->blocks[i].label);
        put(page, " (planned std ");
        owi_page_real(page, row->blocks[i].std, "none");
        put(page, "): ");
        put_measured(page, &finding->blocks[i]);
        put(page, "</p>");
    }
    if (finding->fit) {
        put(page, "<p class=\"soft\">fits: ");
        owi_page_text(page, finding->fit);
        for (size_t i = 0; finding->fit_count > 1 && i < finding->fit_count; i++) {
            put(page, i ? ", " : " (");
            owi_page_text(page, finding->fits[i]);
        }
        put(page, finding->fit_count > 1 ? ")</p>" : "</p>");
    }
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

static void put_tensors(const owi_page *page) {
    put(page, "<h2>Tensor by tensor</h2>\n");
    for (size_t i = 0; i < page->view->count; i++) {
        const owi_row *row = &page->view->rows[i];
        const owi_finding *finding = owi_page_finding(page, i);
        owi_writef(page->writer, "<section class=\"tensor\" id=\"t%zu\"><div><h3>", i);
        owi_page_text(page, row->name);
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

owi_status owi_report_html(const owi_view *view, owi_arena *arena, owi_writer *writer) {
    const owi_page page = {view, arena, writer};
    put_head(&page);
    put_warnings(&page);
    owi_page_depth(&page);
    owi_page_schemes(&page);
    put_table(&page);
    put_tensors(&page);
    put(&page, "</body></html>\n");
    return OWI_OK;
}
