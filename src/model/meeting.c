#define _GNU_SOURCE
#include "model/meeting.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Bytes of a text, and of a name in the folder.
enum { TEXT_MOST = 1024, NAME_LENGTH = 48 };

#define JOB "job"

static owi_status fail(const owi_meeting *meeting, const char *what, owi_error *error) {
    return owi_fail(error, OWI_SYSTEM, "%s: %s: %s", meeting->path, what, strerror(errno));
}

owi_status owi_meeting_prepare(owi_meeting *meeting, owi_arena *arena, const char *path,
                               const char *text, owi_error *error) {
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;
    *meeting = (owi_meeting){
        .path = owi_shown(arena, path),
        .folder_path = slash ? owi_arena_copy(arena, path, length) : ".",
        .name = owi_arena_printf(arena, "%s.shards", slash ? slash + 1 : path),
        .text = text,
        .folder = -1,
        .fd = -1,
    };
    return strlen(text) < TEXT_MOST
               ? OWI_OK
               : owi_fail(error, OWI_USAGE, "%s: is too long a name", meeting->path);
}

// ---- texts ----

// Reads a whole text; false when it is not there.
static bool read_text(int folder, const char *name, char text[TEXT_MOST]) {
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t length = fd < 0 ? -1 : read(fd, text, TEXT_MOST - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[length < 0 ? 0 : length] = '\0';
    return length >= 0;
}

// Writes the job's text to a file of its own name, and that to the disk.
static bool write_text(const owi_meeting *meeting, const char *name) {
    int fd = openat(meeting->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0) {
        return false;
    }
    size_t length = strlen(meeting->text);
    bool written = write(fd, meeting->text, length) == (ssize_t)length && fsync(fd) == 0;
    return close(fd) == 0 && written;
}

static void temporary_name(char name[NAME_LENGTH]) {
    char host[16] = {0};
    gethostname(host, sizeof host - 1);
    snprintf(name, NAME_LENGTH, "new-%s-%ld", host, (long)getpid());
}

// ---- the job ----

static bool make_folder(owi_meeting *meeting) {
    meeting->folder = open(meeting->folder_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (meeting->folder < 0 ||
        (mkdirat(meeting->folder, meeting->name, 0777) != 0 && errno != EEXIST)) {
        return false;
    }
    meeting->fd =
        openat(meeting->folder, meeting->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    return meeting->fd >= 0;
}

// The first text that gets the name counts.
static bool begin(const owi_meeting *meeting) {
    char name[NAME_LENGTH], text[TEXT_MOST];
    if (read_text(meeting->fd, JOB, text)) {
        return true;
    }
    temporary_name(name);
    if (!write_text(meeting, name)) {
        return false;
    }
    int reason = linkat(meeting->fd, name, meeting->fd, JOB, 0) == 0 ? 0 : errno;
    unlinkat(meeting->fd, name, 0);
    errno = reason;
    return reason == 0 || reason == EEXIST;
}

// The line in which two texts differ first, without its end.
static void first_difference(const char *left, const char *right, char line[64]) {
    size_t at = 0;
    for (size_t i = 0; left[i] && left[i] == right[i]; i++) {
        at = left[i] == '\n' ? i + 1 : at;
    }
    snprintf(line, 64, "%.*s", (int)strcspn(left + at, "\n"), left + at);
}

owi_status owi_meeting_open(owi_meeting *meeting, owi_error *error) {
    char text[TEXT_MOST], theirs[64], ours[64];
    if (!make_folder(meeting) || !begin(meeting)) {
        return fail(meeting, "shards cannot meet", error);
    }
    if (!read_text(meeting->fd, JOB, text)) {
        return fail(meeting, "the job of the shards cannot be read", error);
    }
    if (strcmp(text, meeting->text) != 0) {
        first_difference(text, meeting->text, theirs);
        first_difference(meeting->text, text, ours);
        return owi_fail(error, OWI_USAGE,
                        "%s: another job is under way (%s, here %s); removing the folder %s.shards "
                        "ends it",
                        meeting->path, theirs, ours, meeting->path);
    }
    return OWI_OK;
}

// ---- parts and marks ----

owi_status owi_meeting_open_part(const owi_meeting *meeting, size_t part, owi_output *output,
                                 owi_error *error) {
    char name[NAME_LENGTH];
    snprintf(name, sizeof name, "part-%zu", part);
    *output = (owi_output){.path = meeting->path, .folder = -1, .unfinished = -1, .flush = true};
    output->fd = openat(meeting->fd, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    return output->fd < 0 ? fail(meeting, "a shard cannot be written", error) : OWI_OK;
}

bool owi_meeting_is_done(const owi_meeting *meeting, unsigned shard) {
    char name[NAME_LENGTH], text[TEXT_MOST];
    snprintf(name, sizeof name, "done-%u", shard);
    return read_text(meeting->fd, name, text) && strcmp(text, meeting->text) == 0;
}

owi_status owi_meeting_mark_done(const owi_meeting *meeting, unsigned shard, owi_error *error) {
    char name[NAME_LENGTH], unfinished[NAME_LENGTH];
    snprintf(name, sizeof name, "done-%u", shard);
    temporary_name(unfinished);
    if (!write_text(meeting, unfinished) ||
        renameat(meeting->fd, unfinished, meeting->fd, name) != 0 || fsync(meeting->fd) != 0) {
        return fail(meeting, "a shard cannot be noted as done", error);
    }
    return OWI_OK;
}

// ---- the end ----

// As rename, but never onto a file. Not every file system knows how; a second name can be given
// everywhere, and not where one is.
static bool rename_to_new(const owi_meeting *meeting, const char *from, const char *name) {
    if (renameat2(meeting->fd, from, meeting->folder, name, RENAME_NOREPLACE) == 0) {
        return true;
    }
    return errno == EINVAL && linkat(meeting->fd, from, meeting->folder, name, 0) == 0 &&
           unlinkat(meeting->fd, from, 0) == 0;
}

static bool exists(const owi_meeting *meeting, const char *name) {
    struct stat status;
    return fstatat(meeting->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

owi_status owi_meeting_place(const owi_meeting *meeting, size_t part, const char *name,
                             bool replace, owi_error *error) {
    char from[NAME_LENGTH];
    snprintf(from, sizeof from, "part-%zu", part);
    bool placed = replace ? renameat(meeting->fd, from, meeting->folder, name) == 0
                          : rename_to_new(meeting, from, name);
    // Another process was faster, and may have removed the folder since.
    bool there = !placed && (errno == ENOENT || errno == ESTALE) && exists(meeting, name);
    if (!placed && !there) {
        return fail(meeting, "cannot be put in its place", error);
    }
    return fsync(meeting->folder) == 0 ? OWI_OK : fail(meeting, "cannot be flushed", error);
}

void owi_meeting_remove(const owi_meeting *meeting) {
    int copy = openat(meeting->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        unlinkat(meeting->fd, entry->d_name, 0); // "." and ".." stay
    }
    if (listing) {
        closedir(listing);
    }
    unlinkat(meeting->folder, meeting->name, AT_REMOVEDIR);
}

void owi_meeting_close(owi_meeting *meeting) {
    if (meeting->fd >= 0) {
        close(meeting->fd);
    }
    if (meeting->folder >= 0) {
        close(meeting->folder);
    }
    meeting->fd = meeting->folder = -1;
}

const char *owi_meeting_read_line(owi_arena *arena, const char *path, const char *key) {
    char text[TEXT_MOST];
    const char *job = owi_arena_printf(arena, "%s.shards/" JOB, path);
    if (!read_text(AT_FDCWD, job, text)) {
        return NULL;
    }
    for (const char *line = text; *line;
         line += strcspn(line, "\n") + (strchr(line, '\n') != NULL)) {
        if (strncmp(line, key, strlen(key)) == 0) {
            size_t length = strcspn(line, "\n") - strlen(key);
            return length ? owi_arena_copy(arena, line + strlen(key), length) : NULL;
        }
    }
    return NULL;
}
