// The arena: zeroed and aligned memory, its caps, and under AddressSanitizer nothing beside it.
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/poison.h"

static const size_t sizes[] = {1, 15, 16, 17, 0, 4096, 65519, 65536, 65537, 200000, 3};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void test_memory_is_zeroed_aligned_and_apart(void **state) {
    (void)state;
    owi_arena arena = {0};
    unsigned char *taken[SIZES];
    for (size_t i = 0; i < SIZES; i++) {
        taken[i] = owi_arena_alloc(&arena, sizes[i]);
        assert_non_null(taken[i]);
        assert_int_equal((uintptr_t)taken[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(taken[i][k], 0);
        }
        memset(taken[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < SIZES; i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(taken[i][k], i + 1);
        }
    }
    owi_arena_free(&arena);
}

static void test_caps(void **state) {
    (void)state;
    owi_arena arena = {.limit = 1000};
    assert_null(owi_arena_alloc(&arena, SIZE_MAX));
    assert_null(owi_arena_array(&arena, SIZE_MAX / 4, 8));
    assert_non_null(owi_arena_alloc(&arena, 900));
    assert_null(owi_arena_alloc(&arena, 200));
    jmp_buf here;
    arena.exhausted = &here;
    if (!setjmp(here)) {
        owi_arena_alloc(&arena, 200);
        fail_msg("an arena gives more than its cap");
    }
    assert_int_equal(arena.shortage, OWI_SHORT_OF_MEMORY);
    owi_arena_free(&arena);
}

// Without AddressSanitizer there is nobody to forbid anything.
#ifdef OWI_POISONS
static void test_neighbours_are_forbidden(void **state) {
    (void)state;
    owi_arena arena = {0};
    for (size_t i = 0; i < SIZES; i++) {
        char *bytes = owi_arena_alloc(&arena, sizes[i]);
        assert_null(__asan_region_is_poisoned(bytes, sizes[i]));
        assert_true(__asan_address_is_poisoned(bytes + sizes[i]));
    }
    owi_arena_free(&arena);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(test_caps),
#ifdef OWI_POISONS
        cmocka_unit_test(test_neighbours_are_forbidden),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
