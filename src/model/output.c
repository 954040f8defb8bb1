#define _GNU_SOURCE
#include "model/output.h"

#include "model/unfinished.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

// A receiver that stops is told like a device that fails.
static owi_status receive(const owi_output *output, const void *bytes, size_t length,
                          owi_error *error) {
    return length == 0 || output->sink(output->sink_context, bytes, length)
               ? OWI_OK
               : owi_fail(error, OWI_SYSTEM, "%s: the receiver stopped", output->path);
}

static owi_status fail(const owi_output *output, const char *what, owi_error *error) {
    return owi_fail(error, OWI_SYSTEM, "%s: cannot be %s: %s", output->path, what, strerror(errno));
}

// ---- what stands at the path already ----

static bool is_input(const owi_model *model, const struct stat *status) {
    return (uint64_t)status->st_dev == model->source.device &&
           (uint64_t)status->st_ino == model->source.inode;
}

static bool is_external(const owi_model *model, const struct stat *status) {
    char path[PATH_MAX];
    struct stat other;
    for (size_t i = 0; *model->source.folder && i < model->scan.location_count; i++) {
        int length =
            snprintf(path, sizeof path, "%s/%s", model->source.folder, model->scan.locations[i]);
        if (length > 0 && (size_t)length < sizeof path && stat(path, &other) == 0 &&
            other.st_dev == status->st_dev && other.st_ino == status->st_ino) {
            return true;
        }
    }
    return false;
}

bool owi_model_reads(const owi_model *model, const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && (is_input(model, &status) || is_external(model, &status));
}

static owi_status check_existing(owi_output *output, const owi_model *model,
                                 const struct stat *status, bool link, bool replace,
                                 owi_error *error) {
    if (is_input(model, status)) {
        return owi_fail(error, OWI_USAGE, "%s: is the input itself", output->path);
    }
    if (S_ISCHR(status->st_mode) || S_ISFIFO(status->st_mode)) {
        output->stream = true;
        return OWI_OK;
    }
    if (!S_ISREG(status->st_mode)) {
        return owi_fail(error, OWI_USAGE, "%s: is not a regular file", output->path);
    }
    if (is_external(model, status)) {
        return owi_fail(error, OWI_USAGE, "%s: holds values of the input", output->path);
    }
    if (link) {
        return owi_fail(error, OWI_USAGE, "%s: is a symbolic link", output->path);
    }
    if (!replace) {
        return owi_fail(error, OWI_USAGE, "%s: exists", output->path);
    }
    output->replaces = true;
    return OWI_OK;
}

static owi_status check_path(owi_output *output, const owi_model *model, const char *path,
                             bool replace, owi_error *error) {
    struct stat status, itself;
    bool there = lstat(path, &itself) == 0, link = there && S_ISLNK(itself.st_mode);
    if (!there && errno != ENOENT) {
        return fail(output, "written", error);
    }
    if (link && stat(path, &status) != 0) {
        return owi_fail(error, OWI_USAGE, "%s: is a symbolic link that leads nowhere",
                        output->path);
    }
    return there ? check_existing(output, model, link ? &status : &itself, link, replace, error)
                 : OWI_OK;
}

// ---- the unfinished file ----

static void make_name(char name[40]) {
    uint64_t number = 0;
    while (getrandom(&number, sizeof number, 0) < 0 && errno == EINTR) {
    }
    snprintf(name, 40, ".onnx-winit-%016" PRIx64, number);
}

