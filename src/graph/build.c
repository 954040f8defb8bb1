// build.c: from the protobuf structs to values and nodes, bodies and calls expanded in place.
#include "graph/build.h"

#include "graph/check.h"
#include "model/provenance.h"

#include <string.h>

static owi_status add_graph(owi_builder *builder, owi_scope *scope, const Onnx__GraphProto *proto);

owi_value *owi_build_value(owi_builder *builder, const char *name) {
    owi_spend(builder->arena, OWI_COST_VALUE);
    owi_value *value = owi_new(builder->arena, owi_value, 1);
    value->name = name;
    value->index = builder->graph->values.count;
    *owi_push(builder->arena, &builder->graph->values) = value;
    return value;
}

// Makes a name known in a scope; a second definition breaks the single assignment ONNX asks for.
static owi_status define(owi_builder *builder, owi_scope *scope, const char *name,
                         owi_value *value) {
    if (owi_strmap_put(builder->arena, &scope->names, name, value)) {
        return owi_fail(builder->error, OWI_INPUT, "%s: value \"%s\" is defined twice", scope->path,
                        owi_shown(builder->arena, name));
    }
    return OWI_OK;
}

static owi_value *look_up(const owi_scope *scope, const char *name) {
    for (; scope; scope = scope->outer) {
        owi_value *value = owi_strmap_get(&scope->names, name);
        if (value) {
            return value;
        }
    }
    return NULL;
}

static owi_node *new_node(owi_builder *builder, const owi_scope *scope, const owi_op *op,
                          size_t inputs, size_t outputs) {
    owi_node *node = owi_new(builder->arena, owi_node, 1);
    node->op = op;
    node->scope = scope->path;
    node->call = scope->call;
    node->inputs = owi_new(builder->arena, owi_value *, inputs);
    node->input_count = inputs;
    node->outputs = owi_new(builder->arena, owi_value *, outputs ? outputs : 1);
    node->output_count = outputs;
    return node;
}

// Appends a node whose inputs and outputs are set: uses, producers, shapes, known contents.
static void finish_node(owi_builder *builder, owi_node *node) {
    owi_graph *graph = builder->graph;
    owi_spend(builder->arena, OWI_COST_NODE + node->input_count);
    node->index = graph->nodes.count;
    *owi_push(builder->arena, &graph->nodes) = node;
    for (size_t i = 0; i < node->input_count; i++) {
        if (node->inputs[i]) {
            *owi_push(builder->arena, &node->inputs[i]->uses) = (owi_use){node, i};
        }
    }
    for (size_t i = 0; i < node->output_count; i++) {
        owi_value *output = node->outputs[i];
        if (output && !output->producer) {
            output->producer = node;
            output->output = i;
        }
    }
    owi_shape_infer(graph, node);
    owi_known_compute(graph, node);
}

// Joins a value of a body to one of the node around it, in the direction of the data.
static void join(owi_builder *builder, const owi_scope *scope, owi_op_id op, owi_value *from,
                 owi_value *to) {
    owi_node *node = new_node(builder, scope, owi_op_row(op), 1, 1);
    node->inputs[0] = from;
    node->outputs[0] = to;
    finish_node(builder, node);
}

static int64_t opset_of(const owi_builder *builder, const owi_scope *scope, const char *domain) {
    size_t count = builder->model->proto->n_opset_import;
    Onnx__OperatorSetIdProto **imports = builder->model->proto->opset_import;
    if (scope->call) {
        count = scope->call->function->n_opset_import;
        imports = scope->call->function->opset_import;
    }
    owi_spend(builder->arena, count);
    for (size_t i = 0; i < count; i++) {
        const char *imported = imports[i]->domain ? imports[i]->domain : "";
        if (strcmp(imported, domain ? domain : "") == 0) {
            return imports[i]->version;
        }
    }
    return 1;
}

static char *function_key(owi_arena *arena, const char *domain, const char *name,
                          const char *overload) {
    return owi_arena_printf(arena, "%s:%s:%s", domain ? domain : "", name ? name : "",
                            overload ? overload : "");
}

