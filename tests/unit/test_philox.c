// The generator against its published answers, and the order of its words.
#include "fill/cpu.h"
#include "fill/kernels.h"
#include "support/filling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// One block as the paper has it, word by word.
static void plain_block(const uint32_t counter[4], uint64_t key, uint32_t block[4]) {
    uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]};
    uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = (uint64_t)0xd2511f53 * c[0];
        const uint64_t product1 = (uint64_t)0xcd9e8d57 * c[2];
        const uint32_t next0 = (uint32_t)(product1 >> 32) ^ c[1] ^ key0;
        const uint32_t next2 = (uint32_t)(product0 >> 32) ^ c[3] ^ key1;
        c[0] = next0;
        c[1] = (uint32_t)product1;
        c[2] = next2;
        c[3] = (uint32_t)product0;
        key0 += 0x9e3779b9;
        key1 += 0xbb67ae85;
    }
    memcpy(block, c, sizeof c);
}

static void check_published(const char *level) {
    FILE *file = fopen("tests/kat/philox.txt", "r");
    assert_non_null(file);
    char line[256];
    int vectors = 0;
    while (fgets(line, sizeof line, file)) {
        uint32_t c[4], k[2], expected[4], words[OWI_SUPERBLOCK], plain[4];
        if (sscanf(line, "philox4x32 10 %x %x %x %x %x %x %x %x %x %x", &c[0], &c[1], &c[2], &c[3],
                   &k[0], &k[1], &expected[0], &expected[1], &expected[2], &expected[3]) != 10) {
            assert_int_equal(line[0], '#');
            continue;
        }
        const uint64_t number = c[0] | (uint64_t)c[1] << 32, tag = c[2] | (uint64_t)c[3] << 32;
        const uint64_t key = k[0] | (uint64_t)k[1] << 32;
        const size_t lane = number % 8;
        owi_cpu_kernels()->words(key, tag, number / 8, 1, words);
        plain_block(c, key, plain);
        for (size_t w = 0; w < 4; w++) {
            assert_int_equal(plain[w], expected[w]);
            assert_int_equal(words[16 * (w / 2) + 2 * lane + w % 2], expected[w]);
        }
        vectors++;
    }
    fclose(file);
    assert_int_equal(vectors, 3);
    print_message("%s: published vectors match\n", level);
}

static void check_order(const char *level) {
    const uint64_t key = 0x0123456789abcdef, tag = 0xfedcba9876543210;
    const uint64_t firsts[] = {0, 1, (UINT64_C(1) << 29) - 2, (UINT64_C(1) << 61) - 3};
    for (size_t f = 0; f < sizeof firsts / sizeof *firsts; f++) {
        for (size_t count = 1; count <= 9; count++) {
            uint32_t words[9 * OWI_SUPERBLOCK + 1];
            words[count * OWI_SUPERBLOCK] = 0xdeadbeef;
            owi_cpu_kernels()->words(key, tag, firsts[f], count, words);
            assert_int_equal(words[count * OWI_SUPERBLOCK], 0xdeadbeef);
            for (size_t b = 0; b < 8 * count; b++) {
                const uint64_t number = 8 * firsts[f] + b;
                const uint32_t counter[4] = {(uint32_t)number, (uint32_t)(number >> 32),
                                             (uint32_t)tag, (uint32_t)(tag >> 32)};
                uint32_t block[4];
                plain_block(counter, key, block);
                for (size_t w = 0; w < 4; w++) {
                    const size_t at = b / 8 * 32 + 16 * (w / 2) + 2 * (b % 8) + w % 2;
                    assert_int_equal(words[at], block[w]);
                }
            }
        }
    }
    print_message("%s: canonical order holds\n", level);
}

static void test_published(void **state) {
    (void)state;
    filling_each_level(check_published);
}

static void test_order(void **state) {
    (void)state;
    filling_each_level(check_order);
}

// The last value is from the Python binding of xxHash.
static void test_key(void **state) {
    (void)state;
    assert_true(owi_key_make(0, "", "w") != owi_key_make(1, "", "w"));
    assert_true(owi_key_make(0, "", "w") != owi_key_make(0, "", "v"));
    assert_true(owi_key_make(0, "a", "b") != owi_key_make(0, "", "ab"));
    assert_true(owi_key_make(0, "ab", "") != owi_key_make(0, "a", "b"));
    assert_true(owi_key_make(UINT64_C(1) << 63, "", "w") != owi_key_make(0, "", "w"));
    assert_true(owi_key_make(7, "main", "conv1.weight") == UINT64_C(0x940076fb81487fe4));
}

static void test_levels(void **state) {
    (void)state;
    assert_string_equal(owi_cpu_level(0), "baseline");
    assert_false(owi_cpu_force("sse9"));
    assert_true(owi_cpu_force("baseline"));
    assert_ptr_equal(owi_cpu_kernels(), &owi_kernels_baseline);
    assert_false(owi_cpu_force("sse9"));
    assert_ptr_equal(owi_cpu_kernels(), &owi_kernels_baseline);
    assert_true(owi_cpu_force(NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_key),
        cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
