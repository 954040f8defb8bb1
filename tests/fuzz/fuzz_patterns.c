// fuzz_patterns.c: any text as a pattern, on a name: the bytes before the first newline, and those
// behind it.
#include "fuzz/fuzz.h"
#include "plan/names.h"

#include <stdlib.h>
#include <string.h>

static owi_status match(owi_arena *arena, const char *pattern, const char *name, owi_error *error) {
    const owi_names *names;
    jmp_buf exhausted;
    if (setjmp(exhausted)) {
        return owi_exhausted(arena, error);
    }
    arena->exhausted = &exhausted;
    OWI_TRY(owi_names_new(arena, "--keep", &pattern, 1, &names, error));
    owi_names_match(names, name);
    return OWI_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    owi_arena arena = {.limit = (size_t)16 << 20, .subject = "--keep"};
    owi_error error;
    char *pattern = calloc(1, size + 2), *name;
    if (!pattern) {
        return 0;
    }
    memcpy(pattern, data, size);
    name = strchr(pattern, '\n');
    name = name ? name : pattern + size;
    *name = '\0';
    owi_status status = match(&arena, pattern, name + (name < pattern + size), &error);
    if (status != OWI_OK && status != OWI_USAGE && status != OWI_UNSUPPORTED) {
        fuzz_fail("a pattern is refused for no reason", error.text);
    }
    owi_arena_free(&arena);
    free(pattern);
    return 0;
}
