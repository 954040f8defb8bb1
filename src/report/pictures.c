// pictures.c: plain SVG, coloured by the page's style sheet, so that light and dark are one
// picture.
#include "report/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- elements

static void put(const owi_page *page, const char *text) {
    owi_write(page->writer, text);
}

static void attribute(const owi_page *page, const char *name, double value) {
    owi_writef(page->writer, " %s=\"", name);
    owi_page_number(page, value);
    put(page, "\"");
}

static void start(const owi_page *page, double width, double height, const char *label) {
    put(page, "<svg role=\"img\" viewBox=\"0 0 ");
    owi_page_number(page, width);
    put(page, " ");
    owi_page_number(page, height);
    owi_writef(page->writer, "\" aria-label=\"%s\">", label);
}

static void label(const owi_page *page, double x, double y, const char *anchor, const char *text) {
    put(page, "<text");
    attribute(page, "x", x);
    attribute(page, "y", y);
    owi_writef(page->writer, " text-anchor=\"%s\">", anchor);
    owi_page_text(page, text);
    put(page, "</text>");
}

static void line(const owi_page *page, double x1, double y1, double x2, double y2) {
    put(page, "<line class=\"axis\"");
    attribute(page, "x1", x1);
    attribute(page, "y1", y1);
    attribute(page, "x2", x2);
    attribute(page, "y2", y2);
    put(page, "/>");
}

static void circle(const owi_page *page, const char *kind, double x, double y, double radius) {
    owi_writef(page->writer, "<circle class=\"%s\"", kind);
    attribute(page, "cx", x);
    attribute(page, "cy", y);
    attribute(page, "r", radius);
    put(page, "/>");
}

static void bar(const owi_page *page, double x, double y, double width, double height) {
    put(page, "<rect class=\"bars\"");
    attribute(page, "x", x);
    attribute(page, "y", y);
    attribute(page, "width", width);
    attribute(page, "height", height);
    put(page, "/>");
}

// What follows belongs to a tensor: a link to it that says its name.
static void start_link(const owi_page *page, size_t row) {
    owi_writef(page->writer, "<a href=\"#t%zu\"><title>", row);
    owi_page_text(page, page->view->rows[row].name);
    put(page, "</title>");
}

// ---- by depth

enum { WIDTH = 960, LEFT = 96, RIGHT = 8, TOP = 12, PLOT = 200, SIZES = 80, MIDDLE = 34 };

typedef struct depth {
    const owi_page *page;
    size_t *rows; // random weights, by depth
    size_t count;
    double low, high; // exponents of ten that hold all spreads
    uint64_t largest; // elements
} depth;

static double measured_std(const owi_page *page, size_t row) {
    const owi_finding *finding = owi_page_finding(page, row);
    return finding && finding->has_values ? finding->measured.std : NAN;
}

static void widen(depth *at, double std) {
    if (std > 0 && isfinite(std)) {
        at->low = fmin(at->low, floor(log10(std)));
        at->high = fmax(at->high, ceil(log10(std)));
    }
}

static depth collect(const owi_page *page) {
    const owi_view *view = page->view;
    depth at = {page, owi_new(page->arena, size_t, view->count), 0, INFINITY, -INFINITY, 1};
    for (size_t i = 0; i < view->count; i++) {
        const owi_row *row = &view->rows[view->order[i]];
        if (owi_page_is_drawn(row)) {
            at.rows[at.count++] = view->order[i];
            at.largest = row->elements > at.largest ? row->elements : at.largest;
            widen(&at, row->std);
            widen(&at, measured_std(page, view->order[i]));
        }
    }
    at.high = fmax(at.high, at.low + 1);
    return at;
}

static double x_of(const depth *at, size_t index) {
    return LEFT + (WIDTH - LEFT - RIGHT) * ((double)index + 0.5) / (double)at->count;
}

static double y_of(const depth *at, double std) {
    return TOP + PLOT * (at->high - log10(std)) / (at->high - at->low);
}

static void draw_axis(const depth *at) {
    for (int exponent = (int)at->low; exponent <= (int)at->high; exponent++) {
        const double y = y_of(at, pow(10, exponent));
        char text[OWI_NUMBER_SIZE];
        line(at->page, LEFT, y, WIDTH - RIGHT, y);
        label(at->page, LEFT - 6, y + 4, "end", owi_real(text, pow(10, exponent), 3));
    }
}

static void draw_spreads(const depth *at) {
    const double radius = at->count > 200 ? 2 : 3.5;
    for (size_t i = 0; i < at->count; i++) {
        const size_t row = at->rows[i];
        const owi_finding *finding = owi_page_finding(at->page, row);
        const double measured = measured_std(at->page, row), x = x_of(at, i);
        start_link(at->page, row);
        if (measured >= 0) { // none at all: on the lowest line
            const bool good = finding->verdict == OWI_VERDICT_OK;
            circle(at->page, good ? "dot" : "off", x,
                   measured > 0 ? y_of(at, measured) : TOP + PLOT, radius);
        }
        circle(at->page, "ring", x, y_of(at, at->page->view->rows[row].std), radius + 1.5);
        put(at->page, "</a>");
    }
}

