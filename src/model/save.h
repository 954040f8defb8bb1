// save.h: puts files in their place that are absent, old, or new and whole at every moment.
#ifndef OWI_MODEL_SAVE_H
#define OWI_MODEL_SAVE_H

#include "model/blocks.h"
#include "model/splice.h"

typedef struct owi_file {
    const char *path;
    const owi_layout *layout;
} owi_file;

enum { OWI_FILES_MOST = 2 };

typedef struct owi_save_options {
    unsigned threads; // at least 1
    owi_page_window window;
    const owi_write_options *write;
    owi_sink sink; // takes the only file, whose path is NULL; or NULL
    void *sink_context;
} owi_save_options;

// Writes files for a model and puts them in their place in this order, so the last, which refers to
// the others, comes when these are there. Only the last may replace an older file. Temporary files
// in the outputs' folder are allocated, written and renamed, so each is absent, old, or new and
// whole; they have no name where the system can, so that nothing is left whatever happens. A device
// or pipe is written straight through. OWI_USAGE when an output is one of the inputs (the model or
// an external file it names), exists without OWI_REPLACE, or is a folder or a link; OWI_SYSTEM with
// the reason on any failure.
owi_status owi_save(owi_model *model, const owi_file *files, size_t count,
                    const owi_generator *generator, const owi_save_options *options,
                    owi_error *error);

#endif
