// fuzz_external.c: any entries as the external_data of a tensor: each line is a key, up to its
// first
// '=', and a value. What is opened is one of the two files below the folder that may be, and the
// range lies in it, wherever else links, folders and pipes in it lead.
#define _GNU_SOURCE
#include "fuzz/fuzz.h"
#include "model/external.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_ENTRIES = 16, SIZE = 4096 };

static char folder[] = "/tmp/onnx-winit-fuzz-XXXXXX";
static ino_t allowed[2];

static ino_t make_file(const char *path) {
    struct stat status;
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, SIZE) != 0 || fstat(fd, &status) != 0) {
        fuzz_fail(path, "cannot be made");
    }
    close(fd);
    return status.st_ino;
}

static void remove_folder(void) {
    static const char *const files[] = {"outside", "in/w.bin", "in/sub/v.bin", "in/a", "in/b",
                                        "in/hard", "in/pipe",  "in/up",        "in/s", NULL};
    if (chdir(folder) != 0) {
        return;
    }
    for (size_t i = 0; files[i]; i++) {
        unlink(files[i]);
    }
    rmdir("in/sub");
    rmdir("in");
    rmdir(folder);
}

// A model's folder "in" with two good files, and beside or in it what must not be opened.
static void make_folder(void) {
    if (!mkdtemp(folder) || chdir(folder) != 0 || mkdir("in", 0700) || mkdir("in/sub", 0700)) {
        fuzz_fail(folder, "cannot be made");
    }
    atexit(remove_folder);
    make_file("outside");
    allowed[0] = make_file("in/w.bin");
    allowed[1] = make_file("in/sub/v.bin");
    if (symlink("../outside", "in/a") || symlink("/etc/passwd", "in/b") ||
        link("outside", "in/hard") || mkfifo("in/pipe", 0600) || symlink("..", "in/up") ||
        symlink("sub", "in/s")) {
        fuzz_fail(folder, "cannot be filled");
    }
}

static char *next_line(char **text) {
    char *line = *text, *end = line ? strchr(line, '\n') : NULL;
    *text = end ? end + 1 : NULL;
    if (end) {
        *end = '\0';
    }
    return line;
}

static void check_found(const owi_source *source, const owi_external *found) {
    struct stat status;
    int fd = owi_external_open(source, found->location);
    if (fd < 0 || fstat(fd, &status) != 0 ||
        (status.st_ino != allowed[0] && status.st_ino != allowed[1])) {
        fuzz_fail("a file is opened that may not be", found->location);
    }
    if (found->offset + found->length > SIZE || found->offset > SIZE) {
        fuzz_fail("a range past the end", found->location);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    Onnx__TensorProto tensor = ONNX__TENSOR_PROTO__INIT;
    Onnx__StringStringEntryProto entries[MOST_ENTRIES], *pointers[MOST_ENTRIES];
    char *text = calloc(1, size + 1), *rest = text, *line;
    owi_arena arena = {0};
    owi_error error;
    if (!text) {
        return 0;
    }
    if (!*allowed) {
        make_folder();
    }
    memcpy(text, data, size);
    while (tensor.n_external_data < MOST_ENTRIES && (line = next_line(&rest))) {
        Onnx__StringStringEntryProto *entry = &entries[tensor.n_external_data];
        char *value = strchr(line, '=');
        onnx__string_string_entry_proto__init(entry);
        if (value) {
            *value++ = '\0';
        }
        entry->key = line;
        entry->value = value;
        pointers[tensor.n_external_data++] = entry;
    }
    tensor.external_data = pointers;
    owi_source source = {.path = "in/m.onnx", .folder = "in", .fd = -1};
    owi_external found;
    owi_status status =
        owi_external_locate(&source, &tensor, size % 2 ? 64 : SIZE, &arena, &found, &error);
    if (status == OWI_OK) {
        check_found(&source, &found);
    } else if ((status != OWI_INPUT && status != OWI_SYSTEM) || strchr(error.text, '\n')) {
        fuzz_fail("external data is refused oddly", error.text);
    }
    owi_arena_free(&arena);
    free(text);
    return 0;
}
