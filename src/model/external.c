#define _GNU_SOURCE
#include "model/external.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

// Opens a path below a folder name by name, never through a symbolic link.
static int open_below(const char *folder, const char *path) {
    char name[NAME_MAX + 1];
    bool last = false;
    int at = open(folder, READ_FLAGS | O_DIRECTORY);
    while (at >= 0 && !last) {
        int next = -1;
        if (next_name(&path, name, &last)) {
            next = openat(at, name, READ_FLAGS | O_NOFOLLOW | (last ? 0 : O_DIRECTORY));
        }
        close(at);
        at = next;
    }
    return at;
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
    return strcmp(target, folder) == 0 ? open_below(folder, name) : -1;
}

int owi_external_open(const owi_source *source, const char *location) {
    struct stat status;
    int fd = open_below(source->folder, location);
    if (fd < 0) {
        fd = open_linked(source, location);
    }
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

// Plain decimal digits only: no sign, no space, no overflow.
static bool parse_number(const char *text, uint64_t *number) {
    *number = 0;
    for (const char *digit = text; *digit; digit++) {
        if (*digit < '0' || *digit > '9' || __builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, (uint64_t)(*digit - '0'), number)) {
            return false;
        }
    }
    return *text != '\0';
}

// The value of a key; NULL when it is missing or comes twice.
static const char *entry(const Onnx__TensorProto *tensor, const char *key, size_t *count) {
    const char *value = NULL;
    *count = 0;
    for (size_t i = 0; i < tensor->n_external_data; i++) {
        const Onnx__StringStringEntryProto *pair = tensor->external_data[i];
        if (pair->key && strcmp(pair->key, key) == 0) {
            value = pair->value;
            ++*count;
        }
    }
    return *count == 1 ? value : NULL;
}

int owi_external_find(const owi_source *source, const Onnx__TensorProto *tensor, uint64_t bytes,
                      uint64_t *offset) {
    size_t locations, offsets, lengths;
    const char *location = entry(tensor, "location", &locations);
    const char *offset_text = entry(tensor, "offset", &offsets);
    const char *length_text = entry(tensor, "length", &lengths);
    uint64_t length = bytes;
    *offset = 0;
    if (!location || (offsets && (!offset_text || !parse_number(offset_text, offset))) ||
        (lengths && (!length_text || !parse_number(length_text, &length))) || length != bytes) {
        return -1;
    }
    int fd = owi_external_open(source, location);
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) != 0 || (uint64_t)status.st_size < length ||
                    *offset > (uint64_t)status.st_size - length)) {
        close(fd);
        return -1;
    }
    return fd;
}

bool owi_external_present(const owi_source *source, const Onnx__TensorProto *tensor,
                          uint64_t bytes) {
    uint64_t offset;
    int fd = owi_external_find(source, tensor, bytes, &offset);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}
