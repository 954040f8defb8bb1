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
    if (!case_read_options(text, arena, &read->options)) {
        return say(problem, path, "an option that is none of tests/README.md");
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
