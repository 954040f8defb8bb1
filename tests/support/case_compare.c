// case_compare.c: rows of a plan against the lines below "---".
#define _GNU_SOURCE
#include "support/case.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The expected value of one key and where it stands.
typedef struct claim {
    const test_case *from;
    int line;
    const char *row, *key, *value;
    bool is_part; // key~value: a part of the text
    bool known;   // some field has this key
    owi_arena *arena;
    buffer *mismatches;
    size_t *count;
} claim;

static void mismatch(claim *c, const char *got) {
    ++*c->count;
    buffer_printf(c->mismatches, "%s:%d: %s: %s: expected %s%s, got %s\n", c->from->path, c->line,
                  c->row, c->key, c->is_part ? "something with " : "", c->value, got);
}

static void claim_TEXT(claim *c, const char *got) {
    got = got ? got : "null";
    if (c->is_part ? !strstr(got, c->value) : strcmp(got, c->value) != 0) {
        mismatch(c, got);
    }
}

static void claim_COUNT(claim *c, int64_t got) {
    claim_TEXT(c, owi_arena_printf(c->arena, "%" PRId64, got));
}

static void claim_FLAG(claim *c, bool got) {
    claim_TEXT(c, got ? "true" : "false");
}

// "2", "1/3", "sqrt(2/27)", "-sqrt(6/5)/2", "0.02/sqrt(2*12)": factors, each a number or a root of
// factors, joined by * and /. NAN when there is none.
static double factors(const char **text, bool in_root) {
    double product = NAN;
    char operation = '*';
    do {
        char *end;
        bool root = !in_root && strncmp(*text, "sqrt(", 5) == 0;
        const char *start = *text += root ? 5 : 0;
        double factor = root ? sqrt(factors(text, true)) : strtod(start, &end);
        if (root ? **text != ')' : end == start) {
            return NAN;
        }
        *text = root ? *text + 1 : end;
        product = isnan(product) ? factor : operation == '*' ? product * factor : product / factor;
        operation = **text;
    } while (operation == '*' || operation == '/' ? (++*text, true) : false);
    return product;
}

// The number that a whole text stands for, or NAN.
static double number(const char *text) {
    double sign = *text == '-' ? -1 : 1;
    text += *text == '-';
    double value = factors(&text, false);
    return *text ? NAN : sign * value;
}

static void claim_NUMBER(claim *c, double got) {
    double expected = number(c->value);
    char *expected_digits = owi_arena_printf(c->arena, "%.6g", expected);
    char *got_digits = owi_arena_printf(c->arena, "%.6g", got);
    bool both_none = isnan(got) && strcmp(c->value, "null") == 0;
    if (both_none) {
        return;
    }
    if (isnan(expected) || isnan(got) || strcmp(expected_digits, got_digits) != 0) {
        mismatch(c, isnan(got) ? "null" : owi_arena_printf(c->arena, "%.9g", got));
    }
}

static void claim_SIZES(claim *c, const int64_t *got, size_t count) {
    const char *text = count ? "" : "scalar";
    for (size_t i = 0; i < count; i++) {
        text = owi_arena_printf(c->arena, "%s%s%" PRId64, text, i ? "x" : "", got[i]);
    }
    claim_TEXT(c, text);
}

static void claim_LIST(claim *c, const char *const *got, size_t count) {
    const char *text = count ? "" : "null";
    for (size_t i = 0; i < count; i++) {
        text = owi_arena_printf(c->arena, "%s%s%s", text, i ? "," : "", got[i]);
    }
    claim_TEXT(c, text);
}

static void claim_BLOCKS(claim *c, const owi_row *row) {
    claim_COUNT(c, (int64_t)row->block_count);
}

