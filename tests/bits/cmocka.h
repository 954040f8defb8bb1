// As much of cmocka as test_golden.c needs, for machines that have no such library.
#include <stdio.h>
#include <stdlib.h>

#define assert_true(what)                                                                          \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                             \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)
#define assert_non_null(what)        assert_true((what) != NULL)
#define assert_int_equal(one, other) assert_true((one) == (other))
#define print_message(...)           printf(__VA_ARGS__)

struct CMUnitTest {
    void (*test)(void **state);
};
#define cmocka_unit_test(test)                                                                     \
    { test }
#define cmocka_run_group_tests(tests, set_up, tear_down) (tests[0].test(NULL), 0)
