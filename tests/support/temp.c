#define _GNU_SOURCE
#include "support/temp.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *what) {
    perror(what);
    abort();
}

temp temp_make(void) {
    temp folder;
    const char *parent = getenv("TMPDIR");
    snprintf(folder.path, sizeof folder.path, "%s/onnx-winit.XXXXXX", parent ? parent : "/tmp");
    if (!mkdtemp(folder.path)) {
        give_up(folder.path);
    }
    return folder;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status, (void)type, (void)ftw;
    return remove(path);
}

void temp_remove(const temp *folder) {
    nftw(folder->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

char *temp_file(const temp *folder, const char *name, const void *bytes, size_t length) {
    char *path;
    if (asprintf(&path, "%s/%s", folder->path, name) < 0) {
        give_up(name);
    }
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) {
        give_up(path);
    }
    return path;
}
