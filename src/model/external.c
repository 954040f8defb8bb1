#include "model/external.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The entries a tensor may have, once each (onnx, ExternalData.md).
enum { LOCATION, OFFSET, LENGTH, CHECKSUM, BASEPATH, ENTRIES };
static const char *const entry_names[ENTRIES] = {"location", "offset", "length", "checksum",
                                                 "basepath"};

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

static owi_status read_entries(const Onnx__TensorProto *tensor, owi_arena *arena,
                               const char *values[ENTRIES], owi_error *error) {
    for (size_t i = 0; i < tensor->n_external_data; i++) {
        const Onnx__StringStringEntryProto *pair = tensor->external_data[i];
        const char *key = pair->key ? pair->key : "";
        size_t entry = 0;
        while (entry < ENTRIES && strcmp(key, entry_names[entry]) != 0) {
            entry++;
        }
        if (entry == ENTRIES || values[entry]) {
            return owi_fail(error, OWI_INPUT, "external_data \"%s\" %s",
                            error ? owi_shown(arena, key) : "",
                            entry == ENTRIES ? "is no entry of the standard" : "comes twice");
        }
        values[entry] = pair->value ? pair->value : "";
    }
    return values[LOCATION] && *values[LOCATION]
               ? OWI_OK
               : owi_fail(error, OWI_INPUT, "external_data names no location");
}

static owi_status read_range(const char *const values[ENTRIES], uint64_t bytes, owi_arena *arena,
                             owi_external *found, owi_error *error) {
    uint64_t *const numbers[] = {[OFFSET] = &found->offset, [LENGTH] = &found->length};
    for (size_t i = OFFSET; i <= LENGTH; i++) {
        if (values[i] && !parse_number(values[i], numbers[i])) {
            return owi_fail(error, OWI_INPUT,
                            "external_data.%s \"%s\" is not a whole number of 64 bits",
                            entry_names[i], error ? owi_shown(arena, values[i]) : "");
        }
    }
    if (found->length != bytes) {
        return owi_fail(error, OWI_INPUT,
                        "external_data.length is %" PRIu64
                        ", but dims and data_type ask for %" PRIu64 " bytes",
                        found->length, bytes);
    }
    return OWI_OK;
}

static owi_status cannot_open(const owi_external *found, owi_error *error) {
    switch (errno) {
    case EXDEV:
        return owi_fail(error, OWI_INPUT,
                        "external_data.location \"%s\" leads out of the model's folder",
                        found->shown);
    case ELOOP:
        return owi_fail(error, OWI_INPUT, "external_data.location \"%s\" passes a symbolic link",
                        found->shown);
    case EINVAL:
        return owi_fail(error, OWI_INPUT, "external_data.location \"%s\" is not a regular file",
                        found->shown);
    case ENOTSUP:
        return owi_fail(
            error, OWI_INPUT,
            "external_data.location \"%s\" is a file, but a model in memory has no folder",
            found->shown);
    case EMLINK:
        return owi_fail(error, OWI_INPUT,
                        "external_data.location \"%s\" is a file of several names (hard links)",
                        found->shown);
    default:
        return owi_fail(error, OWI_SYSTEM, "external data %s cannot be opened: %s", found->shown,
                        strerror(errno));
    }
}

static owi_status open_checked(const owi_source *source, const owi_external *found, int *fd,
                               owi_error *error) {
    struct stat status;
    *fd = owi_external_open(source, found->location);
    if (*fd < 0) {
        return cannot_open(found, error);
    }
    uint64_t size = fstat(*fd, &status) == 0 ? (uint64_t)status.st_size : 0;
    if (found->length > size || found->offset > size - found->length) {
        close(*fd);
        *fd = -1;
        return owi_fail(error, OWI_INPUT,
                        "external_data.offset %" PRIu64 " + length %" PRIu64
                        " is past the end of %s (%" PRIu64 " bytes)",
                        found->offset, found->length, found->shown, size);
    }
    return OWI_OK;
}

static owi_status find(const owi_source *source, const Onnx__TensorProto *tensor, uint64_t bytes,
                       owi_arena *arena, owi_external *found, int *fd, owi_error *error) {
    const char *values[ENTRIES] = {NULL};
    *found = (owi_external){.length = bytes};
    *fd = -1;
    OWI_TRY(read_entries(tensor, arena, values, error));
    OWI_TRY(read_range(values, bytes, arena, found, error));
    found->location = values[LOCATION];
    found->shown = error ? owi_shown(arena, found->location) : found->location;
    return open_checked(source, found, fd, error);
}

owi_status owi_external_locate(const owi_source *source, const Onnx__TensorProto *tensor,
                               uint64_t bytes, owi_arena *arena, owi_external *found,
                               owi_error *error) {
    int fd;
    OWI_TRY(find(source, tensor, bytes, arena, found, &fd, error));
    close(fd);
    return OWI_OK;
}

int owi_external_find(const owi_source *source, const Onnx__TensorProto *tensor, uint64_t bytes,
                      uint64_t *offset) {
    owi_external found;
    int fd;
    find(source, tensor, bytes, NULL, &found, &fd, NULL);
    *offset = found.offset;
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

owi_status owi_external_read(const owi_source *source, const owi_external *external,
                             uint64_t offset, void *bytes, size_t length, owi_error *error) {
    owi_source data = {.path = external->shown,
                       .fd = owi_external_open(source, external->location)};
    if (data.fd < 0) {
        return cannot_open(external, error);
    }
    owi_status status = owi_source_read(&data, external->offset + offset, bytes, length, error);
    owi_source_close(&data);
    return status;
}