// The local function that a node calls, or NULL.
static const Onnx__FunctionProto *called(const owi_builder *builder, const Onnx__NodeProto *node) {
    return builder->functions.count
               ? owi_strmap_get(&builder->functions, function_key(builder->arena, node->domain,
                                                                  node->op_type, node->overload))
               : NULL;
}

// The row of a node's op. The search is linear, so each name is looked for once.
static const owi_op *op_of(owi_builder *builder, const Onnx__NodeProto *node) {
    const char *name = node->op_type ? node->op_type : "";
    if (node->domain && *node->domain) {
        return owi_op_find(node->domain, name);
    }
    owi_op *known = owi_strmap_get(&builder->ops, name);
    if (!known) {
        known = (owi_op *)owi_op_find("", name);
        owi_strmap_put(builder->arena, &builder->ops, name, known);
    }
    return known;
}

// The body of a local function, indexed for this call: arguments and results are the caller's own
// values under the function's names.
static owi_status add_call(owi_builder *builder, const owi_scope *scope, owi_node *node,
                           const Onnx__FunctionProto *function) {
    if (scope->depth >= OWI_LIMIT_CALLS) {
        return owi_fail(builder->error, OWI_INPUT, "function \"%s\": calls nested deeper than %d",
                        owi_shown(builder->arena, function->name), OWI_LIMIT_CALLS);
    }
    owi_spend(builder->arena, OWI_COST_VALUE * (function->n_input + function->n_output));
    owi_call *call = owi_new(builder->arena, owi_call, 1);
    *call = (owi_call){node, function};
    owi_scope body = {.call = call, .depth = scope->depth + 1};
    body.path =
        owi_arena_printf(builder->arena, "%s:%s",
                         owi_shown(builder->arena, function->domain ? function->domain : ""),
                         owi_shown(builder->arena, function->name));
    body.results = owi_new(builder->arena, owi_strmap, 1);
    for (size_t i = 0; i < function->n_input; i++) {
        owi_value *argument = i < node->input_count ? node->inputs[i] : NULL;
        if (!argument) {
            argument = owi_build_value(builder, function->input[i]);
        }
        OWI_TRY(define(builder, &body, function->input[i], argument));
    }
    for (size_t i = 0; i < function->n_output && i < node->output_count; i++) {
        if (node->outputs[i]) {
            owi_strmap_put(builder->arena, body.results, function->output[i], node->outputs[i]);
        }
    }
    for (size_t i = 0; i < function->n_node; i++) {
        OWI_TRY(owi_build_node(builder, &body, function->node[i]));
    }
    for (size_t i = 0; i < function->n_output && i < node->output_count; i++) {
        owi_value *result = owi_strmap_get(&body.names, function->output[i]);
        if (node->outputs[i] && result != node->outputs[i]) {
            join(builder, &body, OWI_OP_Link, result,
                 node->outputs[i]); // an argument handed through
        }
    }
    return OWI_OK;
}

static bool hands_through(const Onnx__GraphProto *body, const char *input, const char *output) {
    for (size_t i = 0; i < body->n_node; i++) {
        const Onnx__NodeProto *node = body->node[i];
        if (node->n_output == 1 && strcmp(node->output[0], output) == 0) {
            return node->n_input == 1 && strcmp(node->input[0], input) == 0 &&
                   owi_op_find(node->domain, node->op_type ? node->op_type : "")->id ==
                       OWI_OP_Identity;
        }
    }
    return strcmp(input, output) == 0;
}

// How an input of a body is joined to the node around it. What an iteration makes anew is a state:
// what it starts with is not what the body sees later on. OWI_OP_UNKNOWN: it is not joined.
static owi_op_id joint(const owi_node *node, const Onnx__GraphProto *body, size_t input) {
    size_t output = node->op->id == OWI_OP_Loop ? input - 1 : input;
    int64_t scanned = owi_attribute_integer(node, "num_scan_inputs", 0);
    bool is_state = input < body->n_input && (int64_t)(body->n_input - input) > scanned;
    if (node->op->id != OWI_OP_Scan && (node->op->id != OWI_OP_Loop || input < 2)) {
        return OWI_OP_UNKNOWN;
    }
    return is_state && output < body->n_output &&
                   !hands_through(body, body->input[input]->name, body->output[output]->name)
               ? OWI_OP_State
               : OWI_OP_Link;
}

