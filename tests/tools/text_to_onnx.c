// text_to_onnx.c: makes a model file of a model text (support/model_text.h), for tests and by hand.
//
//     text-to-onnx < model.txt > model.onnx
#include "support/buffer.h"
#include "support/model_text.h"

#include <stdio.h>

int main(void) {
    buffer text = {0};
    char chunk[4096], error[READER_ERROR];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, stdin)) > 0;) {
        if (!buffer_sink(&text, chunk, got)) {
            return 1;
        }
    }
    owi_arena arena = {0};
    uint8_t *bytes;
    size_t length;
    bool made = model_text_parse(text.text ? text.text : "", &arena, &bytes, &length, error);
    if (!made) {
        fprintf(stderr, "text-to-onnx: %s\n", error);
    } else if (fwrite(bytes, 1, length, stdout) != length || fflush(stdout) != 0) {
        fprintf(stderr, "text-to-onnx: cannot write\n");
        made = false;
    }
    owi_arena_free(&arena);
    buffer_free(&text);
    return made ? 0 : 1;
}
