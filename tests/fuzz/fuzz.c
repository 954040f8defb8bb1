#define _GNU_SOURCE
#include "fuzz/fuzz.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// Memory that is freed stays in the process: millions of runs ask for the same again.
__attribute__((constructor)) static void keep_memory(void) {
    mallopt(M_TRIM_THRESHOLD, 512 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
}

_Noreturn void fuzz_fail(const char *what, const char *detail) {
    fprintf(stderr, "%s: %s\n", what, detail);
    abort();
}

const char *fuzz_file(const uint8_t *data, size_t size) {
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("input", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size) {
        fuzz_fail("memory file", "cannot be written");
    }
    return path;
}

const char *fuzz_output(void) {
    static char path[64];
    snprintf(path, sizeof path, "%s/onnx-winit-fuzz-%d.onnx",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
    fuzz_remove(path);
    return path;
}

int fuzz_remove(const char *output) {
    char data[80];
    snprintf(data, sizeof data, "%s.data", output);
    return (unlink(output) == 0) + (unlink(data) == 0);
}

void fuzz_check_error(owi_status status, const owi_error *error, const char *start) {
    if ((status != OWI_INPUT && status != OWI_UNSUPPORTED) || status != error->status) {
        fuzz_fail("status is not the input's fault", error->text);
    }
    if (strchr(error->text, '\n') || strncmp(error->text, start, strlen(start)) != 0) {
        fuzz_fail("an error that is no line about the file", error->text);
    }
}
