// test_case_runner.c: does the runner of tests/cases see what is wrong? Hand-made rows against
// cases that fit and cases that do not.
#include "support/case.h"
#include "support/temp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char model[] = "options: seed=3 profile=vision keep=a.* keep=b\n"
                            "g (float[N,3] x) => (float[N,2] y) <float[2,3] w> {\n"
                            "  y = Gemm<transB = 1>(x, w)\n"
                            "}\n"
                            "---\n";

static const int64_t shape[] = {2, 3};
static const char *const path[] = {"Transpose", "Reshape"};
static const owi_block parts[] = {{.label = "q", .fan_in = 3, .value = NAN},
                                  {.label = "k", .fan_in = 5, .value = 1}};
static const owi_row rows[] = {{.name = "w",
                                .shape = shape,
                                .rank = 2,
                                .elements = 6,
                                .fill = true,
                                .role = "linear.weight",
                                .slot = 1,
                                .path = path,
                                .path_count = 2,
                                .fan_in = 3,
                                .gain = NAN,
                                .std = 0.27216552697590868,
                                .low = -0.5,
                                .blocks = parts,
                                .block_count = 2,
                                .trainable = true,
                                .reason = "Gemm input 1"},
                               {.name = "odd: name", .role = "bias"}};
static const owi_summary summary = {.filled = 1, .profile = "vision", .profile_reason = "convs"};

static owi_arena arena;
static temp folder;

static int set_up(void **state) {
    (void)state;
    folder = temp_make();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    temp_remove(&folder);
    owi_arena_free(&arena);
    return 0;
}

static test_case case_with(const char *expected) {
    test_case made;
    buffer text = {0}, problem = {0};
    buffer_printf(&text, "%s%s", model, expected);
    char *file = temp_file(&folder, "some.case", text.text, text.length);
    if (!case_read(owi_arena_copy(&arena, file, strlen(file)), &arena, &made, &problem)) {
        fail_msg("%s", problem.text);
    }
    free(file);
    buffer_free(&text);
    return made;
}

// Compares and returns the mismatches without the folder's name.
static buffer mismatches(const char *expected, size_t count) {
    test_case made = case_with(expected);
    buffer lines = {0}, shown = {0};
    assert_int_equal(case_compare(&made, rows, 2, &summary, &arena, &lines), count);
    for (char *line = lines.text; line && *line;) {
        const char *from = strstr(line, "some.case");
        line = strchr(line, '\n') + 1;
        buffer_printf(&shown, "%.*s", (int)(line - from), from);
    }
    buffer_free(&lines);
    return shown;
}

static void what_fits_passes(void **state) {
    (void)state;
    buffer none =
        mismatches("w: action=fill role=linear.weight slot=1 path=Transpose,Reshape fan_in=3 "
                   "std=sqrt(2/27) low=-0.5 gain=null shape=2x3 elements=6 blocks=2 "
                   "trainable=true reason~\"input 1\" rule=null warnings=null\n"
                   "\n# a comment\n"
                   "w[0]: label=q value=null fan_in=3\n"
                   "w[1]: label=k value=1\n"
                   "\"odd: name\": role=bias\n"
                   "model: profile=vision filled=1 rows=2 profile_reason~conv\n",
                   0);
    assert_null(none.text);
}

// The row's std is sqrt(2/27).
static void numbers_are_read_whole(void **state) {
    (void)state;
    buffer none =
        mismatches("w: std=sqrt(2/9/3) std=sqrt(2)/sqrt(27) std=sqrt(4/27/2) std=1/sqrt(27/2)\n"
                   "w: std=sqrt(2*2/54) fan_in=6/2 fan_in=2*3/2 low=-1/2 low=-sqrt(1)/2\n",
                   0);
    assert_null(none.text);
    static const char *const wrong[] = {"sqrt(2/27/2)", "sqrt(2/27)/2", "sqrt(2/27",  "sqrt(2/27))",
                                        "sqrt(2/27)x",  "0.272166 ?",   "sqrt(2/27)/"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *line = owi_arena_printf(&arena, "w: std=\"%s\"\n", wrong[i]);
        buffer one = mismatches(line, 1);
        assert_non_null(strstr(one.text, wrong[i]));
        buffer_free(&one);
    }
}

