// reader.h: words, strings and numbers of a text, for small parsers written as functions that call
// each other. A comment runs from # to the end of the line.
#ifndef TESTS_SUPPORT_READER_H
#define TESTS_SUPPORT_READER_H

#include "base/arena.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { READER_ERROR = 256 };

typedef struct reader {
    const char *start, *at; // the whole text and what is left of it
    owi_arena *arena;       // of all results
    char *error;            // READER_ERROR bytes
    jmp_buf failed;         // where reader_fail goes
    unsigned depth;         // for the parser's own use
} reader;

// Leaves "line:column: ..." in the error and jumps to `failed`.
void reader_fail(reader *p, const char *format, ...)
    __attribute__((format(printf, 2, 3), noreturn));

// The next character behind blanks and comments; 0 at the end.
char reader_peek(reader *p);

// Whether the text goes on with this word; if so, it is taken.
bool reader_accept(reader *p, const char *word);

// The same, but anything else is an error.
void reader_expect(reader *p, const char *word);

// Whether an identifier may start with this character.
bool reader_is_letter(char c);

char *reader_identifier(reader *p);

// Between double quotes; a backslash takes the next character as it is.
char *reader_quoted(reader *p);

// An identifier, or anything between double quotes.
char *reader_name(reader *p);

// A number in both forms; returns whether it is written as an integer.
bool reader_number(reader *p, int64_t *integer, double *real);

int64_t reader_integer(reader *p);

#endif
