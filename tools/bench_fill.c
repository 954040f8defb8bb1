// bench_fill.c: how fast the sampler is here. Judges nothing.
//
//     bench-fill           GB of tensor a second on one thread, for each CPU level, and seconds for
//                          orthogonal matrices: the best of many runs
//     bench-fill --serve   answers each line "SCHEME TYPE ROWS COLUMNS THREADS" on stdin with the
//                          seconds that this one tensor took; "save FILE" writes it
#include "base/pool.h"
#include "fill/cpu.h"
#include "fill/fill.h"
#include "fill/kernels.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static int print_tables(void) {
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
        bench_range("bounded",
                    (owi_recipe){.kind = OWI_RECIPE_BOUNDED, .b = 0.02, .c = -0.04, .d = 0.04},
                    bytes);
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

// ---- one tensor at a time, as told ----

typedef struct task {
    owi_filler filler;
    uint8_t *bytes;
    atomic_uint_fast64_t next;
} task;

// As the program does it: threads take pieces of 1 MiB.
static void fill_pieces(void *context) {
    task *of = context;
    const uint64_t size = owi_dtype_size(of->filler.dtype), piece = (1 << 20) / size;
    for (uint64_t first; (first = atomic_fetch_add(&of->next, piece)) < of->filler.elements;) {
        const uint64_t left = of->filler.elements - first;
        owi_fill_range(&of->filler, first, left < piece ? left : piece, of->bytes + first * size);
    }
}

static double fill_once(task *of, unsigned threads) {
    const double start = now();
    atomic_store(&of->next, 0);
    if (!owi_fill_is_whole(&of->filler)) {
        owi_parallel(threads, fill_pieces, of);
    } else if (owi_fill_whole(&of->filler, threads, of->bytes, NULL) != OWI_OK) {
        return -1;
    }
    return now() - start;
}

static bool find_scheme(const char *name, owi_recipe *recipe) {
    static const struct {
        const char *name;
        owi_recipe recipe;
    } schemes[] = {{"normal", {.kind = OWI_RECIPE_NORMAL, .b = 0.02}},
                   {"truncated", {.kind = OWI_RECIPE_TRUNCATED, .b = 0.02}},
                   {"uniform", {.kind = OWI_RECIPE_UNIFORM, .a = -0.02, .b = 0.02}},
                   {"orthogonal", {.kind = OWI_RECIPE_ORTHOGONAL, .b = 1}}};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strcmp(name, schemes[i].name) == 0) {
            *recipe = schemes[i].recipe;
            return true;
        }
    }
    return false;
}

static bool save(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    const bool written = file && fwrite(bytes, 1, size, file) == size;
    return file && fclose(file) == 0 && written;
}

// The best level that the machine has.
static const char *best_level(void) {
    const char *best = NULL;
    for (size_t i = 0; owi_cpu_level(i); i++) {
        best = owi_cpu_force(owi_cpu_level(i)) ? owi_cpu_level(i) : best;
    }
    return best;
}

static int serve(void) {
    enum { MOST_BYTES = 1 << 28 };
    static const owi_dtype types[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                      OWI_DTYPE_BFLOAT16};
    task of = {.bytes = malloc(MOST_BYTES)};
    size_t size = 0;
    char line[4200], word[4100], type[16];
    long long shape[2];
    unsigned threads;
    if (!of.bytes) {
        perror("bench-fill");
        return EXIT_FAILURE;
    }
    printf("%s\n", best_level());
    for (fflush(stdout); fgets(line, sizeof line, stdin); fflush(stdout)) {
        owi_recipe recipe;
        owi_dtype dtype = OWI_DTYPE_UNDEFINED;
        if (sscanf(line, "save %4099s", word) == 1) {
            printf("%s\n", save(word, of.bytes, size) ? "saved" : "cannot be written");
            continue;
        }
        const bool read =
            sscanf(line, "%31s %15s %lld %lld %u", word, type, &shape[0], &shape[1], &threads) == 5;
        for (size_t i = 0; read && i < sizeof types / sizeof *types; i++) {
            dtype = strcmp(type, owi_dtype_name(types[i])) == 0 ? types[i] : dtype;
        }
        if (!read || !find_scheme(word, &recipe) || dtype == OWI_DTYPE_UNDEFINED || shape[0] < 1 ||
            shape[1] < 1 || shape[0] > MOST_BYTES / 8 / shape[1]) {
            printf("not understood\n");
            continue;
        }
        of.filler = tensor(&recipe, (const int64_t[2]){shape[0], shape[1]}, dtype);
        size = (size_t)of.filler.elements * owi_dtype_size(dtype);
        printf("%.9f\n", fill_once(&of, threads));
    }
    free(of.bytes);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    return argc > 1 && strcmp(argv[1], "--serve") == 0 ? serve() : print_tables();
}
