#include "onnx_winit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[] = {"he_normal", "he_uniform", "zeros", "ones", NULL};

static void finds_what_was_meant(void **state) {
    (void)state;
    assert_string_equal(owi_nearest_name("he_norml", names), "he_normal");  // left out
    assert_string_equal(owi_nearest_name("he_nromal", names), "he_normal"); // swapped
    assert_string_equal(owi_nearest_name("heuniform", names), "he_uniform");
    assert_string_equal(owi_nearest_name("zeross", names), "zeros"); // doubled
    assert_string_equal(owi_nearest_name("one", names), "ones");
}

static void says_nothing_when_nothing_is_near(void **state) {
    (void)state;
    char endless[100];
    memset(endless, 'z', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_null(owi_nearest_name("lecun", names));
    assert_null(owi_nearest_name(endless, names));
    assert_null(owi_nearest_name("he_normal", (const char *const[]){NULL}));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_meant),
        cmocka_unit_test(says_nothing_when_nothing_is_near),
    };
    return cmocka_run_group_tests_name("nearest", tests, NULL, NULL);
}
