// external.h: values in a file beside the model. A location is the model's word, so it is followed
// only to regular files below the model's folder.
#ifndef OWI_MODEL_EXTERNAL_H
#define OWI_MODEL_EXTERNAL_H

#include "model/source.h"
#include "onnx.pb-c.h"

// Opens the regular file below the model's folder that a location names; -1 when there is none, or
// only one that may not be opened: an absolute location, one with "..", one that passes a symbolic
// link - unless that link, as in the caches of model hubs, leads to a file beside the one the
// model's own link leads to.
int owi_external_open(const owi_source *source, const char *location);

// The open file in which an external tensor says that its values, `bytes` bytes, are, and where they
// begin; -1 when they are not there, or the entries make no sense. To be closed by the caller.
int owi_external_find(const owi_source *source, const Onnx__TensorProto *tensor, uint64_t bytes,
                      uint64_t *offset);

// Whether `bytes` bytes are where an external tensor says its values are. False for entries that
// make no sense.
bool owi_external_present(const owi_source *source, const Onnx__TensorProto *tensor,
                          uint64_t bytes);

#endif
