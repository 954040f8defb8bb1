#include "plan/scheme.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static owi_arena arena;

static int tear_down(void **state) {
    (void)state;
    owi_arena_free(&arena);
    return 0;
}

static owi_spec read(const char *text) {
    owi_spec spec;
    owi_error error = {OWI_OK, ""};
    if (owi_spec_read(&arena, text, &spec, &error) != OWI_OK) {
        fail_msg("%s: %s", text, error.text);
    }
    return spec;
}

static void assert_number(double actual, double expected) {
    if (!(fabs(actual - expected) <= 1e-15 * fabs(expected))) {
        fail_msg("%.17g is not %.17g", actual, expected);
    }
}

static void schemes_have_defaults(void **state) {
    (void)state;
    owi_spec spec = read("he_normal");
    assert_int_equal(spec.scheme, OWI_SCHEME_he_normal);
    assert_int_equal(spec.distribution, OWI_DISTRIBUTION_NORMAL);
    assert_int_equal(spec.mode, OWI_FAN_IN);
    assert_int_equal(spec.gain_from, OWI_GAIN_NUMBER);
    assert_number(spec.gain, sqrt(2));
    assert_false(spec.has_zero_row);
    assert_number(read("xavier_uniform").gain, 1);
    assert_int_equal(read("xavier_uniform()").mode, OWI_FAN_AVERAGE);
    assert_number(read("ones").value, 1);
    assert_number(read("zeros").value, 0);
    assert_int_equal(read("icnr").factor, 2);
}

static void arguments_stand_in_order_or_by_name(void **state) {
    (void)state;
    owi_spec spec = read("normal(0.5, 0.02)");
    assert_number(spec.mean, 0.5);
    assert_number(spec.std, 0.02);
    spec = read(" normal ( std = 0.02 ) ");
    assert_number(spec.mean, 0);
    assert_number(spec.std, 0.02);
    spec = read("uniform(-1/16,high=sqrt(6/4)/2)");
    assert_number(spec.low, -0.0625);
    assert_number(spec.high, sqrt(1.5) / 2);
    spec = read("variance_scaling(1/3, fan_out, uniform)");
    assert_number(spec.scale, 1.0 / 3);
    assert_int_equal(spec.mode, OWI_FAN_OUT);
    assert_int_equal(spec.distribution, OWI_DISTRIBUTION_UNIFORM);
    assert_int_equal(read("variance_scaling(2,fan_avg,truncated)").mode, OWI_FAN_AVERAGE);
    assert_int_equal(read("he_normal(gain=exact)").gain_from, OWI_GAIN_EXACT);
    assert_int_equal(read("he_uniform(activation,fan_out)").gain_from, OWI_GAIN_ACTIVATION);
    assert_number(read("orthogonal(sqrt(2))").gain, sqrt(2));
    assert_number(read("constant(2*3/4)").value, 1.5);
    spec = read("normal(0,1,zero_row=-1)");
    assert_true(spec.has_zero_row);
    assert_int_equal(spec.zero_row, -1);
}

static void every_scheme_can_be_written(void **state) {
    (void)state;
    static const char *const needed[OWI_SCHEME_COUNT] = {
        [OWI_SCHEME_constant] = "constant(0.25)",
        [OWI_SCHEME_normal] = "normal(0,1)",
        [OWI_SCHEME_truncated_normal] = "truncated_normal(0,1)",
        [OWI_SCHEME_bounded_normal] = "bounded_normal(0,1,-inf,2)",
        [OWI_SCHEME_uniform] = "uniform(0,1)"};
    for (owi_scheme scheme = 0; scheme < OWI_SCHEME_COUNT; scheme++) {
        const char *text = needed[scheme] ? needed[scheme] : owi_scheme_name(scheme);
        assert_int_equal(read(text).scheme, scheme);
    }
}

static void wrong_texts_are_told_apart(void **state) {
    (void)state;
    static const struct {
        const char *text, *answer;
    } wrong[] = {
        {"he_norml", "there is no scheme 'he_norml'; did you mean he_normal?"},
        {"", "there is no scheme ''"},
        {"normal", "normal needs std"},
        {"normal()", "normal needs std"},
        {"normal(1)", "normal needs std"},
        {"normal(0, 1, 2)", "expected ) at '2)'"},
        {"normal(0, 1", "expected , or ) at the end"},
        {"normal(0, 1) x", "expected nothing more at 'x'"},
        {"normal(0, std=1, std=2)", "std is given twice"},
        {"normal(0, 1, mean=2)", "mean is given twice"},
        {"normal(0, -1)", "std is below 0"},
        {"bounded_normal(0, 1, -2)", "bounded_normal needs high"},
        {"bounded_normal(0, inf, 0, 1)", "expected a number at 'inf, 0, 1)'"},
        {"bounded_normal(0, 1, infinite, 1)", "expected a number at 'infinite, 1)'"},
        {"bounded_normal(0, 1, - inf, -40)", "nothing of the normal lies between low and high"},
        {"uniform(0, inf)", "low and high are too far apart"},
        {"normal(0, big)", "expected a number at 'big)'"},
        {"normal(0, nan)", "expected a number at 'nan)'"},
        {"normal(0, 1e999)", "expected a number at ')'"},
        {"normal(0, 1/0)", "expected a number at ')'"},
        {"normal(0, sqrt(-1))", "expected a number at ')'"},
        {"uniform(1, 0)", "low is above high"},
        {"he_normal(gian=1)", "there is no argument 'gian'; did you mean gain?"},
        {"he_normal(gain=exakt)", "there is no gain 'exakt'; did you mean exact?"},
        {"he_normal(mode=fan_inn)", "there is no mode 'fan_inn'; did you mean fan_in?"},
        {"variance_scaling(1, fan_in, unifrom)",
         "there is no distribution 'unifrom'; did you mean uniform?"},
        {"icnr(1/2)", "expected a whole number at '1/2)'"},
        {"icnr(0)", "factor is below 1"},
        {"zeros(1)", "expected ) at '1)'"},
        {"keep(zero_row=1)", "there is no argument 'zero_row'; did you mean zero_row?"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        owi_spec spec;
        owi_error error = {OWI_OK, ""};
        assert_int_equal(owi_spec_read(&arena, wrong[i].text, &spec, &error), OWI_USAGE);
        assert_string_equal(error.text, wrong[i].answer);
    }
}

static void decimal_points_are_points(void **state) {
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        print_message("no locale with a decimal comma here (LOCPATH); skipped\n");
        skip();
    }
    assert_number(read("normal(0, 0.02)").std, 0.02);
    setlocale(LC_ALL, "C");
}

static void schemes_are_told_from_other_words(void **state) {
    (void)state;
    assert_true(owi_scheme_begins("zeros"));
    assert_true(owi_scheme_begins("normal(0,1)"));
    assert_false(owi_scheme_begins("normals(0,1)"));
    assert_false(owi_scheme_begins("normal)"));
    assert_false(owi_scheme_begins(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes_have_defaults),
        cmocka_unit_test(arguments_stand_in_order_or_by_name),
        cmocka_unit_test(every_scheme_can_be_written),
        cmocka_unit_test(wrong_texts_are_told_apart),
        cmocka_unit_test(decimal_points_are_points),
        cmocka_unit_test(schemes_are_told_from_other_words),
    };
    return cmocka_run_group_tests_name("scheme", tests, NULL, tear_down);
}
