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

// The product of the lanes' low halves; compilers do not find this instruction by themselves. And a
// lane with its halves swapped.
#if defined(__AVX512F__)
#define MULTIPLY(a, b) ((lanes)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#define SWAP(a)        ((lanes)_mm512_shuffle_epi32((__m512i)(a), _MM_PERM_CDAB))
#elif defined(__AVX2__)
#define MULTIPLY(a, b) ((lanes)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#define SWAP(a)        ((lanes)_mm256_shuffle_epi32((__m256i)(a), 0xb1))
#elif defined(__SSE2__)
#define MULTIPLY(a, b) ((lanes)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#define SWAP(a)        ((lanes)_mm_shuffle_epi32((__m128i)(a), 0xb1))
#else
#define MULTIPLY(a, b) (((a)&0xffffffff) * (b))
#define SWAP(a)        ((a) >> 32 | (a) << 32)
#endif

enum { ROUNDS = 10 };

static const uint32_t philox_multiplier[2] = {0xd2511f53, 0xcd9e8d57};

// A round replaces the counter by
//     high(m1 c2) ^ c1 ^ key0, low(m1 c2), high(m0 c0) ^ c3 ^ key1, low(m0 c0).
// In a run of blocks only c0 varies at first: words that are alike for all of them are worked out
// once, and it takes three rounds until none is left.
typedef struct philox_run {
    uint32_t key[ROUNDS][2];
    uint32_t first_c2, second_c0, second_c2, third_c2; // what is xored in that round
} philox_run;

static inline philox_run philox_open(uint64_t key, uint64_t tag, uint32_t c1) {
    philox_run run;
    for (uint32_t round = 0; round < ROUNDS; round++) { // Weyl sequences: golden ratio, sqrt(3) - 1
        run.key[round][0] = (uint32_t)key + round * 0x9e3779b9;
        run.key[round][1] = (uint32_t)(key >> 32) + round * 0xbb67ae85;
    }
    const uint64_t product1 = (uint64_t)philox_multiplier[1] * (uint32_t)tag;
    const uint32_t c0 = (uint32_t)(product1 >> 32) ^ c1 ^ run.key[0][0];
    const uint64_t product0 = (uint64_t)philox_multiplier[0] * c0;
    run.first_c2 = (uint32_t)(tag >> 32) ^ run.key[0][1];
    run.second_c0 = (uint32_t)product1 ^ run.key[1][0];
    run.second_c2 = (uint32_t)(product0 >> 32) ^ run.key[1][1];
    run.third_c2 = (uint32_t)product0 ^ run.key[2][1];
    return run;
}

// The low halves of c0 and c1, and of c2 and c3, as they stand in memory, after a last round with
// the products of c0 and c2.
static inline lanes philox_pair(lanes product, lanes with, uint32_t key) {
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return product ^ (with ^ key) << 32;
#else
    return SWAP(product) ^ (with & 0xffffffff) ^ key;
#endif
}

// Only the low half of each lane counts: the multiplication ignores the rest, so nothing needs
// masking between rounds, and swapping halves is as good as a shift, on an execution port that
// multiplications leave free.
static inline void philox_flight(const philox_run *run, uint32_t block, uint32_t *words) {
    static const uint64_t numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const lanes m0 = (lanes){0} + philox_multiplier[0], m1 = (lanes){0} + philox_multiplier[1];
    lanes first, c[4][FLIGHT];
    memcpy(&first, numbers, sizeof first);
    for (int i = 0; i < FLIGHT; i++) {
        c[3][i] = MULTIPLY(first + block + (uint64_t)(i * LANES), m0);
        c[2][i] = SWAP(c[3][i]) ^ run->first_c2;
        c[1][i] = MULTIPLY(c[2][i], m1);
        c[0][i] = SWAP(c[1][i]) ^ run->second_c0;
        c[2][i] = c[3][i] ^ run->second_c2;
    }
#pragma GCC unroll 10
    for (int round = 2; round < ROUNDS - 1; round++) {
        const uint32_t *key = run->key[round];
        for (int i = 0; i < FLIGHT; i++) {
            const lanes product0 = MULTIPLY(c[0][i], m0), product1 = MULTIPLY(c[2][i], m1);
            c[0][i] = SWAP(product1) ^ c[1][i] ^ key[0];
            c[2][i] =
                round == 2 ? SWAP(product0) ^ run->third_c2 : SWAP(product0) ^ c[3][i] ^ key[1];
            c[1][i] = product1;
            c[3][i] = product0;
        }
    }
    for (int i = 0; i < FLIGHT; i++) {
        const lanes product0 = MULTIPLY(c[0][i], m0), product1 = MULTIPLY(c[2][i], m1);
        const uint32_t *key = run->key[ROUNDS - 1];
        const lanes halves[2] = {philox_pair(product1, c[1][i], key[0]),
                                 philox_pair(product0, c[3][i], key[1])};
        const size_t lane = (size_t)i * LANES, base = lane / 8 * OWI_SUPERBLOCK + lane % 8 * 2;
        memcpy(words + base, &halves[0], VECTOR_BYTES);
        memcpy(words + base + OWI_SUPERBLOCK / 2, &halves[1], VECTOR_BYTES);
    }
}

// Superblocks whose blocks have the same upper half of their number.
static inline void philox_superblocks(const philox_run *run, uint32_t block, size_t count,
                                      uint32_t *words) {
    size_t done = 0;
    for (; count - done >= FLIGHT_SUPERBLOCKS; done += FLIGHT_SUPERBLOCKS) {
        philox_flight(run, block + (uint32_t)done * 8, words + done * OWI_SUPERBLOCK);
    }
    if (done < count) {
        uint32_t rest[FLIGHT_SUPERBLOCKS * OWI_SUPERBLOCK];
        philox_flight(run, block + (uint32_t)done * 8, rest);
        memcpy(words + done * OWI_SUPERBLOCK, rest,
               (count - done) * sizeof *words * OWI_SUPERBLOCK);
    }
}

static void philox_words(uint64_t key, uint64_t tag, uint64_t first, size_t count,
                         uint32_t *words) {
    enum { SPAN = 1 << 29 }; // superblocks
    for (size_t part; count > 0; count -= part, first += part, words += part * OWI_SUPERBLOCK) {
        const uint64_t left = SPAN - first % SPAN;
        const philox_run run = philox_open(key, tag, (uint32_t)(first / SPAN));
        part = count < left ? count : (size_t)left;
        philox_superblocks(&run, (uint32_t)(first % SPAN) * 8, part, words);
    }
}
