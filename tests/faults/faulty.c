// faulty.c: a library to preload that makes calls fail, for the tests of tests/faults.
//
//   FAULTY_ALLOC=N    allocation number N fails (from 1)    FAULTY_FOREVER=1  and all later ones
//   FAULTY_COUNT=FILE at the end, the number of allocations and of those never freed go there
//   FAULTY_IO=BYTES   reads and writes of files move at most so many bytes; half: half of what was
//                     asked for
//   FAULTY_PLAIN=1    a file system that has neither O_TMPFILE nor RENAME_NOREPLACE
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long allocations, frees;
static long failing;
static int forever, ready, plain;
static long most; // bytes of a read or write; 0: all, -1: half

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *pointer);

__attribute__((constructor)) static void prepare(void) {
    const char *text = getenv("FAULTY_ALLOC"), *io = getenv("FAULTY_IO");
    failing = text ? atol(text) : 0;
    forever = getenv("FAULTY_FOREVER") != NULL;
    plain = getenv("FAULTY_PLAIN") != NULL;
    most = !io ? 0 : strcmp(io, "half") == 0 ? -1 : atol(io);
    ready = 1;
}

// Once per process: what is counted in between is the program's and its libraries'.
__attribute__((destructor)) static void count(void) {
    const char *path = getenv("FAULTY_COUNT");
    long made = atomic_load(&allocations), live = made - atomic_load(&frees);
    ready = 0;
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld %ld\n", made, live);
        fclose(file);
    }
}

static int fails(void) {
    if (!ready) {
        return 0;
    }
    long number = atomic_fetch_add(&allocations, 1) + 1;
    if (failing && (number == failing || (forever && number > failing))) {
        atomic_fetch_add(&frees, 1);
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

void *malloc(size_t size) {
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count_, size_t size) {
    return fails() ? NULL : __libc_calloc(count_, size);
}

void *realloc(void *pointer, size_t size) {
    if (fails()) {
        return NULL;
    }
    if (pointer && ready) {
        atomic_fetch_add(&frees, 1); // of the old one
    }
    return __libc_realloc(pointer, size);
}

void *aligned_alloc(size_t align, size_t size) {
    return fails() ? NULL : __libc_memalign(align, size);
}

void free(void *pointer) {
    if (pointer && ready) {
        atomic_fetch_add(&frees, 1);
    }
    __libc_free(pointer);
}

static size_t part(size_t length) {
    return most < 0 ? (length + 1) / 2 : most && (size_t)most < length ? (size_t)most : length;
}

ssize_t pread(int fd, void *bytes, size_t length, off_t offset) {
    static ssize_t (*real)(int, void *, size_t, off_t);
    real = real ? real : (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
    return real(fd, bytes, part(length), offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    real = real ? real : (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
    return real(fd, bytes, part(length), offset);
}

ssize_t read(int fd, void *bytes, size_t length) {
    static ssize_t (*real)(int, void *, size_t);
    real = real ? real : (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    return real(fd, bytes, part(length));
}

ssize_t write(int fd, const void *bytes, size_t length) {
    static ssize_t (*real)(int, const void *, size_t);
    real = real ? real : (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    return real(fd, bytes, part(length));
}

int openat(int folder, const char *path, int flags, ...) {
    static int (*real)(int, const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
    va_end(more);
    if (plain && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    real = real ? real : (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat");
    return real(folder, path, flags, mode);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    static int (*real)(int, const char *, int, const char *, unsigned);
    if (plain && flags) {
        errno = EINVAL;
        return -1;
    }
    real = real ? real
                : (int (*)(int, const char *, int, const char *, unsigned))dlsym(RTLD_NEXT,
                                                                                 "renameat2");
    return real(from_folder, from, to_folder, to, flags);
}
