// tensors.c: whatever in a file carries a tensor (DESIGN §3).
#include "graph/build.h"
#include "model/provenance.h"

static void set_dims(owi_value *value, owi_dtype dtype, size_t rank, const int64_t *dims) {
    value->dtype = dtype;
    value->ranked = true;
    value->rank = rank;
    value->dims = dims;
}

static bool is_ours(owi_builder *builder, const owi_scope *scope, const owi_value *value) {
    return owi_provenance_names(builder->provenance, builder->arena, scope->path, value->name);
}

// Reals that are read from the start: scalars everywhere, and the scale and shift of norms without
// learned ones, which exporters write as Constant nodes.
enum { FEW = 16, MANY = 4096 };

// Small contents are known from the start: shapes, axes, scalars.
static const owi_known *known_of(owi_builder *builder, const Onnx__TensorProto *proto,
                                 size_t most_reals) {
    uint64_t count = owi_tensor_elements(proto);
    bool real = owi_dtype_trainable((owi_dtype)proto->data_type);
    size_t most = real ? most_reals : OWI_KNOWN_COUNT;
    if (count > most || !owi_tensor_has_data(builder->model, proto)) {
        return NULL;
    }
    owi_spend(builder->arena, OWI_COST_READ + 2 * count);
    owi_known *known = owi_new(builder->arena, owi_known, 1);
    known->count = (size_t)count;
    if (real) {
        double *reals = owi_new(builder->arena, double, known->count);
        known->reals = reals;
        return owi_tensor_read(builder->model, proto, 0, count, reals) ? known : NULL;
    }
    int64_t *integers = owi_new(builder->arena, int64_t, known->count);
    known->integers = integers;
    return owi_tensor_read_integers(builder->model, proto, 0, count, integers) ? known : NULL;
}

// Whether a tensor may have these dims; the scan has looked at those of TensorProtos.
static bool is_possible(size_t rank, const int64_t *dims) {
    int64_t elements = 1;
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] < 0 || dims[i] > OWI_LIMIT_ELEMENTS ||
            (dims[i] && __builtin_mul_overflow(elements, dims[i], &elements)) ||
            elements > OWI_LIMIT_ELEMENTS) {
            return false;
        }
    }
    return rank <= OWI_LIMIT_RANK;
}

static uint64_t elements_of(size_t rank, const int64_t *dims) {
    uint64_t elements = 1;
    for (size_t i = 0; i < rank; i++) {
        elements *= (uint64_t)dims[i];
    }
    return elements;
}

static owi_tensor *add_tensor(owi_builder *builder, const owi_scope *scope, owi_carrier carrier,
                              const ProtobufCMessage *message, owi_value *value) {
    owi_tensor *tensor = owi_new(builder->arena, owi_tensor, 1);
    tensor->carrier = carrier;
    tensor->name = value->name;
    tensor->scope = scope->path;
    tensor->ours = is_ours(builder, scope, value);
    tensor->message = message;
    tensor->dtype = value->dtype;
    tensor->rank = value->rank;
    tensor->dims = value->dims;
    tensor->elements = elements_of(value->rank, value->dims);
    *owi_push(builder->arena, &builder->graph->tensors) = tensor;
    return tensor;
}

static void attach(owi_builder *builder, owi_tensor *tensor, owi_value *value) {
    if (tensor->value_count == tensor->value_capacity) {
        tensor->values =
            owi_arena_grow(builder->arena, tensor->values, tensor->value_count,
                           &tensor->value_capacity, tensor->value_count + 1, sizeof(owi_value *));
    }
    tensor->values[tensor->value_count++] = value;
    value->tensor = tensor;
}

// A tensor of a function's body is one tensor however often the function is called.
static owi_tensor *tensor_for(owi_builder *builder, const owi_scope *scope, owi_carrier carrier,
                              const ProtobufCMessage *message, owi_value *value) {
    const owi_record *record = owi_record_of(builder->model, message);
    owi_tensor **shared = record ? &builder->shared[record - builder->model->scan.records] : NULL;
    owi_tensor *tensor = shared && *shared && scope->call
                             ? *shared
                             : add_tensor(builder, scope, carrier, message, value);
    if (shared) {
        *shared = tensor;
    }
    attach(builder, tensor, value);
    return tensor;
}

void owi_build_initializer(owi_builder *builder, const owi_scope *scope,
                           const Onnx__GraphProto *graph, const Onnx__TensorProto *proto,
                           owi_value *value) {
    set_dims(value, (owi_dtype)proto->data_type, proto->n_dims, proto->dims);
    value->known = is_ours(builder, scope, value) ? NULL : known_of(builder, proto, FEW);
    owi_tensor *tensor = tensor_for(builder, scope, OWI_CARRIER_INITIALIZER, &proto->base, value);
    tensor->proto = proto;
    tensor->graph = &graph->base;
    tensor->has_data = owi_tensor_has_data(builder->model, proto);
}

