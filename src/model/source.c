#define _GNU_SOURCE
#include "model/source.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// After a jump little is wanted (the next header between two payloads), in a run much.
enum { JUMP_READ = 4096 };

static const char *folder_of(owi_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) {
        return ".";
    }
    return owi_arena_copy(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static owi_status check_size(const owi_source *source, uint64_t size, owi_error *error) {
    return size <= OWI_LIMIT_MESSAGE
               ? OWI_OK
               : owi_fail(error, OWI_INPUT,
                          "%s: holds %" PRIu64 " bytes, but no protobuf message passes 2 GiB",
                          source->path, size);
}

static owi_status check_file(owi_source *source, owi_error *error) {
    struct stat status;
    if (source->fd < 0 || fstat(source->fd, &status) != 0) {
        return owi_fail(error, OWI_SYSTEM, "%s: cannot be opened: %s", source->path,
                        strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return owi_fail(error, OWI_INPUT,
                        S_ISFIFO(status.st_mode)
                            ? "%s: is a pipe, which only standard input, called -, may be"
                            : "%s: is not a regular file",
                        source->path);
    }
    OWI_TRY(check_size(source, (uint64_t)status.st_size, error));
    source->size = (uint64_t)status.st_size;
    source->device = (uint64_t)status.st_dev;
    source->inode = (uint64_t)status.st_ino;
    return OWI_OK;
}

owi_status owi_source_open(owi_source *source, const char *path, owi_arena *arena,
                           owi_error *error) {
    *source = (owi_source){.fd = -1};
    source->path = owi_shown(arena, owi_arena_copy(arena, path, strlen(path)));
    source->folder = folder_of(arena, path);
    source->window = owi_arena_alloc(arena, OWI_WINDOW);
    // Without O_NONBLOCK the open of a pipe would wait for a writer.
    source->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    return check_file(source, error);
}

owi_status owi_source_open_memory(owi_source *source, const void *bytes, size_t length,
                                  owi_arena *arena, owi_error *error) {
    *source = (owi_source){.path = "memory",
                           .folder = "",
                           .fd = -1,
                           .memory = length ? bytes : (const void *)"",
                           .size = length,
                           .window = owi_arena_alloc(arena, OWI_WINDOW)};
    return check_size(source, length, error);
}

// ---- pipes ----

static int open_spool(void) {
    const char *folder = getenv("TMPDIR");
    int fd = open(folder && *folder ? folder : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return fd >= 0 ? fd : memfd_create("onnx-winit", MFD_CLOEXEC);
}

static bool write_all(int fd, const uint8_t *bytes, size_t length) {
    while (length) {
        ssize_t count = write(fd, bytes, length);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        bytes += count < 0 ? 0 : count;
        length -= count < 0 ? 0 : (size_t)count;
    }
    return true;
}

// Ends early, one byte too long, when there is more than a model can be.
static owi_status spool(const owi_source *source, int file, owi_error *error) {
    for (uint64_t size = 0; size <= OWI_LIMIT_MESSAGE;) {
        ssize_t count = read(file, source->window, OWI_WINDOW);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return owi_fail(error, OWI_SYSTEM, "%s: cannot be read: %s", source->path,
                            strerror(errno));
        }
        if (count == 0) {
            break;
        }
        if (!write_all(source->fd, source->window, (size_t)count)) {
            return owi_fail(error, OWI_SYSTEM, "%s: cannot be kept in a temporary file: %s",
                            source->path, strerror(errno));
        }
        size += (uint64_t)count;
    }
    return OWI_OK;
}

owi_status owi_source_take(owi_source *source, int file, const char *name, owi_arena *arena,
                           owi_error *error) {
    struct stat status;
    *source = (owi_source){.fd = -1, .folder = ""};
    source->path = owi_shown(arena, owi_arena_copy(arena, name, strlen(name)));
    source->window = owi_arena_alloc(arena, OWI_WINDOW);
    bool whole =
        fstat(file, &status) == 0 && S_ISREG(status.st_mode) && lseek(file, 0, SEEK_CUR) == 0;
    source->fd = whole ? fcntl(file, F_DUPFD_CLOEXEC, 0) : open_spool();
    if (source->fd >= 0 && !whole) {
        OWI_TRY(spool(source, file, error));
    }
    OWI_TRY(check_file(source, error));
    if (!whole && fstat(file, &status) == 0) { // so that it is no output either
        source->device = (uint64_t)status.st_dev;
        source->inode = (uint64_t)status.st_ino;
    }
    return OWI_OK;
}

void owi_source_close(owi_source *source) {
    if (source->fd >= 0) {
        close(source->fd);
    }
    source->fd = -1;
}

// Reads up to `most` bytes; stops early only when at least `least` are there or the file ends.
static owi_status read_some(const owi_source *source, uint64_t offset, uint8_t *bytes, size_t least,
                            size_t most, size_t *got, owi_error *error) {
    if (source->memory) {
        uint64_t left = offset < source->size ? source->size - offset : 0;
        *got = left < most ? (size_t)left : most;
        if (*got < least) {
            return owi_fail(error, OWI_INPUT, "%s: ends at byte %" PRIu64, source->path,
                            source->size);
        }
        memcpy(bytes, source->memory + offset, *got);
        return OWI_OK;
    }
    for (*got = 0; *got < least;) {
        ssize_t count = pread(source->fd, bytes + *got, most - *got, (off_t)(offset + *got));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return owi_fail(error, OWI_SYSTEM, "%s: cannot be read at byte %" PRIu64 ": %s",
                            source->path, offset + *got, strerror(errno));
        }
        if (count == 0) {
            return owi_fail(error, OWI_INPUT,
                            "%s: ends at byte %" PRIu64 " (it changed while it was read)",
                            source->path, offset + *got);
        }
        *got += (size_t)count;
    }
    return OWI_OK;
}

owi_status owi_source_read(const owi_source *source, uint64_t offset, void *bytes, size_t length,
                           owi_error *error) {
    size_t got;
    return read_some(source, offset, bytes, length, length, &got, error);
}

const uint8_t *owi_source_window(owi_source *source, uint64_t offset, size_t least, size_t *length,
                                 owi_error *error) {
    uint64_t end = source->window_offset + source->window_length;
    if (offset >= source->window_offset && offset <= end && end - offset >= least) {
        *length = (size_t)(end - offset);
        return source->window + (offset - source->window_offset);
    }
    bool jump = offset < source->window_offset || offset > end;
    size_t most = jump && least < JUMP_READ ? JUMP_READ : OWI_WINDOW;
    source->window_offset = offset;
    source->window_length = 0;
    if (read_some(source, offset, source->window, least, most, length, error) != OWI_OK) {
        return NULL;
    }
    source->window_length = *length;
    return source->window;
}
