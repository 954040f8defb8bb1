// page.h: the parts of the HTML report. No scripts; every text from the model is escaped here for
// HTML, after it was escaped for showing in the view.
#ifndef OWI_REPORT_PAGE_H
#define OWI_REPORT_PAGE_H

#include "report/report.h"

typedef struct owi_page {
    const owi_view *view;
    owi_arena *arena;
    owi_writer *writer;
} owi_page;

// Text with & < > " ' escaped.
void owi_page_text(const owi_page *page, const char *text);

// A number of a picture: up to five digits.
void owi_page_number(const owi_page *page, double value);

// A number for people, `otherwise` when it is none.
void owi_page_real(const owi_page *page, double value, const char *otherwise);

// What was found out about row i, or NULL.
const owi_finding *owi_page_finding(const owi_page *page, size_t row);

// Whether the row is a random weight: it has a spread.
bool owi_page_is_drawn(const owi_row *row);

// Whether there is something about it that people should look at.
bool owi_page_is_wrong(const owi_finding *finding);

// What that is, in words.
void owi_page_detail(const owi_page *page, const owi_finding *finding);

// A verdict, and the class of the style sheet that colours it.
void owi_page_badge(const owi_page *page, owi_verdict verdict);
const char *owi_page_class(owi_verdict verdict);

// All tensors in a table, and one by one (tensors.c).
void owi_page_table(const owi_page *page);
void owi_page_tensors(const owi_page *page);

// Pictures (pictures.c): spread and size by depth, parameters by scheme, the histogram of a row.
void owi_page_depth(const owi_page *page);
void owi_page_schemes(const owi_page *page);
void owi_page_histogram(const owi_page *page, size_t row);

#endif
