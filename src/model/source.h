// source.h: the bytes of an input, a file that is read in windows or a stretch of memory. Files are
// never mapped: one that shrinks while it is read gives an error, not a signal.
#ifndef OWI_MODEL_SOURCE_H
#define OWI_MODEL_SOURCE_H

#include "base/status.h"

#include <stdint.h>

enum { OWI_WINDOW = 64 * 1024 }; // no less than a name

typedef struct owi_source {
    const char *path;      // as it may be shown
    const char *folder;    // where the file lies, as the system calls want it; "": it is none
    int fd;                // -1: not open
    const uint8_t *memory; // the caller's, instead of a file; or NULL
    uint64_t size;
    uint64_t device, inode; // which file this is, whatever the path
    uint8_t *window;        // the last stretch read
    uint64_t window_offset;
    size_t window_length;
} owi_source;

// Opens a regular file of less than 2 GiB. OWI_INPUT for anything else that exists, OWI_SYSTEM for
// what cannot be opened.
owi_status owi_source_open(owi_source *source, const char *path, owi_arena *arena,
                           owi_error *error);

// The same for bytes in memory, which stay the caller's and must stay where they are.
owi_status owi_source_open_memory(owi_source *source, const void *bytes, size_t length,
                                  owi_arena *arena, owi_error *error);

// The same for what comes through an open file, called `name`, from where it stands to its end. A
// file that stands at its beginning is read in place; anything else is copied into a file without a
// name, on the disk where there is one for temporary files.
owi_status owi_source_take(owi_source *source, int file, const char *name, owi_arena *arena,
                           owi_error *error);

void owi_source_close(owi_source *source);

// Reads exactly length bytes at offset. OWI_SYSTEM on a read error, OWI_INPUT when the file ends
// before (it changed while it was read). Thread-safe.
owi_status owi_source_read(const owi_source *source, uint64_t offset, void *bytes, size_t length,
                           owi_error *error);

// At least `least` (up to OWI_WINDOW) and at most OWI_WINDOW bytes at offset, through the window;
// NULL with the error set when they cannot be had. *length tells how many. Not thread-safe.
const uint8_t *owi_source_window(owi_source *source, uint64_t offset, size_t least, size_t *length,
                                 owi_error *error);

#endif
