// output.h: an output file that is absent, old, or new and whole at every moment.
#ifndef OWI_MODEL_OUTPUT_H
#define OWI_MODEL_OUTPUT_H

#include "model/model.h"

typedef struct owi_output {
    const char *path;        // as it may be shown
    const char *folder_path; // as the system calls want it
    const char *name;        // in the folder
    char temporary[40];      // name of the unfinished file; "": it has none
    int folder, fd;
    bool stream;    // a device or a pipe: written in order, straight through
    bool replaces;  // an older file goes when this one comes
    bool flush;     // what is written is on the disk before the file has its name
    bool sync;      // and its name, before owi_output_commit returns
    bool placed;    // the file is in its place
    int unfinished; // what to forget the temporary name by, or -1
    owi_sink sink;  // takes everything instead of a file, as a stream; or NULL
    void *sink_context;
} owi_output;

// Opens an output for a model; flags as of owi_plan_apply. Until owi_output_commit has returned
// OWI_OK there is nothing new under the path.
owi_status owi_output_open(owi_output *output, owi_model *model, const char *path, unsigned flags,
                           owi_error *error);

// The same for a receiver of bytes: nothing is put anywhere.
void owi_output_to_sink(owi_output *output, owi_sink sink, void *context);

// Whether a path may be written, as owi_output_open would find.
owi_status owi_output_check(owi_model *model, const char *path, unsigned flags, owi_error *error);

// Sets the space aside, where the system can.
owi_status owi_output_allocate(owi_output *output, uint64_t length, owi_error *error);

// Writes all bytes at `offset`, or at the end of a stream. Thread-safe but for streams.
owi_status owi_output_write(const owi_output *output, uint64_t offset, const void *bytes,
                            size_t length, owi_error *error);

// Sees to it that the file has its full length and that all of it is on the disk.
owi_status owi_output_flush(const owi_output *output, uint64_t length, owi_error *error);

// All is written: what must be on the disk before it has a name goes there.
owi_status owi_output_finish(owi_output *output, owi_error *error);

// Puts the finished file in its place. Unless it is the last of a model's files, it goes again when
// the process is stopped before owi_output_settle.
owi_status owi_output_commit(owi_output *output, bool last, owi_error *error);

// The file stays: the one that refers to it comes next.
void owi_output_settle(owi_output *output);

// Takes a file away that is in its place and that replaced none.
void owi_output_withdraw(owi_output *output);

// Whether a path is that of a device or a pipe.
bool owi_output_is_stream(const char *path);

// Closes, and takes away what is unfinished.
void owi_output_close(owi_output *output);

#endif