// A body of If, Loop or Scan. Loop hands its inputs to the body's from the second on; Scan all.
static owi_status add_body(owi_builder *builder, owi_scope *outer, owi_node *node,
                           const Onnx__AttributeProto *attribute) {
    const Onnx__GraphProto *proto = attribute->g;
    owi_scope body = {.outer = outer, .call = outer->call, .depth = outer->depth + 1};
    const char *label = node->proto->name && *node->proto->name ? node->proto->name
                        : *node->outputs[0]->name               ? node->outputs[0]->name
                                                                : node->op->name;
    body.path =
        owi_arena_printf(builder->arena, "%s/%s.%s", outer->path, owi_shown(builder->arena, label),
                         owi_shown(builder->arena, attribute->name));
    for (size_t i = 0; i < proto->n_input; i++) {
        owi_value *named = look_up(outer, proto->input[i]->name);
        if (node->op->id == OWI_OP_If && named) { // a branch has no inputs; some list captures so
            OWI_TRY(define(builder, &body, proto->input[i]->name, named));
            continue;
        }
        owi_value *value = owi_build_value(builder, proto->input[i]->name);
        OWI_TRY(define(builder, &body, value->name, value));
        owi_build_declared(builder, proto->input[i], value);
        owi_op_id op = joint(node, proto, i);
        if (op != OWI_OP_UNKNOWN && i < node->input_count && node->inputs[i]) {
            join(builder, &body, op, node->inputs[i], value);
        }
    }
    OWI_TRY(add_graph(builder, &body, proto));
    size_t skipped = node->op->id == OWI_OP_Loop ? 1 : 0; // the loop's condition
    for (size_t i = 0; i < proto->n_output; i++) {
        owi_value *result = look_up(&body, proto->output[i]->name);
        if (!result) {
            return owi_fail(builder->error, OWI_INPUT, "%s: output \"%s\" is not defined",
                            body.path, owi_shown(builder->arena, proto->output[i]->name));
        }
        if (i >= skipped && i - skipped < node->output_count && node->outputs[i - skipped]) {
            join(builder, &body, OWI_OP_Link, result, node->outputs[i - skipped]);
        }
    }
    return OWI_OK;
}

owi_status owi_build_node(owi_builder *builder, owi_scope *scope, const Onnx__NodeProto *proto) {
    OWI_TRY(owi_check_node(builder, scope, proto));
    owi_node *node =
        new_node(builder, scope, op_of(builder, proto), proto->n_input, proto->n_output);
    node->proto = proto;
    node->opset = opset_of(builder, scope, proto->domain);
    owi_spend(builder->arena, proto->n_attribute);
    for (size_t i = 0; i < proto->n_input; i++) {
        if (!*proto->input[i]) {
            continue;
        }
        node->inputs[i] = look_up(scope, proto->input[i]);
        if (!node->inputs[i]) {
            return owi_fail(builder->error, OWI_INPUT,
                            "%s: node \"%s\" (%s) uses \"%s\", which nothing before it defines",
                            scope->path, owi_shown(builder->arena, proto->name ? proto->name : ""),
                            owi_shown(builder->arena, proto->op_type ? proto->op_type : ""),
                            owi_shown(builder->arena, proto->input[i]));
        }
    }
    for (size_t i = 0; i < proto->n_output; i++) {
        if (*proto->output[i]) {
            owi_value *result =
                scope->results ? owi_strmap_get(scope->results, proto->output[i]) : NULL;
            node->outputs[i] = result ? result : owi_build_value(builder, proto->output[i]);
            owi_build_type(builder, scope, node->outputs[i]);
        }
    }
    if (!node->outputs[0]) { // nothing that comes later has to ask whether it is there
        node->outputs[0] = owi_build_value(builder, "");
    }
    const Onnx__FunctionProto *function = called(builder, proto);
    if (function) {
        OWI_TRY(owi_check_call(builder, scope, proto, function));
        OWI_TRY(add_call(builder, scope, node, function));
    } else {
        finish_node(builder, node);
        OWI_TRY(owi_build_generated(builder, scope, node));
        for (size_t i = 0; i < proto->n_attribute; i++) {
            if (proto->attribute[i]->g) {
                OWI_TRY(add_body(builder, scope, node, proto->attribute[i]));
            }
        }
    }
    for (size_t i = 0; i < proto->n_output; i++) {
        if (*proto->output[i]) {
            OWI_TRY(define(builder, scope, proto->output[i], node->outputs[i]));
        }
    }
    return OWI_OK;
}

