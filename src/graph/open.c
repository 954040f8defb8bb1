// open.c: from a file to its index.
#include "graph/graph.h"
#include "model/guard.h"

#include <stdlib.h>

// What is wrong with a graph is said without the file; whoever reads it may have many.
static owi_status name_file(const owi_model *model, owi_status status, owi_error *error) {
    if (status == OWI_OK || !error) {
        return status;
    }
    owi_error inner = *error;
    return owi_fail(error, status, "%s: %s", model->source.path, inner.text);
}

// What is opened: the file at a path, an open file of that name, or bytes in memory.
typedef struct input {
    const char *path; // or NULL
    int file;         // or -1
    const void *bytes;
    size_t length;
} input;

static owi_status load(owi_model *model, const input *from, owi_error *error) {
    return !from->path       ? owi_load_memory(model, from->bytes, from->length, error)
           : from->file >= 0 ? owi_load_from(model, from->file, from->path, error)
                             : owi_load(model, from->path, error);
}

static owi_status guarded_load(owi_model *model, const input *from, owi_error *error) {
    OWI_GUARD(&model->arena, error);
    owi_status status = load(model, from, error);
    if (status == OWI_OK) {
        status = name_file(model, owi_graph_build(model, error), error);
    }
    OWI_UNGUARD(&model->arena);
    return status;
}

static owi_status open_input(const input *from, owi_model **model, owi_error *error) {
    *model = NULL;
    owi_model *opened = calloc(1, sizeof *opened);
    if (!opened) {
        return owi_fail(error, OWI_SYSTEM, "out of memory");
    }
    opened->source.fd = -1;
    owi_status status = guarded_load(opened, from, error);
    if (status != OWI_OK) {
        owi_model_close(opened);
        return status;
    }
    *model = opened;
    return OWI_OK;
}

owi_status owi_model_open(const char *path, owi_model **model, owi_error *error) {
    return open_input(&(input){.path = path, .file = -1}, model, error);
}

owi_status owi_model_open_memory(const void *bytes, size_t length, owi_model **model,
                                 owi_error *error) {
    return open_input(&(input){.file = -1, .bytes = bytes, .length = length}, model, error);
}

owi_status owi_model_read(int file, const char *name, owi_model **model, owi_error *error) {
    return open_input(&(input){.path = name, .file = file}, model, error);
}

void owi_model_close(owi_model *model) {
    if (model) {
        owi_unload(model);
        free(model);
    }
}
