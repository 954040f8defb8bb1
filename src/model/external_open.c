#define _GNU_SOURCE
#include "model/external.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { READ_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

// Splits the next name off a relative path; false when there is none or it is "..".
static bool next_name(const char **path, char name[NAME_MAX + 1], bool *last) {
    size_t length = strcspn(*path, "/");
    if (length == 0 || length > NAME_MAX) {
        return false;
    }
    memcpy(name, *path, length);
    name[length] = '\0';
    *path += length;
    *last = **path == '\0';
    *path += strspn(*path, "/");
    return strcmp(name, "..") != 0;
}

// The same as open_below, by the kernel; false when it does not know how.
static bool open_resolved(const char *folder, const char *path, int *fd) {
    struct open_how how = {.flags = READ_FLAGS,
                           .resolve =
                               RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    int at = open(folder, READ_FLAGS | O_DIRECTORY);
    *fd = at < 0 ? -1 : (int)syscall(SYS_openat2, at, path, &how, sizeof how);
    int reason = errno;
    if (at >= 0) {
        close(at);
    }
    errno = reason;
    return at < 0 || *fd >= 0 || (reason != ENOSYS && reason != EPERM);
}

// Opens a path below a folder name by name, never through a symbolic link.
static int open_walking(const char *folder, const char *path) {
    char name[NAME_MAX + 1];
    bool last = false;
    int at = open(folder, READ_FLAGS | O_DIRECTORY);
    while (at >= 0 && !last) {
        int next = -1;
        if (next_name(&path, name, &last)) {
            next = openat(at, name, READ_FLAGS | O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
        }
        int reason = errno;
        close(at);
        errno = reason;
        at = next;
    }
    return at;
}

static bool is_below(const char *path) {
    char name[NAME_MAX + 1];
    bool last = false;
    while (!last) {
        if (!next_name(&path, name, &last)) {
            return false;
        }
    }
    return true;
}

static int open_below(const char *folder, const char *path) {
    int fd;
    if (!is_below(path)) {
        errno = EXDEV;
        return -1;
    }
    return open_resolved(folder, path, &fd) ? fd : open_walking(folder, path);
}

// The folder of the file that is open, whatever links its path went through.
static bool real_folder(const owi_source *source, char folder[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", source->fd);
    if (!realpath(link, folder)) {
        return false;
    }
    *strrchr(folder, '/') = '\0';
    return true;
}

// In the cache of a model hub, model and data are links into one folder of blobs.
static int open_linked(const owi_source *source, const char *location) {
    char path[PATH_MAX], target[PATH_MAX], folder[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", source->folder, location);
    if (strchr(location, '/') || length < 0 || (size_t)length >= sizeof path ||
        !realpath(path, target) || !real_folder(source, folder)) {
        return -1;
    }
    char *name = strrchr(target, '/');
    *name++ = '\0';
    errno = ELOOP;
    return strcmp(target, folder) == 0 ? open_below(folder, name) : -1;
}

static int check_file(int fd) {
    struct stat status;
    int reason = fstat(fd, &status) != 0    ? errno
                 : !S_ISREG(status.st_mode) ? EINVAL
                 : status.st_nlink > 1      ? EMLINK
                                            : 0;
    if (reason) {
        close(fd);
        errno = reason;
    }
    return reason ? -1 : fd;
}

int owi_external_open(const owi_source *source, const char *location) {
    if (!*source->folder) {
        errno = ENOTSUP;
        return -1;
    }
    int fd = open_below(source->folder, location);
    if (fd < 0 && errno == ELOOP) {
        fd = open_linked(source, location);
    }
    return fd < 0 ? -1 : check_file(fd);
}
