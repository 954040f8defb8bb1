// test_limits.c: SECURITY.md states the limits of tables/limits.def, all of them and no other.
#define _GNU_SOURCE
#include "base/limits.h"
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    uint64_t number;
    const char *what, *shown, *beyond;
} limits[] = {
#define LIMIT(id, number, what, shown, beyond) {number, what, shown, beyond},
#include "tables/limits.def"
#undef LIMIT
};

enum { COUNT = sizeof limits / sizeof *limits };

#define HEAD "| what | limit | beyond it |\n|---|---|---|\n"

// The number in its place of the text that shows it.
static void write_row(FILE *table, size_t i) {
    char number[OWI_NUMBER_SIZE];
    const char *place = strstr(limits[i].shown, "%s");
    fprintf(table, "| %s | %.*s%s%s | %s |\n", limits[i].what, (int)(place - limits[i].shown),
            limits[i].shown, owi_grouped(number, limits[i].number), place + 2, limits[i].beyond);
}

static void page_states_limits(void **state) {
    (void)state;
    char expected[4096] = "", page[16384] = "";
    FILE *table = fmemopen(expected, sizeof expected, "w");
    fputs(HEAD, table);
    for (size_t i = 0; i < COUNT; i++) {
        write_row(table, i);
    }
    assert_int_equal(fclose(table), 0);
    FILE *file = fopen("SECURITY.md", "r");
    assert_non_null(file);
    size_t length = fread(page, 1, sizeof page - 1, file);
    fclose(file);
    assert_in_range(length, 1, sizeof page - 2);
    char *stated = strstr(page, HEAD);
    assert_non_null(stated);
    char *end = strstr(stated, "\n\n");
    assert_non_null(end);
    end[1] = '\0';
    assert_string_equal(stated, expected);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(page_states_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
