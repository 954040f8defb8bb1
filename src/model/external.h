// external.h: values in a file beside the model. A location is the model's word, so it is followed
// only to regular files below the model's folder, and every open goes through owi_external_open.
#ifndef OWI_MODEL_EXTERNAL_H
#define OWI_MODEL_EXTERNAL_H

#include "model/source.h"
#include "onnx.pb-c.h"

// Where an external tensor says its values are.
typedef struct owi_external {
    const char *location; // as written
    const char *shown;    // the file as it may be shown
    uint64_t offset, length;
} owi_external;

// Opens the regular file below the model's folder that a location names; -1 with errno when there
// is none, or only one that may not be opened (ELOOP, EXDEV, EMLINK; ENOTSUP: no folder): an
// absolute location, one with
// "..", one that passes a symbolic link - unless that link, as in the caches of model hubs, leads
// to a file beside the one the model's own link leads to - and a file of several names, since an
// archive can make one of them point anywhere. Thread-safe.
int owi_external_open(const owi_source *source, const char *location);

// Finds the values of an external tensor that takes `bytes` bytes. OWI_INPUT for entries that make
// no sense, a location that may not be followed and a range past the end of its file, OWI_SYSTEM
// for a file that cannot be opened; the text names the entry. `arena` is only for what is shown.
owi_status owi_external_locate(const owi_source *source, const Onnx__TensorProto *tensor,
                               uint64_t bytes, owi_arena *arena, owi_external *found,
                               owi_error *error);

// The open file in which an external tensor says that its values, `bytes` bytes, are, and where
// they begin; -1 when they are not there, or the entries make no sense. To be closed by the caller.
int owi_external_find(const owi_source *source, const Onnx__TensorProto *tensor, uint64_t bytes,
                      uint64_t *offset);

// Whether the values can be found.
bool owi_external_present(const owi_source *source, const Onnx__TensorProto *tensor,
                          uint64_t bytes);

// Reads exactly `length` bytes at `offset` of the values. The file is open only meanwhile, so a
// model may have any number of them. OWI_SYSTEM, or OWI_INPUT when the file ends before.
// Thread-safe.
owi_status owi_external_read(const owi_source *source, const owi_external *external,
                             uint64_t offset, void *bytes, size_t length, owi_error *error);

#endif
