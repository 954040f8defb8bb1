// fuzz_patterns.c: any text as a pattern, on a name: the bytes before the first newline, and those
// behind it.
#include "fuzz/fuzz.h"
#include "plan/names.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *pattern = calloc(1, size + 2), *name;
    owi_names *names = NULL;
    owi_error error;
    if (!pattern) {
        return 0;
    }
    memcpy(pattern, data, size);
    name = strchr(pattern, '\n');
    name = name ? name : pattern + size;
    *name = '\0';
    const char *patterns[] = {pattern};
    owi_status status = owi_names_new(patterns, 1, &names, &error);
    if (status == OWI_OK) {
        owi_names_match(names, name + (name < pattern + size));
    } else if (status != OWI_USAGE || strlen(error.text) == 0) {
        fuzz_fail("a pattern is refused for no reason", error.text);
    }
    owi_names_free(names);
    free(pattern);
    return 0;
}
