// test_cases.c: every file of tests/cases is a test: its model goes through the public interface,
// and the plan must say what the file says.
//
//     test_cases [FOLDER [WORD]]     only cases whose name has WORD in it
#define _GNU_SOURCE
#include "support/case.h"
#include "support/temp.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t compare(const test_case *given, const char *model_path, owi_arena *arena,
                      buffer *mismatches) {
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    owi_error error = {OWI_OK, ""};
    size_t found;
    if (owi_model_open(model_path, &model, &error) == OWI_OK) {
        owi_plan_make(model, &given->options, &plan, &error);
    }
    if (given->failure) {
        found = case_compare_failure(given, error.status, error.text, mismatches);
    } else if (plan) {
        size_t count = owi_plan_count(plan);
        owi_row *rows = owi_new(arena, owi_row, count);
        for (size_t i = 0; i < count; i++) {
            rows[i] = *owi_plan_row(plan, i);
        }
        found = case_compare(given, rows, count, owi_plan_summary(plan), arena, mismatches);
    } else {
        buffer_printf(mismatches, "%s: %s\n", given->path, error.text);
        found = 1;
    }
    owi_model_close(model);
    return found;
}

static void run(void **state) {
    const char *path = *state;
    test_case given;
    owi_arena arena = {0};
    buffer mismatches = {0};
    size_t found = 1;
    if (case_read(path, &arena, &given, &mismatches)) {
        temp folder = temp_make();
        char *model = temp_file(&folder, "model.onnx", given.model, given.model_length);
        found = compare(&given, model, &arena, &mismatches);
        free(model);
        temp_remove(&folder);
    }
    if (mismatches.text) {
        print_message("%s", mismatches.text);
    }
    buffer_free(&mismatches);
    owi_arena_free(&arena);
    assert_int_equal(found, 0);
}

static int is_case(const struct dirent *entry) {
    const char *end = strrchr(entry->d_name, '.');
    return end && strcmp(end, ".case") == 0;
}

int main(int argc, char **argv) {
    const char *folder = argc > 1 ? argv[1] : "tests/cases";
    struct dirent **entries;
    int count = scandir(folder, &entries, is_case, alphasort);
    if (count <= 0) {
        fprintf(stderr, "%s: no cases there\n", folder);
        return 1;
    }
    struct CMUnitTest *tests = calloc((size_t)count, sizeof *tests);
    size_t used = 0;
    for (int i = 0; i < count && tests; i++) {
        char *path;
        if ((argc < 3 || strstr(entries[i]->d_name, argv[2])) &&
            asprintf(&path, "%s/%s", folder, entries[i]->d_name) >= 0) {
            tests[used++] = (struct CMUnitTest){strdup(entries[i]->d_name), run, NULL, NULL, path};
        }
        free(entries[i]);
    }
    free(entries);
    int failed = _cmocka_run_group_tests("cases", tests, used, NULL, NULL);
    for (size_t i = 0; i < used; i++) {
        free(tests[i].initial_state);
        free((void *)tests[i].name);
    }
    free(tests);
    return failed;
}
