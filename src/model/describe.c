#include "model/describe.h"

#include "model/guard.h"

static uint64_t count_nodes(const Onnx__GraphProto *graph) {
    uint64_t count = 0;
    if (!graph) {
        return 0;
    }
    for (size_t i = 0; i < graph->n_node; i++) {
        const Onnx__NodeProto *node = graph->node[i];
        count++;
        for (size_t j = 0; j < node->n_attribute; j++) {
            const Onnx__AttributeProto *attribute = node->attribute[j];
            count += count_nodes(attribute->g); // no deeper than OWI_LIMIT_DEPTH: scan saw to it
            for (size_t k = 0; k < attribute->n_graphs; k++) {
                count += count_nodes(attribute->graphs[k]);
            }
        }
    }
    return count;
}

static const char *producer(const Onnx__ModelProto *proto, owi_arena *arena) {
    const char *name = proto->producer_name ? proto->producer_name : "";
    const char *version = proto->producer_version ? proto->producer_version : "";
    return owi_arena_printf(arena, "%s%s%s", name, *name && *version ? " " : "", version);
}

owi_model_info owi_describe(const owi_model *model, owi_arena *arena) {
    const Onnx__ModelProto *proto = model->proto;
    owi_opset *opsets = owi_new(arena, owi_opset, proto->n_opset_import);
    for (size_t i = 0; i < proto->n_opset_import; i++) {
        const char *domain = proto->opset_import[i]->domain;
        opsets[i].domain = domain ? domain : "";
        opsets[i].version = proto->opset_import[i]->version;
    }
    return (owi_model_info){.file = model->source.path,
                            .ir_version = proto->ir_version,
                            .opsets = opsets,
                            .opset_count = proto->n_opset_import,
                            .producer = producer(proto, arena),
                            .nodes = count_nodes(proto->graph),
                            .bytes = model->source.size};
}

owi_status owi_model_describe(owi_model *model, owi_model_info *info, owi_error *error) {
    OWI_GUARD(&model->arena, error);
    *info = owi_describe(model, &model->arena);
    OWI_UNGUARD(&model->arena);
    return OWI_OK;
}
