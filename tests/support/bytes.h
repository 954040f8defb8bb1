// bytes.h: protobuf messages written by hand, so that a test can also write wrong ones; and files.
#ifndef TESTS_SUPPORT_BYTES_H
#define TESTS_SUPPORT_BYTES_H

#include <stddef.h>
#include <stdint.h>

// A growing run of bytes. Start from {0}; free with bytes_free.
typedef struct bytes {
    uint8_t *data;
    size_t length, capacity;
} bytes;

void bytes_free(bytes *run);

void put_bytes(bytes *run, const void *data, size_t length);
void put_varint(bytes *run, uint64_t value);

// Fields: a number, bytes, text, floats of 32 bits, a message (which is freed).
void put_number(bytes *run, uint32_t field, uint64_t value);
void put_block(bytes *run, uint32_t field, const void *data, size_t length);
void put_text(bytes *run, uint32_t field, const char *text);
void put_float(bytes *run, uint32_t field, float value);
void put_message(bytes *run, uint32_t field, bytes *message);

// A path in a folder that goes when the test program ends; valid until 16 more are asked for.
const char *test_path(const char *name);

void write_file(const char *path, const void *data, size_t length);
bytes read_file(const char *path);

#endif
