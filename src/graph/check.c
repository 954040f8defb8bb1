// check.c: what onnx.checker and ONNX Runtime refuse although a graph could be made of it.
#include "graph/check.h"

#include <inttypes.h>
#include <string.h>

// ---- attributes

// AttributeType by what an attribute holds: a bit for each.
static unsigned held_types(const Onnx__AttributeProto *attribute) {
    const bool held[] = {
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT] = attribute->has_f,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT] = attribute->has_i,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING] = attribute->has_s,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR] = attribute->t,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPH] = attribute->g,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSOR] = attribute->sparse_tensor,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTO] = attribute->tp,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS] = attribute->n_floats,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS] = attribute->n_ints,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS] = attribute->n_strings,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSORS] = attribute->n_tensors,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__GRAPHS] = attribute->n_graphs,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__SPARSE_TENSORS] = attribute->n_sparse_tensors,
        [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TYPE_PROTOS] = attribute->n_type_protos,
    };
    unsigned set = 0;
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        set |= (unsigned)held[i] << i;
    }
    return set;
}

// What is wrong with an attribute, or NULL. It may hold nothing: writers leave zeros out.
static const char *fault(const owi_builder *builder, const Onnx__NodeProto *node, size_t number) {
    const Onnx__AttributeProto *attribute = node->attribute[number];
    const unsigned held = held_types(attribute);
    for (size_t i = 0; i < number; i++) {
        if (strcmp(attribute->name, node->attribute[i]->name) == 0) {
            return "comes twice";
        }
    }
    if (!attribute->type) { // the field came with IR version 2
        return builder->model->proto->ir_version > 1 ? "has no type" : NULL;
    }
    if (!protobuf_c_enum_descriptor_get_value(&onnx__attribute_proto__attribute_type__descriptor,
                                              (int)attribute->type)) {
        return "has a type that is none of the standard";
    }
    return held & ~(1u << attribute->type) ? "holds a value of another type than it says" : NULL;
}

owi_status owi_check_node(const owi_builder *builder, const owi_scope *scope,
                          const Onnx__NodeProto *node) {
    const char *name = owi_shown(builder->arena, node->name ? node->name : "");
    if (!*node->op_type) {
        return owi_fail(builder->error, OWI_INPUT, "%s: node \"%s\" has an empty op_type",
                        scope->path, name);
    }
    owi_spend(builder->arena, node->n_attribute * node->n_attribute);
    for (size_t i = 0; i < node->n_attribute; i++) {
        const char *found = fault(builder, node, i);
        if (found) {
            return owi_fail(builder->error, OWI_INPUT,
                            "%s: node \"%s\" (%s): the attribute \"%s\" %s", scope->path, name,
                            owi_shown(builder->arena, node->op_type),
                            owi_shown(builder->arena, node->attribute[i]->name), found);
        }
    }
    return OWI_OK;
}

// ---- functions

// The number of the first empty name, from 1, or 0.
static size_t unnamed(char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!*names[i]) {
            return i + 1;
        }
    }
    return 0;
}

// Adds names to those that are defined.
static void define_all(const owi_builder *builder, owi_strmap *defined, char *const *names,
                       size_t count) {
    for (size_t i = 0; i < count; i++) {
        owi_strmap_put(builder->arena, defined, names[i], names[i]);
    }
}

owi_status owi_check_function(const owi_builder *builder, const Onnx__FunctionProto *function) {
    const char *name = owi_shown(builder->arena, function->name);
    size_t input = unnamed(function->input, function->n_input);
    size_t output = unnamed(function->output, function->n_output);
    if (input || output) {
        return owi_fail(builder->error, OWI_INPUT, "function \"%s\": %s %zu has no name", name,
                        input ? "input" : "output", input ? input : output);
    }
    owi_strmap defined = {0};
    define_all(builder, &defined, function->input, function->n_input);
    for (size_t i = 0; i < function->n_node; i++) {
        define_all(builder, &defined, function->node[i]->output, function->node[i]->n_output);
    }
    for (size_t i = 0; i < function->n_output; i++) {
        if (!owi_strmap_get(&defined, function->output[i])) {
            return owi_fail(builder->error, OWI_INPUT,
                            "function \"%s\": output \"%s\" is not defined", name,
                            owi_shown(builder->arena, function->output[i]));
        }
    }
    return OWI_OK;
}

owi_status owi_check_call(const owi_builder *builder, const owi_scope *scope,
                          const Onnx__NodeProto *node, const Onnx__FunctionProto *function) {
    bool inputs = node->n_input > function->n_input;
    return inputs || node->n_output > function->n_output
               ? owi_fail(builder->error, OWI_INPUT,
                          "%s: a call of function \"%s\" has %zu %s, but the function %zu",
                          scope->path, owi_shown(builder->arena, function->name),
                          inputs ? node->n_input : node->n_output, inputs ? "inputs" : "outputs",
                          inputs ? function->n_input : function->n_output)
               : OWI_OK;
}

// ---- initializers

// Whether nothing will use the initializer: a shape goes out of use with the node that made a
// weight of it.
static bool is_unused(const owi_value *value) {
    for (size_t i = 0; i < value->uses.count; i++) {
        if (value->uses.items[i].node->op->id != OWI_OP_ConstantOfShape) {
            return false;
        }
    }
    return true;
}

owi_status owi_check_listed(const owi_builder *builder, const owi_scope *scope,
                            const Onnx__GraphProto *graph) {
    enum { FREE = 4 }; // the first IR version whose initializers need not be inputs
    for (size_t i = 0; builder->model->proto->ir_version < FREE && i < graph->n_initializer; i++) {
        const owi_value *value = owi_strmap_get(&scope->names, graph->initializer[i]->name);
        if (!value->tensor->also_input && is_unused(value)) {
            return owi_fail(builder->error, OWI_INPUT,
                            "%s: initializer \"%s\" is no input of the graph, which IR version "
                            "%" PRId64 " asks for",
                            scope->path, owi_shown(builder->arena, value->name),
                            builder->model->proto->ir_version);
        }
    }
    return OWI_OK;
}
