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
    "background:var(--page)}th,td{padding:.2rem 1rem .2rem 0;border-bottom:1px solid var(--line)}"
    ".n{text-align:right!important;font-variant-numeric:tabular-nums}"
    "td:first-child{font-family:ui-monospace,monospace;white-space:normal;overflow-wrap:anywhere;"
    "min-width:9rem}"
    ".badge{display:inline-block;padding:0 .55em;border:1px solid;border-radius:1em;"
    "font:600 .78rem/1.45 system-ui,sans-serif;vertical-align:.1em;margin-left:.4em}"
    "dd .badge{margin:0 .5em 0 0}tr.wrong td{background:var(--tint)}"
    ".found{padding-left:1.2rem}.found li{margin:.15rem 0;overflow-wrap:anywhere}"
    ".key{display:inline-block;width:.6em;height:.6em;border-radius:50%;margin:0 .3em 0 .8em}"
    ".key:first-child{margin-left:0}.planned{border:2px solid var(--curve)}"
    ".measured{background:var(--blue)}.measured.wrong{background:var(--bad)}"
    ".tensor{border-top:1px solid var(--line);padding:.9rem 0;display:grid;gap:.25rem 2rem;"
    "grid-template-columns:minmax(0,1fr) 340px}.tensor:target{background:var(--tint)}"
    "svg{display:block;width:100%;height:auto}svg text{fill:var(--soft);font:11px system-ui,"
    "sans-serif}.axis{stroke:var(--line);fill:none}.bars{fill:var(--fill)}.curve{fill:none;"
    "stroke:var(--curve);stroke-width:1.6}.ring{fill:none;stroke:var(--curve);stroke-width:1.4}"
    ".dot{fill:var(--blue)}.off{fill:var(--bad)}"
    "@media(max-width:46rem){.extra{display:none}.tensor{grid-template-columns:minmax(0,1fr)}"
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

bool owi_page_is_wrong(const owi_finding *finding) {
    return finding && (finding->detail || finding->bits == OWI_BITS_CHANGED);
}

const char *owi_page_class(owi_verdict verdict) {
    return verdict == OWI_VERDICT_OK                                       ? "good"
           : verdict == OWI_VERDICT_KEPT || verdict == OWI_VERDICT_UNKNOWN ? "soft"
                                                                           : "bad";
}

void owi_page_badge(const owi_page *page, owi_verdict verdict) {
    owi_writef(page->writer, "<span class=\"badge %s\">%s</span>", owi_page_class(verdict),
               owi_verdict_text(verdict));
}

void owi_page_detail(const owi_page *page, const owi_finding *finding) {
    owi_page_text(page, finding->detail ? finding->detail : "");
    put(page, finding->detail && finding->bits == OWI_BITS_CHANGED ? "; " : "");
    put(page, finding->bits == OWI_BITS_CHANGED ? "changed since it was written" : "");
}

// ---- the head of the page

static void entry(const owi_page *page, const char *term, const char *text) {
    owi_writef(page->writer, "<dt>%s</dt><dd>", term);
    owi_page_text(page, text);
    put(page, "</dd>");
}

static void put_audit(const owi_page *page, const owi_audit_summary *audit) {
    put(page, "<dt>verdict</dt><dd>");
    owi_page_badge(page, audit->verdict);
    const char *between = "";
    for (owi_verdict verdict = OWI_VERDICT_OK; verdict <= OWI_VERDICT_UNKNOWN; verdict++) {
        if (audit->counts[verdict]) {
            owi_writef(page->writer, "%s%zu %s", between, audit->counts[verdict],
                       owi_verdict_text(verdict));
            between = ", ";
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

// What is wrong, first of all.
static void put_findings(const owi_page *page) {
    enum { MOST = 50 };
    const owi_view *view = page->view;
    size_t count = 0;
    for (size_t i = 0; i < view->count; i++) {
        const owi_finding *finding = owi_page_finding(page, i);
        if (!owi_page_is_wrong(finding) || ++count > MOST) {
            continue;
        }
        put(page, count == 1 ? "<h2>What is not as planned</h2>\n<ul class=\"found\">\n" : "");
        owi_writef(page->writer, "<li><a href=\"#t%zu\">", i);
        owi_page_text(page, view->rows[i].name);
        put(page, "</a> ");
        owi_page_badge(page, finding->verdict);
        put(page, " ");
        owi_page_detail(page, finding);
        put(page, "</li>\n");
    }
    put(page, count ? "</ul>\n" : "");
    if (count > MOST) {
        owi_writef(page->writer, "<p class=\"soft\">and %zu more, in the table below</p>\n",
                   count - MOST);
    }
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

owi_status owi_report_html(const owi_view *view, owi_arena *arena, owi_writer *writer) {
    const owi_page page = {view, arena, writer};
    put_head(&page);
    put_findings(&page);
    put_warnings(&page);
    owi_page_depth(&page);
    owi_page_schemes(&page);
    owi_page_table(&page);
    owi_page_tensors(&page);
    put(&page, "</body></html>\n");
    return OWI_OK;
}