// The initializers and nodes of a graph; a body's inputs are defined already.
static owi_status add_graph(owi_builder *builder, owi_scope *scope, const Onnx__GraphProto *proto) {
    for (size_t i = 0; i < proto->n_value_info; i++) {
        owi_strmap_put(builder->arena, &scope->types, proto->value_info[i]->name,
                       proto->value_info[i]);
    }
    for (size_t i = 0; i < proto->n_initializer; i++) {
        owi_value *value = owi_strmap_get(&scope->names, proto->initializer[i]->name);
        if (!value) { // else the default of a body's input
            value = owi_build_value(builder, proto->initializer[i]->name);
            OWI_TRY(define(builder, scope, value->name, value));
        }
        owi_build_initializer(builder, scope, proto, proto->initializer[i], value);
    }
    for (size_t i = 0; i < proto->n_sparse_initializer; i++) {
        const Onnx__SparseTensorProto *sparse = proto->sparse_initializer[i];
        owi_value *value = owi_build_value(builder, sparse->values->name);
        OWI_TRY(define(builder, scope, value->name, value));
        OWI_TRY(owi_build_sparse(builder, scope, proto, sparse, value));
    }
    if (!scope->outer) {
        for (size_t i = 0; i < proto->n_input; i++) {
            owi_value *value = owi_strmap_get(&scope->names, proto->input[i]->name);
            if (value && value->tensor && value->tensor->carrier != OWI_CARRIER_INPUT) {
                value->tensor->also_input = true;
                continue;
            }
            value = owi_build_value(builder, proto->input[i]->name);
            OWI_TRY(define(builder, scope, value->name, value));
            owi_build_input(builder, scope, proto, proto->input[i], value);
        }
    }
    for (size_t i = 0; i < proto->n_node; i++) {
        OWI_TRY(owi_build_node(builder, scope, proto->node[i]));
    }
    return scope->outer ? OWI_OK : owi_check_listed(builder, scope, proto);
}

owi_status owi_graph_build(owi_model *model, owi_error *error) {
    owi_arena *arena = &model->arena;
    owi_builder builder = {.arena = arena, .model = model, .error = error};
    builder.graph = model->graph = owi_new(arena, owi_graph, 1);
    builder.graph->model = model;
    builder.provenance = model->provenance = owi_provenance_read(model);
    builder.shared = owi_new(arena, owi_tensor *, model->scan.record_count);
    for (size_t i = 0; i < model->proto->n_functions; i++) {
        Onnx__FunctionProto *function = model->proto->functions[i];
        OWI_TRY(owi_check_function(&builder, function));
        const char *key = function_key(arena, function->domain, function->name, function->overload);
        if (owi_strmap_put(arena, &builder.functions, key, function)) {
            return owi_fail(error, OWI_INPUT, "function \"%s\" is defined twice",
                            owi_shown(arena, function->name));
        }
    }
    owi_scope main_graph = {.path = "main"};
    OWI_TRY(add_graph(&builder, &main_graph, model->proto->graph));
    for (size_t i = 0; i < model->proto->graph->n_output; i++) {
        owi_value *value = owi_strmap_get(&main_graph.names, model->proto->graph->output[i]->name);
        if (!value) {
            return owi_fail(error, OWI_INPUT, "main: output \"%s\" is not defined",
                            owi_shown(arena, model->proto->graph->output[i]->name));
        }
        value->is_output = true;
    }
    owi_graph_mark_dependence(builder.graph, NULL);
    return OWI_OK;
}
