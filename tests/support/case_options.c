// case_options.c: the line "options:" of a case.
#define _GNU_SOURCE
#include "support/case.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

// Options that may be given several times: array and count.
static const struct {
    const char *name;
    size_t items, count;
} lists[] = {
#define LIST(member)                                                                               \
    { #member, offsetof(owi_options, member), offsetof(owi_options, member##_count) }
    LIST(keep), LIST(promote), LIST(freeze), LIST(only), LIST(rule), LIST(rules),
#undef LIST
};

static const struct {
    const char *name;
    size_t member;
} texts[] =
    {
#define TEXT(member)                                                                               \
    { #member, offsetof(owi_options, member) }
        TEXT(profile), TEXT(preset), TEXT(preset_folder), TEXT(residual_scale), TEXT(attention),
#undef TEXT
},
  flags[] = {
#define FLAG(member)                                                                               \
    { #member, offsetof(owi_options, member) }
      FLAG(only_missing),
      FLAG(zero_init_residual),
#undef FLAG
};

enum { LISTS = sizeof lists / sizeof *lists };

typedef struct values {
    const char **items;
    size_t count, capacity;
} values;

static void *member_at(owi_options *options, size_t offset) {
    return (char *)options + offset;
}

static bool set_text(owi_options *options, const char *word, const char *value) {
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(word, texts[i].name) == 0) {
            *(const char **)member_at(options, texts[i].member) = value;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(word, flags[i].name) == 0) {
            *(bool *)member_at(options, flags[i].member) = strcmp(value, "true") == 0;
            return true;
        }
    }
    return false;
}

// One word of the line, key=value.
static bool read_option(char *word, owi_arena *arena, owi_options *options, values *given) {
    char *value = strchr(word, '=');
    if (!value) {
        return false;
    }
    *value++ = '\0';
    if (strcmp(word, "seed") == 0) {
        options->seed = strtoull(value, NULL, 10);
        return true;
    }
    for (size_t i = 0; i < LISTS; i++) {
        if (strcmp(word, lists[i].name) == 0) {
            *owi_push(arena, &given[i]) = value;
            return true;
        }
    }
    return set_text(options, word, value);
}

bool case_read_options(char *text, owi_arena *arena, owi_options *options) {
    static const char mark[] = "options:";
    values given[LISTS] = {{0}};
    *options = (owi_options)OWI_OPTIONS_INIT;
    char *at = text;
    while (*at == '#') {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    if (strncmp(at, mark, sizeof mark - 1) != 0) {
        return true;
    }
    size_t length = strcspn(at, "\n");
    char *line = owi_arena_copy(arena, at + sizeof mark - 1, length - (sizeof mark - 1));
    memset(at, ' ', length); // keeps the line numbers of the model
    char *rest = line;
    for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
        if (*word && !read_option(word, arena, options, given)) {
            return false;
        }
    }
    for (size_t i = 0; i < LISTS; i++) {
        *(const char ***)member_at(options, lists[i].items) = given[i].items;
        *(size_t *)member_at(options, lists[i].count) = given[i].count;
    }
    return true;
}