static void what_differs_is_told(void **state) {
    (void)state;
    buffer lines = mismatches("w: role=bias std=0.27 gain=1 reason~nowhere\n"
                              "w[1]: label=v\n"
                              "w: path=Transpose value=null\n"
                              "model: unknown=2\n",
                              8);
    assert_string_equal(
        lines.text, "some.case:6: w: role: expected bias, got linear.weight\n"
                    "some.case:6: w: std: expected 0.27, got 0.272165527\n"
                    "some.case:6: w: gain: expected 1, got null\n"
                    "some.case:6: w: reason: expected something with nowhere, got Gemm input 1\n"
                    "some.case:7: w[1]: label: expected v, got k\n"
                    "some.case:8: w: path: expected Transpose, got Transpose,Reshape\n"
                    "some.case:8: w: value: expected null, got 0\n"
                    "some.case:9: model: unknown: expected 2, got 0\n");
    buffer_free(&lines);
}

static void mistakes_in_a_case_are_told(void **state) {
    (void)state;
    buffer lines = mismatches("v: role=bias\n"
                              "w: rolle=bias\n"
                              "w[2]: label=v\n"
                              "w: role\n"
                              "w role=bias\n",
                              5);
    assert_string_equal(
        lines.text, "some.case:6: v: role: expected bias, got no such tensor or part\n"
                    "some.case:7: w: rolle: expected bias, got no such key\n"
                    "some.case:8: w[2]: label: expected v, got no such tensor or part\n"
                    "some.case:9: w: role: expected a value, got none\n"
                    "some.case:10: w role=bias: line: expected row: key=value, got w role=bias\n");
    buffer_free(&lines);
}

static void options_are_read(void **state) {
    (void)state;
    test_case made = case_with("w: slot=1\n");
    assert_string_equal(made.name, "some");
    assert_int_equal(made.options.seed, 3);
    assert_string_equal(made.options.profile, "vision");
    assert_int_equal(made.options.keep_count, 2);
    assert_string_equal(made.options.keep[0], "a.*");
    assert_string_equal(made.options.keep[1], "b");
    assert_int_equal(made.options.promote_count, 0);
    assert_null(made.failure);
    assert_true(made.model_length > 0);
}

static void failures_are_compared(void **state) {
    (void)state;
    test_case made = case_with("%%FAIL INPUT defined twice\n");
    buffer lines = {0};
    assert_int_equal(case_compare_failure(&made, OWI_INPUT, "x is defined twice", &lines), 0);
    assert_null(lines.text);
    assert_int_equal(case_compare_failure(&made, OWI_USAGE, "x is defined twice", &lines), 1);
    assert_int_equal(case_compare_failure(&made, OWI_INPUT, "no graph", &lines), 1);
    assert_non_null(strstr(lines.text, ":6: expected INPUT defined twice, got USAGE x is defined"));
    assert_non_null(strstr(lines.text, ":6: expected INPUT defined twice, got INPUT no graph\n"));
    buffer_free(&lines);
}

static void broken_files_are_told(void **state) {
    (void)state;
    static const char *const texts[] = {"g () => () {}\n", "options: sede=3\ng () => () {}\n---\n",
                                        "g () => {}\n---\n"};
    static const char *const problems[] = {"has no line ---", "an option that is none",
                                           "1:9: expected ("};
    for (size_t i = 0; i < 3; i++) {
        test_case made;
        buffer problem = {0};
        char *file = temp_file(&folder, "bad.case", texts[i], strlen(texts[i]));
        assert_false(case_read(file, &arena, &made, &problem));
        assert_non_null(strstr(problem.text, problems[i]));
        buffer_free(&problem);
        free(file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_passes),      cmocka_unit_test(numbers_are_read_whole),
        cmocka_unit_test(what_differs_is_told),  cmocka_unit_test(mistakes_in_a_case_are_told),
        cmocka_unit_test(options_are_read),      cmocka_unit_test(failures_are_compared),
        cmocka_unit_test(broken_files_are_told),
    };
    return cmocka_run_group_tests_name("case_runner", tests, set_up, tear_down);
}
