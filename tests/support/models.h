// models.h: small models, field by field. What is put into something else is freed by it.
#ifndef TESTS_SUPPORT_MODELS_H
#define TESTS_SUPPORT_MODELS_H

#include "onnx_winit.h"
#include "support/bytes.h"

// A StringStringEntryProto.
bytes make_entry(const char *key, const char *value);

// A float32 TensorProto of shape [2, 3] without values, its name unless NULL.
bytes make_tensor(const char *name);

// A TensorProto called "t" of one dim.
bytes make_typed(int dtype, uint64_t dim);

// A GraphProto with one field.
bytes graph_with(uint32_t field, bytes *message);

// A whole ModelProto, IR 8, opset 17 (which comes last).
bytes model_of(bytes *graph);
bytes with_initializer(bytes tensor);
bytes with_node(bytes node);

// Writes the bytes to a file called model.onnx and opens it.
owi_status open_bytes(const bytes *file, owi_model **model, owi_error *error);

#endif
