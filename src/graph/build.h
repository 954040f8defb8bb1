// build.h: what the parts of the index builder share. Private to build.c and tensors.c.
#ifndef OWI_GRAPH_BUILD_H
#define OWI_GRAPH_BUILD_H

#include "base/strmap.h"
#include "graph/graph.h"

typedef struct owi_builder {
    owi_arena *arena;
    owi_model *model;
    owi_graph *graph;
    const struct owi_provenance *provenance;
    owi_strmap functions; // "domain:name:overload" -> Onnx__FunctionProto
    owi_strmap ops;       // names of the default domain met so far -> owi_op
    owi_tensor **shared;  // by record: the tensors of functions, one for all calls
    owi_error *error;
} owi_builder;

// Names in force: a graph's, a body's, or those of one call of a function.
typedef struct owi_scope {
    const char *path;
    const struct owi_scope *outer; // NULL for the main graph and functions
    owi_strmap names;              // name -> owi_value
    owi_strmap types;              // name -> Onnx__ValueInfoProto
    owi_strmap *results;           // a call's: name in the function -> the caller's owi_value
    const owi_call *call;
    unsigned depth; // functions and bodies entered on the way here
} owi_scope;

owi_value *owi_build_value(owi_builder *builder, const char *name);
owi_status owi_build_node(owi_builder *builder, owi_scope *scope, const Onnx__NodeProto *proto);

// ---- carriers (tensors.c)

// Takes type and shape from the scope's value_info, if it has one for this value.
void owi_build_type(owi_builder *builder, const owi_scope *scope, owi_value *value);

// Type and shape of a ValueInfo; dims that are symbols are OWI_UNKNOWN.
void owi_build_declared(owi_builder *builder, const Onnx__ValueInfoProto *info, owi_value *value);

void owi_build_initializer(owi_builder *builder, const owi_scope *scope,
                           const Onnx__GraphProto *graph, const Onnx__TensorProto *proto,
                           owi_value *value);
owi_status owi_build_sparse(owi_builder *builder, const owi_scope *scope,
                            const Onnx__GraphProto *graph, const Onnx__SparseTensorProto *proto,
                            owi_value *value);
void owi_build_input(owi_builder *builder, const owi_scope *scope, const Onnx__GraphProto *graph,
                     const Onnx__ValueInfoProto *proto, owi_value *value);

// The tensor that a node without data inputs makes: Constant, ConstantOfShape, RandomNormal,
// RandomUniform. Nothing for other nodes.
owi_status owi_build_generated(owi_builder *builder, const owi_scope *scope, owi_node *node);

#endif
