#include "model/model.h"

#include "model/wire.h"

// protobuf-c frees piece by piece what the arena releases at once.
static void *arena_alloc(void *arena, size_t size) {
    return owi_arena_alloc(arena, size);
}

static void arena_free(void *arena, void *pointer) {
    (void)arena;
    (void)pointer;
}

// What a file of this size may take: one of 1 MB ends within a second and 256 MB, whatever is in
// it. A cap that is set already and tighter stays.
static void set_caps(owi_arena *arena, uint64_t size) {
    uint64_t memory = ((uint64_t)OWI_LIMIT_MEMORY << 20) + OWI_LIMIT_MEMORY_PER_BYTE * size;
    uint64_t most = (uint64_t)OWI_LIMIT_MEMORY_MOST << 20;
    memory = memory < most ? memory : most;
    if (!arena->limit || memory < arena->limit) {
        arena->limit = (size_t)memory;
    }
    arena->step_limit = OWI_LIMIT_STEPS + OWI_LIMIT_STEPS_PER_BYTE * size;
}

static owi_status load_source(owi_model *model, owi_error *error) {
    model->arena.subject = model->source.path;
    set_caps(&model->arena, model->source.size);
    OWI_TRY(owi_scan_source(&model->source, &model->arena, &model->scan, error));
    ProtobufCAllocator allocator = {arena_alloc, arena_free, &model->arena};
    model->proto =
        onnx__model_proto__unpack(&allocator, model->scan.skeleton_length, model->scan.skeleton);
    if (!model->proto || !model->proto->graph) {
        return owi_fail(error, OWI_INPUT, "%s: damaged or not an ONNX model", model->source.path);
    }
    return OWI_OK;
}

owi_status owi_load(owi_model *model, const char *path, owi_error *error) {
    OWI_TRY(owi_source_open(&model->source, path, &model->arena, error));
    return load_source(model, error);
}

owi_status owi_load_memory(owi_model *model, const void *bytes, size_t length, owi_error *error) {
    OWI_TRY(owi_source_open_memory(&model->source, bytes, length, &model->arena, error));
    return load_source(model, error);
}

owi_status owi_load_from(owi_model *model, int file, const char *name, owi_error *error) {
    OWI_TRY(owi_source_take(&model->source, file, name, &model->arena, error));
    return load_source(model, error);
}

void owi_unload(owi_model *model) {
    owi_source_close(&model->source);
    owi_arena_free(&model->arena);
}

const owi_record *owi_record_of(const owi_model *model, const ProtobufCMessage *message) {
    for (unsigned i = 0; i < message->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &message->unknown_fields[i];
        uint64_t index;
        if (field->tag == OWI_RECORD_FIELD && owi_varint_read(field->data, field->len, &index)) {
            return index < model->scan.record_count ? &model->scan.records[index] : NULL;
        }
    }
    return NULL;
}
