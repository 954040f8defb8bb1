// buffer.h: a sink that keeps what it gets.
#ifndef TESTS_SUPPORT_BUFFER_H
#define TESTS_SUPPORT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct buffer {
    char *text; // NUL-terminated once anything has come; for the caller to free
    size_t length;
    size_t limit; // the sink stops when it would hold more; 0: none
} buffer;

// An owi_sink; the context is a buffer.
bool buffer_sink(void *context, const char *bytes, size_t length);

// printf to the end of the buffer.
void buffer_printf(buffer *kept, const char *format, ...) __attribute__((format(printf, 2, 3)));

void buffer_free(buffer *kept);

#endif
