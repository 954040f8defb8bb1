// replay.c: runs a fuzz target on files, as an ordinary test: replay FOLDER...
#define _GNU_SOURCE
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void run_file(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    size_t length = 0, room = 0;
    for (int byte; file && (byte = getc(file)) != EOF; bytes[length++] = (char)byte) {
        if (length == room) {
            room = 2 * room + 4096;
            bytes = realloc(bytes, room);
            if (!bytes) {
                fuzz_fail(path, "is too large");
            }
        }
    }
    if (!file) {
        fuzz_fail(path, "cannot be read");
    }
    fclose(file);
    uint8_t *exact = malloc(length ? length : 1); // so that a read past the end is seen
    if (exact && length) {
        memcpy(exact, bytes, length);
    }
    free(bytes);
    LLVMFuzzerTestOneInput(exact, length);
    free(exact);
}

int main(int argc, char **argv) {
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            fuzz_fail(argv[i], "is no folder");
        }
        for (struct dirent *entry; (entry = readdir(folder));) {
            if (entry->d_name[0] != '.') {
                run_file(argv[i], entry->d_name);
                count++;
            }
        }
        closedir(folder);
    }
    const char *name = strrchr(argv[0], '/');
    printf("%s - fuzz/%s replays %zu inputs\n", count ? "ok" : "not ok", name ? name + 1 : argv[0],
           count);
    return count == 0;
}
