#define PCRE2_CODE_UNIT_WIDTH 8
#include "plan/names.h"

#include "base/limits.h"

#include <pcre2.h>
#include <stdint.h>
#include <string.h>

struct owi_names {
    pcre2_match_context *limits;
    pcre2_match_data *data;
    const char **texts;
    size_t count;
    pcre2_code *codes[];
};

// PCRE2's objects live and die with the arena.
static void *take(PCRE2_SIZE size, void *arena) {
    return owi_arena_alloc(arena, size);
}

static void give_back(void *memory, void *arena) {
    (void)memory;
    (void)arena;
}

owi_status owi_names_new(owi_arena *arena, const char *what, const char *const *patterns,
                         size_t count, const owi_names **names, owi_error *error) {
    pcre2_general_context *memory = pcre2_general_context_create(take, give_back, arena);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    owi_names *made = owi_arena_alloc(arena, sizeof *made + count * sizeof(pcre2_code *));
    made->limits = pcre2_match_context_create(memory);
    made->data = pcre2_match_data_create(1, memory);
    made->texts = owi_new(arena, const char *, count);
    made->count = 0;
    pcre2_set_match_limit(made->limits, OWI_LIMIT_PATTERN_STEPS);
    pcre2_set_depth_limit(made->limits, OWI_LIMIT_PATTERN_DEPTH);
    pcre2_set_heap_limit(made->limits, OWI_LIMIT_PATTERN_MEMORY);
    for (size_t i = 0; i < count; i++) {
        int code;
        PCRE2_SIZE at;
        made->texts[i] = owi_arena_copy(arena, patterns[i], strlen(patterns[i]));
        made->codes[i] = pcre2_compile((PCRE2_SPTR)patterns[i], PCRE2_ZERO_TERMINATED,
                                       PCRE2_ANCHORED | PCRE2_ENDANCHORED, &code, &at, context);
        if (!made->codes[i]) {
            PCRE2_UCHAR text[128] = "";
            pcre2_get_error_message(code, text, sizeof text);
            return owi_fail(error, OWI_USAGE, "%s '%s': %s at offset %zu", what,
                            owi_shown(arena, patterns[i]), (const char *)text, (size_t)at);
        }
        made->count = i + 1;
    }
    *names = made;
    return OWI_OK;
}

bool owi_names_fits(const owi_names *names, size_t index, const char *name) {
    return pcre2_match(names->codes[index], (PCRE2_SPTR)name, strlen(name), 0, 0, names->data,
                       names->limits) >= 0;
}

size_t owi_names_match(const owi_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (owi_names_fits(names, i, name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *owi_names_text(const owi_names *names, size_t index) {
    return index < names->count ? names->texts[index] : NULL;
}
