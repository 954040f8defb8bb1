#define _GNU_SOURCE
#include "support/case.h"

#include "support/model_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *file_text(const char *path, owi_arena *arena) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t length = 0, room = 0;
    if (!file) {
        return NULL;
    }
    for (int c = getc(file); c != EOF; c = getc(file)) {
        if (length + 1 >= room) {
            text = owi_arena_grow(arena, text, length, &room, length + 2, 1);
        }
        text[length++] = (char)c;
    }
    fclose(file);
    return text;
}

static const char *name_of(const char *path, owi_arena *arena) {
    const char *slash = strrchr(path, '/');
    const char *from = slash ? slash + 1 : path, *dot = strrchr(from, '.');
    return owi_arena_copy(arena, from, dot ? (size_t)(dot - from) : strlen(from));
}

static bool say(buffer *problem, const char *path, const char *text) {
    buffer_printf(problem, "%s: %s\n", path, text);
    return false;
}

typedef struct patterns {
    const char **items;
    size_t count, capacity;
} patterns;

// One word of the line "options:", key=value.
static bool read_option(char *word, owi_arena *arena, owi_options *options, patterns *keep,
                        patterns *promote) {
    char *value = strchr(word, '=');
    if (!value) {
        return false;
    }
    *value++ = '\0';
    if (strcmp(word, "seed") == 0) {
        options->seed = strtoull(value, NULL, 10);
    } else if (strcmp(word, "profile") == 0) {
        options->profile = value;
    } else if (strcmp(word, "attention") == 0) {
        options->attention = value;
    } else if (strcmp(word, "keep") == 0) {
        *owi_push(arena, keep) = value;
    } else if (strcmp(word, "promote") == 0) {
        *owi_push(arena, promote) = value;
    } else {
        return false;
    }
    return true;
}

// Takes the line "options:" off the text. False for an option that does not exist.
static bool read_options(char **text, owi_arena *arena, owi_options *options) {
    static const char mark[] = "options:";
    patterns keep = {0}, promote = {0};
    *options = (owi_options)OWI_OPTIONS_INIT;
    if (strncmp(*text, mark, sizeof mark - 1) != 0) {
        return true;
    }
    size_t length = strcspn(*text, "\n");
    char *line = owi_arena_copy(arena, *text + sizeof mark - 1, length - (sizeof mark - 1));
    memset(*text, ' ', length); // keeps the line numbers of the model
    char *rest = line;
    for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
        if (*word && !read_option(word, arena, options, &keep, &promote)) {
            return false;
        }
    }
    options->keep = keep.items;
    options->keep_count = keep.count;
    options->promote = promote.items;
    options->promote_count = promote.count;
    return true;
}

static int lines_of(const char *from, const char *to) {
    int lines = 1;
    for (; from < to; from++) {
        lines += *from == '\n';
    }
    return lines;
}

bool case_read(const char *path, owi_arena *arena, test_case *read, buffer *problem) {
    static const char line[] = "\n---\n", fail_mark[] = "%%FAIL ";
    char error[READER_ERROR];
    char *text = file_text(path, arena);
    *read = (test_case){.path = path, .name = name_of(path, arena)};
    if (!text) {
        return say(problem, path, "cannot be read, or is empty");
    }
    char *end = strstr(text, line);
    if (!end) {
        return say(problem, path, "has no line ---");
    }
    read->expected = end + sizeof line - 1;
    read->expected_line = lines_of(text, read->expected);
    *end = '\0';
    if (!read_options(&text, arena, &read->options)) {
        return say(problem, path, "expected seed=, profile=, attention=, keep= or promote=");
    }
    if (!model_text_parse(text, arena, &read->model, &read->model_length, error)) {
        return say(problem, path, error);
    }
    if (strncmp(read->expected, fail_mark, sizeof fail_mark - 1) == 0) {
        const char *from = read->expected + sizeof fail_mark - 1;
        read->failure = owi_arena_copy(arena, from, strcspn(from, "\n"));
    }
    return true;
}
