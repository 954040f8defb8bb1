#define _GNU_SOURCE
#include "cli/files.h"

#include "cli/messages.h"
#include "cli/signals.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool stream_sink(void *context, const char *bytes, size_t length) {
    return fwrite(bytes, 1, length, context) == length;
}

static bool is_same(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

// A file that does not exist yet is told by its folder and its name.
static bool is_same_place(const char *a, const char *b) {
    char *copies[] = {strdup(a), strdup(b), strdup(a), strdup(b)};
    struct stat left, right;
    bool same = copies[0] && copies[1] && copies[2] && copies[3] &&
                strcmp(basename(copies[0]), basename(copies[1])) == 0 &&
                stat(dirname(copies[2]), &left) == 0 && stat(dirname(copies[3]), &right) == 0 &&
                is_same(&left, &right);
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        free(copies[i]);
    }
    return same;
}

bool is_same_file(const char *a, const char *b) {
    struct stat left, right;
    bool a_exists = stat(a, &left) == 0, b_exists = stat(b, &right) == 0;
    return a_exists && b_exists ? is_same(&left, &right) : is_same_place(a, b);
}

// Makes the stream's file the one at `path`; closes the stream.
static bool settle(FILE *stream, const char *temporary, const char *path) {
    mode_t mask = umask(0);
    umask(mask);
    bool written = fflush(stream) == 0 && fchmod(fileno(stream), 0666 & ~mask) == 0;
    bool closed = fclose(stream) == 0 || errno == EINTR; // interrupted, it is closed all the same
    return closed && written && rename(temporary, path) == 0;
}

owi_status write_report(const owi_plan *plan, const owi_report_options *options, const char *path) {
    static const char suffix[] = ".XXXXXX";
    char *temporary = malloc(strlen(path) + sizeof suffix);
    if (!temporary) {
        print_error("%s: out of memory", path);
        return OWI_SYSTEM;
    }
    strcat(strcpy(temporary, path), suffix);
    int fd = signals_make_file(temporary);
    FILE *stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    owi_error error;
    owi_status status = OWI_SYSTEM;
    if (!stream) {
        print_error("%s: cannot be written: %s", path, strerror(errno));
    } else if ((status = owi_report(plan, options, stream_sink, stream, &error)) != OWI_OK) {
        print_error("%s: %s", path, ferror(stream) ? strerror(errno) : error.text);
        fclose(stream);
    } else if (!settle(stream, temporary, path)) {
        print_error("%s: cannot be written: %s", path, strerror(errno));
        status = OWI_SYSTEM;
    }
    if (status != OWI_OK && fd >= 0) {
        unlink(temporary);
    }
    if (fd >= 0 && !stream) {
        close(fd);
    }
    signals_keep();
    free(temporary);
    return status;
}
