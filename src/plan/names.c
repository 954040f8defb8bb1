#define PCRE2_CODE_UNIT_WIDTH 8
#include "plan/names.h"

#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000 };

struct owi_names {
    pcre2_match_context *limits;
    pcre2_match_data *data;
    size_t count;
    pcre2_code *codes[];
};

owi_status owi_names_new(const char *const *patterns, size_t count, owi_names **names,
                         owi_error *error) {
    *names = calloc(1, sizeof **names + count * sizeof(pcre2_code *));
    if (!*names) {
        return owi_fail(error, OWI_SYSTEM, "out of memory");
    }
    (*names)->limits = pcre2_match_context_create(NULL);
    (*names)->data = pcre2_match_data_create(1, NULL);
    if (!(*names)->limits || !(*names)->data) {
        return owi_fail(error, OWI_SYSTEM, "out of memory");
    }
    pcre2_set_match_limit((*names)->limits, MATCH_LIMIT);
    pcre2_set_depth_limit((*names)->limits, DEPTH_LIMIT);
    for (size_t i = 0; i < count; i++) {
        int code;
        PCRE2_SIZE at;
        (*names)->codes[i] =
            pcre2_compile((PCRE2_SPTR)patterns[i], PCRE2_ZERO_TERMINATED,
                          PCRE2_ANCHORED | PCRE2_ENDANCHORED, &code, &at, NULL);
        if (!(*names)->codes[i]) {
            PCRE2_UCHAR text[128] = "";
            pcre2_get_error_message(code, text, sizeof text);
            return owi_fail(error, OWI_USAGE, "pattern '%s': %s at offset %zu", patterns[i],
                            (const char *)text, (size_t)at);
        }
        (*names)->count = i + 1;
    }
    return OWI_OK;
}

size_t owi_names_match(const owi_names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (pcre2_match(names->codes[i], (PCRE2_SPTR)name, strlen(name), 0, 0, names->data,
                        names->limits) >= 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

void owi_names_free(owi_names *names) {
    if (!names) {
        return;
    }
    for (size_t i = 0; i < names->count; i++) {
        pcre2_code_free(names->codes[i]);
    }
    pcre2_match_data_free(names->data);
    pcre2_match_context_free(names->limits);
    free(names);
}
