#include "fill/cpu.h"

#include "fill/kernels.h"

#include <stdatomic.h>
#include <string.h>

typedef struct level {
    const char *name;
    const owi_kernels *kernels;
    bool (*present)(void);
} level;

static bool always(void) {
    return true;
}

#if defined(__x86_64__)
static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

static const level levels[] = {
    {"baseline", &owi_kernels_baseline, always},
#if defined(__x86_64__)
    {"avx2", &owi_kernels_avx2, has_avx2},
    {"avx512", &owi_kernels_avx512, has_avx512},
#endif
};

enum { LEVELS = sizeof levels / sizeof *levels };

// The one variable of the library outside any model: it decides how fast values are made, never
// which, so it may change at any time.
static _Atomic(const level *) forced;

static const level *best(void) {
    size_t i = LEVELS - 1;
    while (!levels[i].present()) {
        i--;
    }
    return &levels[i];
}

const owi_kernels *owi_cpu_kernels(void) {
    const level *chosen = atomic_load_explicit(&forced, memory_order_relaxed);
    return (chosen ? chosen : best())->kernels;
}

const char *owi_cpu_best(void) {
    return best()->name;
}

bool owi_cpu_force(const char *name) {
    const level *chosen = NULL;
    for (size_t i = 0; name && i < LEVELS; i++) {
        if (strcmp(name, levels[i].name) == 0 && levels[i].present()) {
            chosen = &levels[i];
        }
    }
    if (name && !chosen) {
        return false;
    }
    atomic_store_explicit(&forced, chosen, memory_order_relaxed);
    return true;
}

owi_status owi_cpu_choose(const char *name, owi_error *error) {
    if (owi_cpu_force(name)) {
        return OWI_OK;
    }
    for (size_t i = 0; i < LEVELS; i++) {
        if (strcmp(name, levels[i].name) == 0) {
            return owi_fail(error, OWI_USAGE, "cpu level %s: this machine does not have it", name);
        }
    }
    char known[64] = "";
    for (size_t i = 0; i < LEVELS; i++) {
        strcat(strcat(known, i ? ", " : ""), levels[i].name);
    }
    return owi_fail(error, OWI_USAGE, "unknown cpu level; this build has %s", known);
}

const char *owi_cpu_level(size_t index) {
    return index < LEVELS ? levels[index].name : NULL;
}