static void compare_row(claim *c, const owi_row *row) {
#define ROW_FIELD(field, kind, ...)                                                                \
    if (strcmp(c->key, #field) == 0) {                                                             \
        c->known = true;                                                                           \
        claim_##kind(c, __VA_ARGS__);                                                              \
    }
#define ROW_LIST(field, texts, count)                                                              \
    if (strcmp(c->key, #field) == 0) {                                                             \
        c->known = true;                                                                           \
        claim_LIST(c, texts, count);                                                               \
    }
#include "tables/report_fields.def"
}

static void compare_block(claim *c, const owi_row *row, const owi_block *block) {
#define BLOCK_FIELD(field, kind, ...)                                                              \
    if (strcmp(c->key, #field) == 0) {                                                             \
        c->known = true;                                                                           \
        claim_##kind(c, __VA_ARGS__);                                                              \
    }
#include "tables/report_fields.def"
}

static void compare_model(claim *c, const owi_summary *summary, size_t rows) {
    const struct {
        const char *key;
        size_t value;
    } counts[] = {{"filled", summary->filled},
                  {"kept", summary->kept},
                  {"unknown", summary->unknown},
                  {"elements_filled", (size_t)summary->elements_filled},
                  {"warning_count", summary->warning_count},
                  {"rows", rows}};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (strcmp(c->key, counts[i].key) == 0) {
            c->known = true;
            claim_COUNT(c, (int64_t)counts[i].value);
        }
    }
    if (strcmp(c->key, "profile") == 0 || strcmp(c->key, "profile_reason") == 0) {
        c->known = true;
        claim_TEXT(c, c->key[7] ? summary->profile_reason : summary->profile);
    }
    if (strcmp(c->key, "warnings") == 0) {
        c->known = true;
        claim_LIST(c, summary->warnings, summary->warning_count);
    }
}

// Finds the row, or the part of a row when the name is not found and ends in [number].
static const owi_row *find(const char *name, const owi_row *rows, size_t count, long *part) {
    const char *bracket = strrchr(name, '[');
    *part = -1;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    for (size_t i = 0; i < count && bracket; i++) {
        size_t length = (size_t)(bracket - name);
        if (strlen(rows[i].name) == length && strncmp(rows[i].name, name, length) == 0) {
            *part = strtol(bracket + 1, NULL, 10);
            return (size_t)*part < rows[i].block_count ? &rows[i] : NULL;
        }
    }
    return NULL;
}

typedef struct plan_rows {
    const owi_row *rows;
    size_t count;
    const owi_summary *summary;
} plan_rows;

static void compare_claim(claim *c, const plan_rows *plan) {
    long part;
    const owi_row *row = find(c->row, plan->rows, plan->count, &part);
    if (strcmp(c->row, "model") == 0) {
        compare_model(c, plan->summary, plan->count);
    } else if (!row) {
        c->known = true;
        mismatch(c, "no such tensor or part");
    } else if (part >= 0) {
        compare_block(c, row, &row->blocks[part]);
    } else {
        compare_row(c, row);
    }
    if (!c->known) {
        mismatch(c, "no such key");
    }
}

// Takes what stands before one of `ends`, or between double quotes.
static char *take_word(char **text, const char *ends) {
    char *word = *text;
    if (*word == '"') {
        word++;
        *text = word + strcspn(word, "\"");
    } else {
        *text += strcspn(word, ends);
    }
    return word;
}

// A line "row: key=value key~value ...", cut up in place.
static void compare_line(claim *c, char *line, const plan_rows *plan) {
    bool quoted = *line == '"';
    char *end = line;
    c->row = take_word(&end, "");
    end = quoted ? end : strstr(line, ": ");
    if (!end || !strstr(end, ": ")) {
        c->key = "line";
        c->value = "row: key=value";
        mismatch(c, line);
        return;
    }
    char *at = strstr(end, ": ") + 2;
    *end = '\0';
    while (*(at += strspn(at, " "))) {
        c->key = take_word(&at, "=~ ");
        c->is_part = *at == '~';
        c->known = false;
        c->value = "a value";
        if (*at != '=' && *at != '~') {
            mismatch(c, "none");
            return;
        }
        *at++ = '\0';
        c->value = take_word(&at, " ");
        if (*at) {
            *at++ = '\0';
        }
        compare_claim(c, plan);
    }
}

size_t case_compare(const test_case *given, const owi_row *rows, size_t count,
                    const owi_summary *summary, owi_arena *arena, buffer *mismatches) {
    size_t found = 0;
    plan_rows plan = {rows, count, summary};
    claim c = {.from = given,
               .line = given->expected_line,
               .arena = arena,
               .mismatches = mismatches,
               .count = &found};
    char *rest = owi_arena_copy(arena, given->expected, strlen(given->expected));
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"), c.line++) {
        if (*line && *line != '#') {
            compare_line(&c, line, &plan);
        }
    }
    return found;
}

size_t case_compare_failure(const test_case *given, owi_status status, const char *text,
                            buffer *mismatches) {
    static const char *const names[] = {
#define STATUS(id, code, meaning) [code] = #id,
#include "tables/status.def"
#undef STATUS
    };
    size_t length = strlen(names[status]);
    if (strncmp(given->failure, names[status], length) == 0 && given->failure[length] == ' ' &&
        strstr(text, given->failure + length + 1)) {
        return 0;
    }
    buffer_printf(mismatches, "%s:%d: expected %s, got %s %s\n", given->path, given->expected_line,
                  given->failure, names[status], text);
    return 1;
}
