#include "faults.h"

#include "fill/cpu.h"
#include "fill/sampler.h"

#include <string.h>

enum { UNIT = OWI_SUPERBLOCK };

static void good(owi_key key, uint64_t first, size_t count, uint32_t *words) {
    owi_cpu_kernels()->words(key, 0, first, count, words);
}

// Philox with two rounds of ten, from the paper, and in its plain order.
static void two_rounds(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    (void)second;
    for (uint64_t block = first * UNIT / 4; block < (first + count) * UNIT / 4; block++) {
        uint32_t c[4] = {(uint32_t)block, (uint32_t)(block >> 32), 0, 0};
        uint32_t k[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
        for (int round = 0; round < 2; round++) {
            const uint64_t p0 = (uint64_t)c[0] * 0xd2511f53, p1 = (uint64_t)c[2] * 0xcd9e8d57;
            const uint32_t next[4] = {(uint32_t)(p1 >> 32) ^ c[1] ^ k[0], (uint32_t)p1,
                                      (uint32_t)(p0 >> 32) ^ c[3] ^ k[1], (uint32_t)p0};
            memcpy(c, next, sizeof c);
            k[0] += 0x9e3779b9;
            k[1] += 0xbb67ae85;
        }
        memcpy(words, c, sizeof c);
        words += 4;
    }
}

static void few_bits(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    (void)second;
    good(key, first, count, words);
    for (size_t i = 0; i < count * UNIT; i++) {
        words[i] &= 0xfff00000;
    }
}

static void biased(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    (void)second;
    good(key, first, count, words);
    for (size_t i = 0; i < count * UNIT; i++) {
        words[i] |= words[i] % 256 == 0 ? 0x80000000 : 0;
    }
}

static void repeated(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    (void)second;
    for (size_t i = 0; i < count; i++) {
        good(key, (first + i) / 2, 1, words + i * UNIT);
    }
}

static void halves(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    (void)second;
    good(key, first, count, words);
    for (size_t i = 0; i < count * UNIT; i++) {
        words[i] = i % 128 == UNIT / 2 ? ~words[i - UNIT / 2] : words[i];
    }
}

static void same_seeds(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    good(second ? key - 1 : key, first, count, words);
}

static void shifted(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    good(second ? key - 1 : key, first, count, words);
    if (second) {
        memmove(words + 1, words, (count * UNIT - 1) * sizeof *words);
    }
}

static void stuck(owi_key key, bool second, uint64_t first, size_t count, uint32_t *words) {
    (void)second;
    good(key, first, count, words);
    for (size_t i = 0; i < count * UNIT; i++) {
        words[i] = (first * UNIT + i) % 5000 == 0 ? 0 : words[i];
    }
}

const fault faults[] = {
    {"two rounds of Philox instead of ten", two_rounds},
    {"words of 12 bits", few_bits},
    {"the uppermost bit set in one word of 256", biased},
    {"each block of 32 words twice", repeated},
    {"one word of 128 the complement of the one 16 before", halves},
    {"keys that differ in their last bit give one stream", same_seeds},
    {"the next key gives the same stream, one word later", shifted},
    {"one word of 5000 is zero", stuck},
    {NULL, NULL},
};

void fault_fill(const fault *of, const owi_filler *filler, bool second, uint64_t first,
                size_t count, float *values) {
    enum { PASS = OWI_BLOCK / UNIT };
    const owi_kernels *kernels = owi_cpu_kernels();
    const owi_law law = owi_law_of(kernels, filler->recipes, OWI_DTYPE_FLOAT);
    uint32_t words[OWI_BLOCK];
    float made[OWI_BLOCK];
    for (size_t done = 0; done < count; done += OWI_BLOCK) {
        const size_t left = count - done < OWI_BLOCK ? count - done : OWI_BLOCK;
        of->words(filler->key, second, (first + done) / UNIT, PASS, words);
        kernels->to_float[law.shape](words, PASS, &law, made);
        memcpy(values + done, made, left * sizeof *made);
    }
}
