#include "support/reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reader_fail(reader *p, const char *format, ...) {
    unsigned line = 1, column = 1;
    for (const char *c = p->start; c < p->at; c++) {
        column = *c == '\n' ? 1 : column + 1;
        line += *c == '\n';
    }
    int used = snprintf(p->error, 256, "%u:%u: ", line, column);
    va_list args;
    va_start(args, format);
    vsnprintf(p->error + used, 256 - (size_t)used, format, args);
    va_end(args);
    longjmp(p->failed, 1);
}

char reader_peek(reader *p) {
    for (;;) {
        p->at += strspn(p->at, " \t\r\n");
        if (*p->at != '#') {
            return *p->at;
        }
        p->at += strcspn(p->at, "\n");
    }
}

bool reader_accept(reader *p, const char *word) {
    reader_peek(p);
    if (strncmp(p->at, word, strlen(word)) != 0) {
        return false;
    }
    p->at += strlen(word);
    return true;
}

void reader_expect(reader *p, const char *word) {
    if (!reader_accept(p, word)) {
        reader_fail(p, "expected %s", word);
    }
}

bool reader_is_letter(char c) {
    return isalpha((unsigned char)c) || c == '_';
}

char *reader_identifier(reader *p) {
    if (!reader_is_letter(reader_peek(p))) {
        reader_fail(p, "expected an identifier");
    }
    const char *from = p->at;
    while (isalnum((unsigned char)*p->at) || *p->at == '_') {
        p->at++;
    }
    return owi_arena_copy(p->arena, from, (size_t)(p->at - from));
}

char *reader_quoted(reader *p) {
    reader_expect(p, "\"");
    size_t length = 0, room = 0;
    char *text = NULL;
    for (; *p->at != '"'; p->at++) {
        p->at += *p->at == '\\';
        if (!*p->at) {
            reader_fail(p, "expected \" at the end of the string");
        }
        if (length + 1 >= room) {
            text = owi_arena_grow(p->arena, text, length, &room, length + 2, 1);
        }
        text[length++] = *p->at;
    }
    p->at++;
    return text ? text : owi_arena_copy(p->arena, "", 0);
}

char *reader_name(reader *p) {
    return reader_peek(p) == '"' ? reader_quoted(p) : reader_identifier(p);
}

bool reader_number(reader *p, int64_t *integer, double *real) {
    char *end, *real_end;
    reader_peek(p);
    *real = strtod(p->at, &real_end);
    if (real_end == p->at) {
        reader_fail(p, "expected a number");
    }
    errno = 0;
    *integer = strtoll(p->at, &end, 10);
    if (end == real_end && errno) {
        *integer = (int64_t)strtoull(p->at, &end, 10);
    }
    p->at = real_end;
    return end == real_end;
}

int64_t reader_integer(reader *p) {
    int64_t value;
    double real;
    if (!reader_number(p, &value, &real)) {
        reader_fail(p, "expected an integer before this");
    }
    return value;
}
