#include "support/buffer.h"

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

void buffer_free(buffer *kept) {
    free(kept->text);
    *kept = (buffer){0};
}
