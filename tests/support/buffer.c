#define _GNU_SOURCE
#include "support/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool buffer_sink(void *context, const char *bytes, size_t length) {
    buffer *kept = context;
    if (kept->limit && kept->length + length > kept->limit) {
        return false;
    }
    char *larger = realloc(kept->text, kept->length + length + 1);
    if (!larger) {
        return false;
    }
    memcpy(larger + kept->length, bytes, length);
    kept->text = larger;
    kept->length += length;
    kept->text[kept->length] = '\0';
    return true;
}

void buffer_printf(buffer *kept, const char *format, ...) {
    char *text;
    va_list args;
    va_start(args, format);
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length >= 0) {
        buffer_sink(kept, text, (size_t)length);
        free(text);
    }
}

void buffer_free(buffer *kept) {
    free(kept->text);
    *kept = (buffer){0};
}
