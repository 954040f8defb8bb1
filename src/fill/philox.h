// philox.h: Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
// 3", SC11), one block for each 64-bit lane of a vector. Part of kernels_build.h.

#if defined(__SSE2__)
#include <immintrin.h>
#endif

typedef uint64_t lanes __attribute__((vector_size(VECTOR_BYTES)));

enum {
    LANES = VECTOR_BYTES / 8,
    // Independent vectors in flight, to hide the multiplier's latency: whole superblocks.
    FLIGHT = LANES == 8 ? 4 : 8 / LANES,
    FLIGHT_SUPERBLOCKS = FLIGHT * LANES / 8,
};

// The product of the lanes' low halves; compilers do not find this instruction by themselves.
#if defined(__AVX512F__)
#define MULTIPLY(a, b) ((lanes)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#elif defined(__AVX2__)
#define MULTIPLY(a, b) ((lanes)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#elif defined(__SSE2__)
#define MULTIPLY(a, b) ((lanes)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#else
#define MULTIPLY(a, b) (((a)&0xffffffff) * (b))
#endif

// Ten rounds on the FLIGHT vectors of counters. Only the low half of each lane counts: the
// multiplication ignores the rest, so nothing needs masking between rounds.
static inline void philox_rounds(uint64_t key, lanes c[4][FLIGHT]) {
    const lanes multiplier0 = (lanes){0} + 0xd2511f53, multiplier1 = (lanes){0} + 0xcd9e8d57;
    uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < FLIGHT; i++) {
            lanes product0 = MULTIPLY(c[0][i], multiplier0);
            lanes product1 = MULTIPLY(c[2][i], multiplier1);
            c[0][i] = (product1 >> 32) ^ c[1][i] ^ key0;
            c[1][i] = product1;
            c[2][i] = (product0 >> 32) ^ c[3][i] ^ key1;
            c[3][i] = product0;
        }
        key0 += 0x9e3779b9; // the golden ratio and sqrt(3) - 1: Weyl sequences
        key1 += 0xbb67ae85;
    }
}

// Two 32-bit words of each lane as they stand in memory.
static inline lanes paired(lanes first, lanes second) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (first << 32) | (second & 0xffffffff);
#else
    return (first & 0xffffffff) | (second << 32);
#endif
}

static inline void philox_flight(uint64_t key, uint64_t tag, uint64_t superblock, uint32_t *words) {
    static const uint64_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    lanes first, c[4][FLIGHT];
    memcpy(&first, numbers, sizeof first);
    for (int i = 0; i < FLIGHT; i++) {
        const lanes block = first + 8 * superblock + (uint64_t)(i * LANES);
        c[0][i] = block;
        c[1][i] = block >> 32;
        c[2][i] = (lanes){0} + (tag & 0xffffffff);
        c[3][i] = (lanes){0} + (tag >> 32);
    }
    philox_rounds(key, c);
    for (int i = 0; i < FLIGHT; i++) {
        lanes halves[2] = {paired(c[0][i], c[1][i]), paired(c[2][i], c[3][i])};
        size_t lane = (size_t)i * LANES, base = lane / 8 * OWI_SUPERBLOCK + lane % 8 * 2;
        memcpy(words + base, &halves[0], VECTOR_BYTES);
        memcpy(words + base + OWI_SUPERBLOCK / 2, &halves[1], VECTOR_BYTES);
    }
}

static void philox_words(uint64_t key, uint64_t tag, uint64_t first, size_t count,
                         uint32_t *words) {
    size_t done = 0;
    for (; count - done >= FLIGHT_SUPERBLOCKS; done += FLIGHT_SUPERBLOCKS) {
        philox_flight(key, tag, first + done, words + done * OWI_SUPERBLOCK);
    }
    if (done < count) {
        uint32_t rest[FLIGHT_SUPERBLOCKS * OWI_SUPERBLOCK];
        philox_flight(key, tag, first + done, rest);
        memcpy(words + done * OWI_SUPERBLOCK, rest,
               (count - done) * sizeof *words * OWI_SUPERBLOCK);
    }
}
