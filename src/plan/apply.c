// apply.c: the pipeline behind owi_plan_apply: what each target means for the file, then write.
#include "base/pool.h"
#include "fill/cpu.h"
#include "model/guard.h"
#include "model/save.h"
#include "plan/digest.h"
#include "plan/plan.h"

#include <string.h>

typedef struct writer {
    const owi_plan *plan;
    owi_model *model;
    owi_splice *splice;
    owi_error *error;
} writer;

static uint64_t bytes_of(const owi_tensor *tensor) {
    return tensor->elements * owi_dtype_size(tensor->dtype);
}

// IR 3 and older ask for every initializer to be an input too (ONNX, IR.md).
static bool lists_initializers(const owi_model *model) {
    return model->proto->ir_version <= 3;
}

static void list_input(writer *at, const owi_tensor *tensor) {
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

static void become_initializer(writer *at, const owi_tensor *tensor, size_t number) {
    const owi_record *graph = owi_record_of(at->model, tensor->graph);
    owi_splice_add_initializer(at->splice, graph, tensor->name, tensor->dtype, tensor->dims,
                               tensor->rank, bytes_of(tensor), number);
    if (tensor->carrier != OWI_CARRIER_INPUT || !lists_initializers(at->model)) {
        owi_splice_remove(at->splice, owi_record_of(at->model, tensor->message));
    }
    if (tensor->carrier != OWI_CARRIER_INPUT && lists_initializers(at->model)) {
        list_input(at, tensor);
    }
}

// A copy takes over its uses: an Identity gives way to it, other nodes get its name.
static owi_status become_copy(writer *at, const owi_tensor *tensor, size_t number) {
    const owi_record *graph = owi_record_of(at->model, tensor->graph);
    owi_splice_add_initializer(at->splice, graph, tensor->name, tensor->dtype, tensor->dims,
                               tensor->rank, bytes_of(tensor), number);
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
                                        at->error));
    }
    return OWI_OK;
}

static owi_status edit(writer *at, const owi_target *target, size_t number) {
    const owi_tensor *tensor = target->tensor;
    bool in_main = strcmp(tensor->scope, "main") == 0;
    if (tensor->carrier == OWI_CARRIER_COPY) {
        return become_copy(at, tensor, number);
    }
    if (tensor->carrier == OWI_CARRIER_INITIALIZER ||
        (tensor->carrier == OWI_CARRIER_CONSTANT && !in_main)) {
        owi_splice_fill(at->splice, owi_record_of(at->model, &tensor->proto->base),
                        bytes_of(tensor), number);
    } else {
        become_initializer(at, tensor, number);
    }
    return OWI_OK;
}

// A model with a tensor that nothing can fill is not ready for anything.
static owi_status check_complete(const writer *at) {
    for (size_t i = 0; i < at->plan->count; i++) {
        const owi_row *row = &at->plan->rows[i];
        const owi_tensor *tensor = at->plan->targets[i].tensor;
        if (!row->fill && !at->plan->targets[i].kept_by_user &&
            tensor->carrier == OWI_CARRIER_INITIALIZER && !tensor->has_data &&
            tensor->elements > 0) {
            return owi_fail(at->error, OWI_UNSUPPORTED,
                            "%s: initializer \"%s\" (%s): it has no data, and its role is %s "
                            "(%s); --keep leaves it as it is",
                            at->model->source.path, owi_shown(&at->model->arena, row->name),
                            row->graph, row->role, row->reason);
        }
    }
    return OWI_OK;
}

static void make_range(void *context, size_t number, uint64_t offset, uint64_t length,
                       void *bytes) {
    const owi_filler *filler = &((const owi_plan *)context)->targets[number].filler;
    size_t size = owi_dtype_size(filler->dtype);
    owi_fill_range(filler, offset / size, length / size, bytes);
}

static bool is_whole(void *context, size_t number) {
    return owi_fill_is_whole(&((const owi_plan *)context)->targets[number].filler);
}

static owi_status make_whole(void *context, size_t number, unsigned threads, void *bytes,
                             owi_error *error) {
    return owi_fill_whole(&((const owi_plan *)context)->targets[number].filler, threads, bytes,
                          error);
}

// Replaces what an earlier run said of itself.
static void leave_provenance(writer *at) {
    owi_arena *arena = &at->model->arena;
    char digest[OWI_DIGEST_LENGTH + 1];
    owi_plan_digest(at->plan, digest);
    owi_provenance provenance = {.options = at->plan->options, .digest = digest};
    for (size_t i = 0; i < at->plan->count; i++) {
        if (at->plan->rows[i].fill) {
            const owi_tensor *tensor = at->plan->targets[i].tensor;
            *owi_push(arena, &provenance.filled) = (owi_filled){tensor->scope, tensor->name};
        }
    }
    const Onnx__ModelProto *old = at->model->proto;
    for (size_t i = 0; i < old->n_metadata_props; i++) {
        const Onnx__StringStringEntryProto *entry = old->metadata_props[i];
        if (entry->key && strcmp(entry->key, OWI_PROVENANCE_KEY) == 0) {
            owi_splice_remove(at->splice, owi_record_of(at->model, &entry->base));
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
    owi_splice_append(at->splice, &at->model->scan.records[0], bytes, length);
}

static owi_status lay_out(writer *at, owi_layout *layout) {
    OWI_TRY(check_complete(at));
    at->splice = owi_splice_new(at->model);
    for (size_t i = 0; i < at->plan->count; i++) {
        if (at->plan->rows[i].fill) {
            OWI_TRY(edit(at, &at->plan->targets[i], i));
        }
    }
    if (at->plan->summary.filled) {
        leave_provenance(at);
    }
    return owi_splice_layout(at->splice, layout, at->error);
}

static owi_status guarded_lay_out(writer *at, owi_layout *layout) {
    OWI_GUARD(&at->model->arena, at->error);
    owi_status status = lay_out(at, layout);
    OWI_UNGUARD(&at->model->arena);
    return status;
}

owi_status owi_plan_apply(const owi_plan *plan, const char *path, const owi_write_options *options,
                          owi_error *error) {
    static const owi_write_options defaults = OWI_WRITE_INIT;
    const owi_write_options *chosen = options ? options : &defaults;
    writer at = {plan, plan->model, NULL, error};
    owi_layout layout;
    OWI_TRY(owi_cpu_choose(chosen->cpu, error));
    OWI_TRY(guarded_lay_out(&at, &layout));
    owi_generator generator = {(void *)plan, make_range, is_whole, make_whole};
    owi_save_options how = {path, chosen->flags,
                            chosen->threads ? chosen->threads : owi_processors()};
    return owi_save(plan->model, &layout, &generator, &how, error);
}