owi_status owi_build_sparse(owi_builder *builder, const owi_scope *scope,
                            const Onnx__GraphProto *graph, const Onnx__SparseTensorProto *proto,
                            owi_value *value) {
    owi_dtype dtype = (owi_dtype)proto->values->data_type;
    uint64_t bytes = 0;
    bool possible = is_possible(proto->n_dims, proto->dims);
    if (possible) {
        owi_dtype_bytes(dtype, elements_of(proto->n_dims, proto->dims), &bytes);
    }
    if (!possible || bytes > OWI_LIMIT_MESSAGE) { // runtimes make a dense tensor of it
        return owi_fail(builder->error, OWI_INPUT, "%s: sparse initializer \"%s\": %s", scope->path,
                        owi_shown(builder->arena, value->name),
                        possible ? "it would pass 2 GiB when dense" : "no tensor has such dims");
    }
    set_dims(value, dtype, proto->n_dims, proto->dims);
    owi_tensor *tensor = tensor_for(builder, scope, OWI_CARRIER_SPARSE, &proto->base, value);
    tensor->graph = &graph->base;
    tensor->has_data = true;
    return OWI_OK;
}

void owi_build_declared(owi_builder *builder, const Onnx__ValueInfoProto *info, owi_value *value) {
    if (!info->type || info->type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE) {
        return; // a sequence, a map, an optional value
    }
    value->dtype = (owi_dtype)info->type->tensor_type->elem_type;
    const Onnx__TensorShapeProto *shape = info->type->tensor_type->shape;
    if (!shape || shape->n_dim > OWI_LIMIT_RANK) {
        return;
    }
    int64_t *dims = owi_new(builder->arena, int64_t, shape->n_dim);
    for (size_t i = 0; i < shape->n_dim; i++) {
        const Onnx__TensorShapeProto__Dimension *dim = shape->dim[i];
        dims[i] = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
                          dim->dim_value >= 0 && dim->dim_value <= OWI_LIMIT_ELEMENTS
                      ? dim->dim_value
                      : OWI_UNKNOWN;
    }
    set_dims(value, value->dtype, shape->n_dim, dims);
}

void owi_build_type(owi_builder *builder, const owi_scope *scope, owi_value *value) {
    const Onnx__ValueInfoProto *info = owi_strmap_get(&scope->types, value->name);
    if (info && !value->ranked) {
        owi_build_declared(builder, info, value);
    }
}

void owi_build_input(owi_builder *builder, const owi_scope *scope, const Onnx__GraphProto *graph,
                     const Onnx__ValueInfoProto *proto, owi_value *value) {
    value->is_input = true;
    owi_build_declared(builder, proto, value);
    *owi_push(builder->arena, &builder->graph->inputs) = value;
    if (value->ranked && is_possible(value->rank, value->dims) &&
        owi_dtype_trainable(value->dtype)) {
        owi_tensor *tensor = tensor_for(builder, scope, OWI_CARRIER_INPUT, &proto->base, value);
        tensor->graph = &graph->base;
    }
}

static owi_status add_constant(owi_builder *builder, const owi_scope *scope, owi_node *node,
                               owi_value *value) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, "value");
    if (node->proto->n_attribute == 0) {
        return owi_fail(builder->error, OWI_INPUT, "%s: the Constant \"%s\" has no value",
                        scope->path, owi_shown(builder->arena, value->name));
    }
    if (!attribute || !attribute->t) {
        return OWI_OK; // value_float, value_ints and the like are settings, not tensors
    }
    set_dims(value, (owi_dtype)attribute->t->data_type, attribute->t->n_dims, attribute->t->dims);
    value->known = is_ours(builder, scope, value) ? NULL : known_of(builder, attribute->t, MANY);
    owi_tensor *tensor =
        tensor_for(builder, scope, OWI_CARRIER_CONSTANT, &node->proto->base, value);
    tensor->proto = attribute->t;
    tensor->graph = &builder->model->proto->graph->base;
    tensor->has_data = owi_tensor_has_data(builder->model, attribute->t);
    return OWI_OK;
}

owi_status owi_build_generated(owi_builder *builder, const owi_scope *scope, owi_node *node) {
    owi_value *value = node->output_count ? node->outputs[0] : NULL;
    if (!value) {
        return OWI_OK;
    }
    size_t rank = 0;
    const int64_t *dims = NULL;
    owi_carrier carrier = OWI_CARRIER_RANDOM;
    switch (node->op->id) {
    case OWI_OP_Constant: return add_constant(builder, scope, node, value);
    case OWI_OP_ConstantOfShape: {
        const Onnx__AttributeProto *fill = owi_attribute(node, "value");
        value->dtype = fill && fill->t ? (owi_dtype)fill->t->data_type : OWI_DTYPE_FLOAT;
        dims = owi_known_integers(owi_input(node, 0), &rank);
        carrier = OWI_CARRIER_CONSTANT_OF_SHAPE;
        break;
    }
    case OWI_OP_RandomNormal:
    case OWI_OP_RandomUniform:
        value->dtype = (owi_dtype)owi_attribute_integer(node, "dtype", OWI_DTYPE_FLOAT);
        dims = owi_attribute_integers(node, "shape", &rank);
        break;
    default: return OWI_OK;
    }
    if (dims && is_possible(rank, dims) && owi_dtype_trainable(value->dtype)) {
        set_dims(value, value->dtype, rank, dims);
        owi_tensor *tensor = tensor_for(builder, scope, carrier, &node->proto->base, value);
        tensor->graph = &builder->model->proto->graph->base;
        tensor->has_data = true;
    }
    return OWI_OK;
}
