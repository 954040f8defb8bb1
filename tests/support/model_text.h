// model_text.h: models written as text.
//
// Reads a subset of ONNX's own textual syntax (docs/Syntax.md of the onnx project):
//
//     <ir_version: 8, opset_import: ["" : 17]>
//     name (float[N,3] x) => (float[N,2] y)
//     <float[2,3] w, float[2] b = {0, 1}, float[N,2] z>
//     {
//         [node_name] z = Gemm<transB = 1>(x, w, b)
//         y = If(c) <then_branch = g () => (float t) { t = Identity(z) }, else_branch = ...>
//     }
//     <domain: "d", opset_import: ["" : 17]> f <alpha> (x) => (y) { y = Elu<alpha: float =
//     @alpha>(x) }
//
// It differs in one thing: an entry of the <...> before the nodes that no node makes, and that has
// no value, is an initializer without data. There a value says "= {}". Types are tensors.
#ifndef TESTS_SUPPORT_MODEL_TEXT_H
#define TESTS_SUPPORT_MODEL_TEXT_H

#include "support/reader.h"

// Makes the bytes of a ModelProto, in the arena. On failure returns false and `error` tells line,
// column and what was expected.
bool model_text_parse(const char *text, owi_arena *arena, uint8_t **bytes, size_t *length,
                      char error[READER_ERROR]);

#endif
