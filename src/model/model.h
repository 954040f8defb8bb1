// model.h: a model in memory: protobuf-c's structs of the skeleton in one arena, and for each
// message the place in the file it came from.
#ifndef OWI_MODEL_MODEL_H
#define OWI_MODEL_MODEL_H

#include "model/scan.h"
#include "onnx.pb-c.h"

struct owi_model {
    owi_arena arena;
    owi_source source;
    owi_scan scan;
    Onnx__ModelProto *proto;
    struct owi_graph *graph;                 // the index; see graph/graph.h
    const struct owi_provenance *provenance; // of the run that wrote the file, or NULL
};

// Opens, scans and unpacks. The model's arena and error handling must be set up by the caller.
owi_status owi_load(owi_model *model, const char *path, owi_error *error);

// The same for a model in memory, which must stay where it is until owi_unload.
owi_status owi_load_memory(owi_model *model, const void *bytes, size_t length, owi_error *error);

// The same for what comes through an open file called `name`.
owi_status owi_load_from(owi_model *model, int file, const char *name, owi_error *error);

// Closes the file and releases the arena, but not the model struct.
void owi_unload(owi_model *model);

// The record of a message of the skeleton: graph, node, attribute, tensor, value info, ...
const owi_record *owi_record_of(const owi_model *model, const ProtobufCMessage *message);

// Visits every TensorProto of the model, wherever it sits: initializers, attributes, sparse
// tensors, bodies, functions, training information.
void owi_tensors_visit(const owi_model *model,
                       void (*visit)(void *context, const Onnx__TensorProto *tensor),
                       void *context);

// Elements of a tensor; the scan has made sure that the product does not overflow.
uint64_t owi_tensor_elements(const Onnx__TensorProto *tensor);

// Whether the file holds the tensor's values (inline; external data counts only when it is there).
bool owi_tensor_has_data(const owi_model *model, const Onnx__TensorProto *tensor);

// Reads elements [first, first + count) as doubles. False when the file has no values, the type is
// not numeric, or the read fails: evidence that cannot be read is no evidence, never an error.
// Thread-safe.
bool owi_tensor_read(const owi_model *model, const Onnx__TensorProto *tensor, uint64_t first,
                     uint64_t count, double *values);

// The same for integer types, exact. False when the tensor is of another type.
bool owi_tensor_read_integers(const owi_model *model, const Onnx__TensorProto *tensor,
                              uint64_t first, uint64_t count, int64_t *values);

#endif
