// bench_fill.c: how fast the sampler is here: GB of tensor a second on one thread, for each CPU
// level, and seconds for orthogonal matrices. Prints the best of many runs; judges nothing.
#include "fill/cpu.h"
#include "fill/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// A tensor that one recipe covers.
static owi_filler tensor(owi_recipe *recipe, const int64_t shape[2], owi_dtype dtype) {
    static const int64_t origin[2] = {0, 0};
    recipe->offset = origin;
    recipe->extent = shape;
    recipe->row_axes = 1;
    recipe->groups = 1;
    return (owi_filler){.key = 1,
                        .dtype = dtype,
                        .rank = 2,
                        .shape = shape,
                        .elements = (uint64_t)(shape[0] * shape[1]),
                        .recipes = recipe,
                        .recipe_count = 1};
}

static void bench_words(void) {
    static uint32_t words[OWI_BLOCK];
    enum { PASSES = 1000 };
    double best = 1e9;
    for (int run = 0; run < 50; run++) {
        const double start = now();
        for (uint64_t pass = 0; pass < PASSES; pass++) {
            owi_cpu_kernels()->words(1, 0, pass * 64, OWI_BLOCK / OWI_SUPERBLOCK, words);
        }
        const double time = now() - start;
        best = time < best ? time : best;
    }
    printf("  %-14s %8.2f\n", "words", PASSES * sizeof words / best / 1e9);
}

// Pieces of 1 MiB, as the program writes them.
static void bench_range(const char *name, owi_recipe recipe, void *bytes) {
    static const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                      OWI_DTYPE_BFLOAT16};
    printf("  %-14s", name);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const int64_t shape[2] = {1024, (int64_t)(1024 / owi_dtype_size(types[i]))};
        const owi_filler filler = tensor(&recipe, shape, types[i]);
        double best = 1e9;
        for (int run = 0; run < 300; run++) {
            const double start = now();
            owi_fill_range(&filler, 0, filler.elements, bytes);
            const double time = now() - start;
            best = time < best ? time : best;
        }
        printf(" %8.2f", 1048576 / best / 1e9);
    }
    printf("\n");
}

static void bench_orthogonal(int64_t rows, int64_t columns, owi_dtype dtype, void *bytes) {
    printf("  %lld x %lld %s:", (long long)rows, (long long)columns, owi_dtype_name(dtype));
    for (unsigned threads = 1; threads <= 2; threads++) {
        owi_recipe recipe = {.kind = OWI_RECIPE_ORTHOGONAL, .b = 1};
        const int64_t shape[2] = {rows, columns};
        const owi_filler filler = tensor(&recipe, shape, dtype);
        double best = 1e9;
        for (int run = 0; run < 3; run++) {
            const double start = now();
            if (owi_fill_whole(&filler, threads, bytes, NULL) != OWI_OK) {
                printf(" not enough memory\n");
                return;
            }
            const double time = now() - start;
            best = time < best ? time : best;
        }
        printf("  %u thread%s %.4f s", threads, threads > 1 ? "s" : "", best);
    }
    printf("\n");
}

int main(void) {
    void *bytes = malloc((size_t)4096 * 4096 * sizeof(float));
    if (!bytes) {
        perror("bench_fill");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; owi_cpu_level(i); i++) {
        if (!owi_cpu_force(owi_cpu_level(i))) {
            printf("%s: not on this machine\n", owi_cpu_level(i));
            continue;
        }
        printf("%s (GB/s)   float32  float64  float16 bfloat16\n", owi_cpu_level(i));
        bench_words();
        bench_range("normal", (owi_recipe){.kind = OWI_RECIPE_NORMAL, .b = 0.02}, bytes);
        bench_range("truncated", (owi_recipe){.kind = OWI_RECIPE_TRUNCATED, .b = 0.02}, bytes);
        bench_range("uniform", (owi_recipe){.kind = OWI_RECIPE_UNIFORM, .a = -1, .b = 1}, bytes);
        bench_range("constant", (owi_recipe){.kind = OWI_RECIPE_CONSTANT, .a = 1}, bytes);
        bench_orthogonal(1024, 1024, OWI_DTYPE_FLOAT, bytes);
        bench_orthogonal(4096, 1024, OWI_DTYPE_FLOAT, bytes);
        bench_orthogonal(4096, 4096, OWI_DTYPE_FLOAT, bytes);
        bench_orthogonal(1024, 1024, OWI_DTYPE_DOUBLE, bytes);
    }
    free(bytes);
    return EXIT_SUCCESS;
}
