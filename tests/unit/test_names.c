#include "plan/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static owi_arena arena;

static int tear_down(void **state) {
    (void)state;
    owi_arena_free(&arena);
    return 0;
}

static void whole_names_match(void **state) {
    (void)state;
    const char *const patterns[] = {"net\\.0\\..*", "head|tail"};
    const owi_names *names;
    assert_int_equal(owi_names_new(&arena, "--keep", patterns, 2, &names, NULL), OWI_OK);
    assert_int_equal(owi_names_match(names, "net.0.weight"), 0);
    assert_int_equal(owi_names_match(names, "tail"), 1);
    assert_true(owi_names_match(names, "tails") == SIZE_MAX);
    assert_true(owi_names_match(names, "my head") == SIZE_MAX);
    assert_true(owi_names_match(names, "") == SIZE_MAX);
    assert_string_equal(owi_names_text(names, 0), patterns[0]);
}

static void no_patterns_match_nothing(void **state) {
    (void)state;
    const owi_names *names;
    assert_int_equal(owi_names_new(&arena, "--keep", NULL, 0, &names, NULL), OWI_OK);
    assert_true(owi_names_match(names, "a") == SIZE_MAX);
}

static void a_wrong_pattern_is_told_with_its_place(void **state) {
    (void)state;
    const char *const patterns[] = {"fine", "net.(0"};
    const owi_names *names;
    owi_error error;
    assert_int_equal(owi_names_new(&arena, "--keep", patterns, 2, &names, &error), OWI_USAGE);
    assert_string_equal(error.text, "--keep 'net.(0': missing closing parenthesis at offset 6");
}

static void a_costly_match_is_given_up(void **state) {
    (void)state;
    const char *const patterns[] = {"(a+)+b"};
    const owi_names *names;
    char name[200];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(owi_names_new(&arena, "--keep", patterns, 1, &names, NULL), OWI_OK);
    assert_true(owi_names_match(names, name) == SIZE_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_names_match),
        cmocka_unit_test(no_patterns_match_nothing),
        cmocka_unit_test(a_wrong_pattern_is_told_with_its_place),
        cmocka_unit_test(a_costly_match_is_given_up),
    };
    return cmocka_run_group_tests_name("names", tests, NULL, tear_down);
}
