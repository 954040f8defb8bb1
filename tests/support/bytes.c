#define _GNU_SOURCE
#include "support/bytes.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(int condition, const char *what) {
    if (!condition) {
        perror(what);
        abort();
    }
}

void bytes_free(bytes *run) {
    free(run->data);
    *run = (bytes){0};
}

void put_bytes(bytes *run, const void *data, size_t length) {
    if (run->length + length > run->capacity) {
        run->capacity = 2 * (run->length + length) + 64;
        run->data = realloc(run->data, run->capacity);
        must(run->data != NULL, "realloc");
    }
    if (length) {
        memcpy(run->data + run->length, data, length);
    }
    run->length += length;
}

void put_varint(bytes *run, uint64_t value) {
    uint8_t byte;
    for (; value >= 0x80; value >>= 7) {
        byte = (uint8_t)(value | 0x80);
        put_bytes(run, &byte, 1);
    }
    byte = (uint8_t)value;
    put_bytes(run, &byte, 1);
}

void put_number(bytes *run, uint32_t field, uint64_t value) {
    put_varint(run, (uint64_t)field << 3);
    put_varint(run, value);
}

void put_block(bytes *run, uint32_t field, const void *data, size_t length) {
    put_varint(run, (uint64_t)field << 3 | 2);
    put_varint(run, length);
    put_bytes(run, data, length);
}

void put_text(bytes *run, uint32_t field, const char *text) {
    put_block(run, field, text, strlen(text));
}

void put_float(bytes *run, uint32_t field, float value) {
    put_varint(run, (uint64_t)field << 3 | 5);
    put_bytes(run, &value, sizeof value);
}

void put_message(bytes *run, uint32_t field, bytes *message) {
    put_block(run, field, message->data, message->length);
    bytes_free(message);
}

// ---- files ----

static char folder[64];

static void remove_folder(void) {
    char path[512];
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            remove(path);
        }
    }
    if (listing) {
        closedir(listing);
    }
    remove(folder);
}

const char *test_path(const char *name) {
    static char paths[16][512];
    static size_t used;
    if (!*folder) {
        strcpy(folder, "/tmp/winit-test-XXXXXX");
        must(mkdtemp(folder) != NULL, "mkdtemp");
        atexit(remove_folder);
    }
    char *path = paths[used++ % 16];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

void write_file(const char *path, const void *data, size_t length) {
    FILE *file = fopen(path, "wb");
    must(file != NULL, path);
    must(length == 0 || fwrite(data, 1, length, file) == length, path);
    must(fclose(file) == 0, path);
}

bytes read_file(const char *path) {
    bytes run = {0};
    uint8_t part[4096];
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    for (size_t got; (got = fread(part, 1, sizeof part, file));) {
        put_bytes(&run, part, got);
    }
    fclose(file);
    return run;
}
