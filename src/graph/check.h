// check.h: what onnx.checker and ONNX Runtime refuse although a graph could be made of it. All fail
// with OWI_INPUT and the place. Private to build.c.
#ifndef OWI_GRAPH_CHECK_H
#define OWI_GRAPH_CHECK_H

#include "graph/build.h"

// A node has an op_type, and its attributes come once each and hold what their type says.
owi_status owi_check_node(const owi_builder *builder, const owi_scope *scope,
                          const Onnx__NodeProto *node);

// The inputs and outputs of a function have names, and what it returns is defined.
owi_status owi_check_function(const owi_builder *builder, const Onnx__FunctionProto *function);

// A call has no more inputs and outputs than its function.
owi_status owi_check_call(const owi_builder *builder, const owi_scope *scope,
                          const Onnx__NodeProto *node, const Onnx__FunctionProto *function);

// Before IR version 4 initializers are inputs, too. ONNX Runtime asks that only of those which no
// node uses, and some writers count on it. To be called when the nodes are built.
owi_status owi_check_listed(const owi_builder *builder, const owi_scope *scope,
                            const Onnx__GraphProto *graph);

#endif