// A file without a name goes by itself when the process ends; it gets a name through /proc.
static bool open_nameless(owi_output *output) {
    if (access("/proc/self/fd", X_OK) != 0) {
        return false;
    }
    output->fd = openat(output->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    return output->fd >= 0;
}

static owi_status open_temporary(owi_output *output, owi_error *error) {
    output->folder = open(output->folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (output->folder < 0) {
        return fail(output, "written", error);
    }
    if (open_nameless(output)) {
        return OWI_OK;
    }
    make_name(output->temporary);
    output->unfinished = owi_unfinished_add(output->folder, output->temporary);
    output->fd = openat(output->folder, output->temporary,
                        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (output->fd < 0) {
        output->temporary[0] = '\0';
        return fail(output, "written", error);
    }
    return OWI_OK;
}

owi_status owi_output_open(owi_output *output, owi_model *model, const char *path, unsigned flags,
                           owi_error *error) {
    const char *slash = strrchr(path, '/');
    size_t folder_length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    *output = (owi_output){
        .path = owi_shown(&model->arena, path),
        .folder_path = slash ? owi_arena_copy(&model->arena, path, folder_length) : ".",
        .name = owi_arena_printf(&model->arena, "%s", slash ? slash + 1 : path),
        .folder = -1,
        .fd = -1,
        .unfinished = -1,
        .flush = flags & OWI_SYNC,
        .sync = flags & OWI_SYNC,
    };
    if (!*output->name) {
        return owi_fail(error, OWI_USAGE, "\"%s\": names no file", output->path);
    }
    OWI_TRY(check_path(output, model, path, flags & OWI_REPLACE, error));
    if (!output->stream) {
        return open_temporary(output, error);
    }
    output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return output->fd < 0 ? fail(output, "written", error) : OWI_OK;
}

void owi_output_to_sink(owi_output *output, owi_sink sink, void *context) {
    *output = (owi_output){.path = "output",
                           .folder = -1,
                           .fd = -1,
                           .stream = true,
                           .unfinished = -1,
                           .sink = sink,
                           .sink_context = context};
}

owi_status owi_output_check(owi_model *model, const char *path, unsigned flags, owi_error *error) {
    owi_output output = {.path = owi_shown(&model->arena, path)};
    OWI_TRY(check_path(&output, model, path, flags & OWI_REPLACE, error));
    return output.stream ? owi_fail(error, OWI_USAGE, "%s: shards cannot write a device or a pipe",
                                    output.path)
                         : OWI_OK;
}

owi_status owi_output_allocate(owi_output *output, uint64_t length, owi_error *error) {
    int failed;
    do {
        failed = output->stream ? 0 : fallocate(output->fd, 0, 0, (off_t)length);
    } while (failed && errno == EINTR);
    // Not every file system can; but one that can and has no room says so now.
    if (failed && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
        return fail(output, "written", error);
    }
    return OWI_OK;
}

owi_status owi_output_write(const owi_output *output, uint64_t offset, const void *bytes,
                            size_t length, owi_error *error) {
    const char *at = bytes;
    if (output->sink) {
        return receive(output, bytes, length, error);
    }
    while (length) {
        ssize_t count = output->stream ? write(output->fd, at, length)
                                       : pwrite(output->fd, at, length, (off_t)offset);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(output, "written", error);
        }
        at += count;
        offset += (uint64_t)count;
        length -= (size_t)count;
    }
    return OWI_OK;
}

// Not tried again after a failure: what was lost is not written a second time.
static int flush(int fd) {
    int failed;
    do {
        failed = fsync(fd);
    } while (failed && errno == EINTR);
    return failed;
}

owi_status owi_output_flush(const owi_output *output, uint64_t length, owi_error *error) {
    struct stat status;
    bool good = fstat(output->fd, &status) == 0;
    if (good && (uint64_t)status.st_size < length) {
        good = ftruncate(output->fd, (off_t)length) == 0;
    }
    return good && flush(output->fd) == 0 ? OWI_OK : fail(output, "flushed", error);
}

// ---- into its place ----

static bool give_name(owi_output *output, const char *name) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", output->fd);
    return linkat(AT_FDCWD, link, output->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

// A name can be given only where none is, so replacing takes a name in between.
static bool move_in(owi_output *output) {
    if (!*output->temporary && !output->replaces) {
        return give_name(output, output->name);
    }
    if (!*output->temporary) {
        make_name(output->temporary);
        output->unfinished = owi_unfinished_add(output->folder, output->temporary);
        if (!give_name(output, output->temporary)) {
            return false;
        }
    }
    unsigned flags = output->replaces ? 0 : RENAME_NOREPLACE;
    int failed = renameat2(output->folder, output->temporary, output->folder, output->name, flags);
    if (failed && errno == EINVAL) { // the file system does not know the flag
        failed = renameat(output->folder, output->temporary, output->folder, output->name);
    }
    if (!failed) {
        owi_output_settle(output);
        output->temporary[0] = '\0';
    }
    return !failed;
}

owi_status owi_output_finish(owi_output *output, owi_error *error) {
    bool flushes = !output->stream && (output->flush || output->replaces);
    return !flushes || flush(output->fd) == 0 ? OWI_OK : fail(output, "written", error);
}

owi_status owi_output_commit(owi_output *output, bool last, owi_error *error) {
    if (!output->stream && !move_in(output)) {
        return errno == EEXIST ? owi_fail(error, OWI_USAGE, "%s: exists", output->path)
                               : fail(output, "put in its place", error);
    }
    output->placed = !output->stream;
    if (output->placed && !last && !output->replaces) {
        output->unfinished = owi_unfinished_add(output->folder, output->name);
    }
    if (!output->stream && output->sync && flush(output->folder) != 0) {
        return fail(output, "flushed", error);
    }
    int fd = output->fd;
    output->fd = -1;
    // Interrupted, a file is closed all the same.
    return output->sink || close(fd) == 0 || errno == EINTR ? OWI_OK
                                                            : fail(output, "closed", error);
}

void owi_output_settle(owi_output *output) {
    owi_unfinished_drop(output->unfinished);
    output->unfinished = -1;
}

void owi_output_withdraw(owi_output *output) {
    if (output->placed && !output->replaces) {
        unlinkat(output->folder, output->name, 0);
    }
}

bool owi_output_is_stream(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode));
}

void owi_output_close(owi_output *output) {
    if (*output->temporary) {
        unlinkat(output->folder, output->temporary, 0);
    }
    owi_output_settle(output);
    if (output->fd >= 0) {
        close(output->fd);
    }
    if (output->folder >= 0) {
        close(output->folder);
    }
    output->fd = output->folder = -1;
}
