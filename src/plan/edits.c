#include "plan/edits.h"

#include "plan/digest.h"

#include <string.h>

typedef struct editor {
    owi_model *model;
    owi_splice *splice;
} editor;

// IR 3 and older ask for every initializer to be an input too (ONNX, IR.md).
static bool lists_initializers(const owi_model *model) {
    return model->proto->ir_version <= 3;
}

static void list_input(const editor *at, const owi_tensor *tensor) {
    owi_arena *arena = &at->model->arena;
    Onnx__TensorShapeProto shape = ONNX__TENSOR_SHAPE_PROTO__INIT;
    Onnx__TypeProto__Tensor type = ONNX__TYPE_PROTO__TENSOR__INIT;
    Onnx__TypeProto any = ONNX__TYPE_PROTO__INIT;
    Onnx__ValueInfoProto info = ONNX__VALUE_INFO_PROTO__INIT;
    shape.n_dim = tensor->rank;
    shape.dim = owi_new(arena, Onnx__TensorShapeProto__Dimension *, tensor->rank);
    for (size_t i = 0; i < tensor->rank; i++) {
        shape.dim[i] = owi_new(arena, Onnx__TensorShapeProto__Dimension, 1);
        onnx__tensor_shape_proto__dimension__init(shape.dim[i]);
        shape.dim[i]->value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE;
        shape.dim[i]->dim_value = tensor->dims[i];
    }
    type.has_elem_type = 1;
    type.elem_type = (int32_t)tensor->dtype;
    type.shape = &shape;
    any.value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
    any.tensor_type = &type;
    info.name = (char *)tensor->name;
    info.type = &any;
    Onnx__GraphProto graph = ONNX__GRAPH_PROTO__INIT; // its only field is the one wanted
    Onnx__ValueInfoProto *inputs[] = {&info};
    graph.n_input = 1;
    graph.input = inputs;
    size_t length = onnx__graph_proto__get_packed_size(&graph);
    uint8_t *bytes = owi_arena_alloc(arena, length);
    onnx__graph_proto__pack(&graph, bytes);
    owi_splice_append(at->splice, owi_record_of(at->model, tensor->graph), bytes, length);
}

static void become_initializer(const editor *at, const owi_tensor *tensor,
                               const owi_carriage *carriage) {
    const owi_record *graph = owi_record_of(at->model, tensor->graph);
    owi_splice_add_initializer(at->splice, graph, tensor->name, tensor->dtype, tensor->dims,
                               tensor->rank, carriage);
    if (tensor->carrier != OWI_CARRIER_INPUT || !lists_initializers(at->model)) {
        owi_splice_remove(at->splice, owi_record_of(at->model, tensor->message));
    }
    if (tensor->carrier != OWI_CARRIER_INPUT && lists_initializers(at->model)) {
        list_input(at, tensor);
    }
}

// A copy takes over its uses: an Identity gives way to it, other nodes get its name.
static owi_status become_copy(const editor *at, const owi_tensor *tensor,
                              const owi_carriage *carriage, owi_error *error) {
    const owi_record *graph = owi_record_of(at->model, tensor->graph);
    owi_splice_add_initializer(at->splice, graph, tensor->name, tensor->dtype, tensor->dims,
                               tensor->rank, carriage);
    if (lists_initializers(at->model)) {
        list_input(at, tensor);
    }
    for (size_t i = 0; i < tensor->use_count; i++) {
        const owi_node *node = tensor->uses[i].node;
        const owi_record *record = owi_record_of(at->model, &node->proto->base);
        if (i == 0 && node->op->id == OWI_OP_Identity) {
            owi_splice_remove(at->splice, record);
            continue;
        }
        OWI_TRY(owi_splice_rename_input(at->splice, record, tensor->uses[i].input, tensor->name,
                                        error));
    }
    return OWI_OK;
}

owi_status owi_edit_tensor(owi_splice *splice, owi_model *model, const owi_tensor *tensor,
                           const owi_carriage *carriage, owi_error *error) {
    editor at = {model, splice};
    if (tensor->carrier == OWI_CARRIER_COPY) {
        return become_copy(&at, tensor, carriage, error);
    }
    bool in_main = strcmp(tensor->scope, "main") == 0;
    if (tensor->carrier == OWI_CARRIER_INITIALIZER ||
        (tensor->carrier == OWI_CARRIER_CONSTANT && !in_main)) {
        owi_splice_carry(splice, owi_record_of(model, &tensor->proto->base), carriage);
    } else {
        become_initializer(&at, tensor, carriage);
    }
    return OWI_OK;
}

uint64_t owi_edit_bytes(const owi_tensor *tensor) {
    return tensor->elements * owi_dtype_size(tensor->dtype);
}

// Replaces what an earlier run said of itself.
void owi_edit_provenance(owi_splice *splice, const owi_plan *plan) {
    owi_arena *arena = &plan->model->arena;
    char digest[OWI_DIGEST_LENGTH + 1];
    owi_plan_digest(plan, digest);
    owi_provenance provenance = {.options = plan->options, .digest = digest};
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->rows[i].fill) {
            const owi_tensor *tensor = plan->targets[i].tensor;
            *owi_push(arena, &provenance.filled) = (owi_filled){tensor->scope, tensor->name};
        }
    }
    const Onnx__ModelProto *old = plan->model->proto;
    for (size_t i = 0; i < old->n_metadata_props; i++) {
        const Onnx__StringStringEntryProto *entry = old->metadata_props[i];
        if (entry->key && strcmp(entry->key, OWI_PROVENANCE_KEY) == 0) {
            owi_splice_remove(splice, owi_record_of(plan->model, &entry->base));
        }
    }
    Onnx__StringStringEntryProto entry = ONNX__STRING_STRING_ENTRY_PROTO__INIT;
    Onnx__StringStringEntryProto *entries[] = {&entry};
    Onnx__ModelProto model = ONNX__MODEL_PROTO__INIT; // its only field is the one wanted
    entry.key = (char *)OWI_PROVENANCE_KEY;
    entry.value = (char *)owi_provenance_text(arena, &provenance);
    model.n_metadata_props = 1;
    model.metadata_props = entries;
    size_t length = onnx__model_proto__get_packed_size(&model);
    uint8_t *bytes = owi_arena_alloc(arena, length);
    onnx__model_proto__pack(&model, bytes);
    owi_splice_append(splice, &plan->model->scan.records[0], bytes, length);
}