static void draw_sizes(const depth *at) {
    const double bottom = TOP + PLOT + MIDDLE + SIZES, room = (WIDTH - LEFT - RIGHT) * 0.8;
    const double width = fmin(room / (double)at->count, 24);
    char text[OWI_NUMBER_SIZE];
    for (size_t i = 0; i < at->count; i++) {
        const double share = (double)at->page->view->rows[at->rows[i]].elements;
        const double height = fmax(SIZES * share / (double)at->largest, 1);
        start_link(at->page, at->rows[i]);
        bar(at->page, x_of(at, i) - width / 2, bottom - height, width, height);
        put(at->page, "</a>");
    }
    line(at->page, LEFT, bottom, WIDTH - RIGHT, bottom);
    label(at->page, LEFT - 6, bottom - SIZES + 8, "end", owi_grouped(text, at->largest));
}

void owi_page_depth(const owi_page *page) {
    const depth at = collect(page);
    if (at.count == 0) {
        return;
    }
    put(page, "<h2>By depth</h2>\n<p class=\"soft\">Standard deviation of each random weight, from "
              "the input to the output, and below the number of its parameters.</p>\n"
              "<p class=\"soft\"><span class=\"key planned\"></span>planned");
    put(page, page->view->audit ? "<span class=\"key measured\"></span>measured"
                                  "<span class=\"key measured wrong\"></span>not ok"
                                : "");
    put(page, "</p>\n");
    put(page, "<div class=\"wide\">");
    start(page, WIDTH, TOP + PLOT + MIDDLE + SIZES + 8, "standard deviation and size by depth");
    draw_axis(&at);
    draw_spreads(&at);
    draw_sizes(&at);
    put(page, "</svg></div>\n");
}

// ---- by scheme

typedef struct share {
    const char *name;
    uint64_t elements;
} share;

static int by_elements(const void *a, const void *b) {
    const share *left = a, *right = b;
    return left->elements != right->elements ? (left->elements < right->elements ? 1 : -1)
                                             : strcmp(left->name, right->name);
}

void owi_page_schemes(const owi_page *page) {
    enum { MOST = 32, LINE = 22, NAMES = 150, VALUES = 120 };
    share shares[MOST] = {{NULL, 0}};
    size_t count = 0;
    for (size_t i = 0; i < page->view->count; i++) {
        const owi_row *row = &page->view->rows[i];
        const char *name = row->fill ? row->scheme : "kept";
        size_t k = 0;
        while (k < count && strcmp(shares[k].name, name) != 0) {
            k++;
        }
        if (k < MOST) {
            count = k == count ? count + 1 : count;
            shares[k].name = name;
            shares[k].elements += row->elements;
        }
    }
    if (count == 0) {
        return;
    }
    qsort(shares, count, sizeof *shares, by_elements);
    put(page, "<h2>By scheme</h2>\n<div class=\"wide\">");
    start(page, WIDTH, (double)count * LINE + 4, "elements by scheme");
    for (size_t i = 0; i < count; i++) {
        const double y = (double)i * LINE, most = fmax((double)shares[0].elements, 1);
        const double length = (WIDTH - NAMES - VALUES) * (double)shares[i].elements / most;
        char text[OWI_NUMBER_SIZE];
        label(page, NAMES - 8, y + 15, "end", shares[i].name);
        bar(page, NAMES, y + 3, fmax(length, 1), LINE - 6);
        label(page, NAMES + length + 8, y + 15, "start", owi_grouped(text, shares[i].elements));
    }
    put(page, "</svg></div>\n");
}

// ---- a histogram

enum { SMALL = 340, HIGH = 110, FOOT = 16 };

static void draw_steps(const owi_page *page, const double *shares, double unit) {
    put(page, "<path class=\"bars\" d=\"M0 110");
    for (int i = 0; i < OWI_HISTOGRAM_BINS; i++) {
        put(page, "V");
        owi_page_number(page, HIGH - shares[i] * unit);
        put(page, "H");
        owi_page_number(page, SMALL * (i + 1.0) / OWI_HISTOGRAM_BINS);
    }
    put(page, "V110Z\"/>");
}

static void draw_curve(const owi_page *page, const double *shares, double unit) {
    put(page, "<path class=\"curve\" d=\"");
    for (int i = 0; i < OWI_HISTOGRAM_BINS; i++) {
        put(page, i ? "L" : "M");
        owi_page_number(page, SMALL * (i + 0.5) / OWI_HISTOGRAM_BINS);
        put(page, " ");
        owi_page_number(page, HIGH - fmin(shares[i] * unit, HIGH));
    }
    put(page, "\"/>");
}

void owi_page_histogram(const owi_page *page, size_t row) {
    const owi_finding *finding = owi_page_finding(page, row);
    const owi_measured *measured = finding ? &finding->measured : NULL;
    double most = 0;
    char text[OWI_NUMBER_SIZE];
    if (!finding || !finding->has_values || !(measured->low < measured->high)) {
        return;
    }
    for (int i = 0; i < OWI_HISTOGRAM_BINS; i++) {
        most = fmax(most, measured->histogram[i]);
        most = fmax(most, finding->expected ? fmin(finding->expected[i], 1.5 * most) : 0);
    }
    const double unit = (HIGH - 6) / most;
    start(page, SMALL, HIGH + FOOT, "histogram");
    draw_steps(page, measured->histogram, unit);
    if (finding->expected) {
        draw_curve(page, finding->expected, unit);
    }
    line(page, 0, HIGH, SMALL, HIGH);
    label(page, 0, HIGH + 13, "start", owi_real(text, measured->low, 3));
    label(page, SMALL, HIGH + 13, "end", owi_real(text, measured->high, 3));
    put(page, "</svg>");
}
