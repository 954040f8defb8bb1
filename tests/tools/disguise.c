// disguise.c: copies of a model that look different and are for the same.
//
//     disguise rename IN OUT > NAMES    every value becomes t0, t1, ..., every node n0, n1, ...;
//                                       one line "old<tab>new" for each value
//     disguise train  IN OUT < ROLES    the tensors of the lines "name<tab>role" get values as
//                                       training might leave them: a spread and a mean of their
//                                       own, scales near 1, variances above 0
#include "base/dtype.h"
#include "base/strmap.h"
#include "fill/number.h"
#include "onnx.pb-c.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct disguise {
    owi_arena arena;
    owi_strmap names; // rename: old to new; train: name to role
    size_t values, nodes;
    uint64_t state; // of the noise
    void (*on_value)(struct disguise *at, char **name);
    void (*on_tensor)(struct disguise *at, Onnx__TensorProto *tensor, const char *name);
} disguise;

// ---- the walk: every place of a value's name, every tensor

static void visit_graph(disguise *at, Onnx__GraphProto *graph);

static void visit_names(disguise *at, char **names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        at->on_value(at, &names[i]);
    }
}

static void visit_nodes(disguise *at, Onnx__NodeProto **nodes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        Onnx__NodeProto *node = nodes[i];
        visit_names(at, node->input, node->n_input);
        visit_names(at, node->output, node->n_output);
        if (at->on_tensor == NULL) {
            node->name = owi_arena_printf(&at->arena, "n%zu", at->nodes++);
            node->n_metadata_props = 0;
        }
        for (size_t k = 0; k < node->n_attribute; k++) {
            Onnx__AttributeProto *attribute = node->attribute[k];
            if (attribute->g) {
                visit_graph(at, attribute->g);
            }
            if (attribute->t && at->on_tensor && node->n_output == 1) {
                at->on_tensor(at, attribute->t, node->output[0]);
            }
        }
    }
}

static void visit_infos(disguise *at, Onnx__ValueInfoProto **infos, size_t count) {
    for (size_t i = 0; i < count; i++) {
        at->on_value(at, &infos[i]->name);
    }
}

static void visit_graph(disguise *at, Onnx__GraphProto *graph) {
    for (size_t i = 0; i < graph->n_initializer; i++) {
        if (at->on_tensor) {
            at->on_tensor(at, graph->initializer[i], graph->initializer[i]->name);
        }
        at->on_value(at, &graph->initializer[i]->name);
    }
    for (size_t i = 0; i < graph->n_sparse_initializer; i++) {
        at->on_value(at, &graph->sparse_initializer[i]->values->name);
    }
    for (size_t i = 0; i < graph->n_quantization_annotation; i++) {
        at->on_value(at, &graph->quantization_annotation[i]->tensor_name);
    }
    visit_infos(at, graph->input, graph->n_input);
    visit_infos(at, graph->output, graph->n_output);
    visit_infos(at, graph->value_info, graph->n_value_info);
    visit_nodes(at, graph->node, graph->n_node);
}

static void visit_model(disguise *at, Onnx__ModelProto *model) {
    visit_graph(at, model->graph);
    for (size_t i = 0; i < model->n_functions; i++) {
        Onnx__FunctionProto *function = model->functions[i];
        visit_names(at, function->input, function->n_input);
        visit_names(at, function->output, function->n_output);
        visit_nodes(at, function->node, function->n_node);
    }
}

// ---- rename

static void rename_value(disguise *at, char **name) {
    if (!*name || !**name) {
        return;
    }
    char *renamed = owi_strmap_get(&at->names, *name);
    if (!renamed) {
        renamed = owi_arena_printf(&at->arena, "t%zu", at->values++);
        owi_strmap_put(&at->arena, &at->names, *name, renamed);
        printf("%s\t%s\n", *name, renamed);
    }
    *name = renamed;
}

// ---- train

static void keep_name(disguise *at, char **name) {
    (void)at;
    (void)name;
}

static double uniform(disguise *at) { // xorshift64*: any noise will do
    at->state ^= at->state >> 12;
    at->state ^= at->state << 25;
    at->state ^= at->state >> 27;
    return (double)((at->state * 0x2545F4914F6CDD1DULL) >> 11) * 0x1p-53;
}

static double normal(disguise *at) {
    return sqrt(-2 * log(1 - uniform(at))) * cos(6.283185307179586 * uniform(at));
}

static void train_tensor(disguise *at, Onnx__TensorProto *tensor, const char *name) {
    const char *role = owi_strmap_get(&at->names, name);
    owi_dtype dtype = (owi_dtype)tensor->data_type;
    if (!role || !owi_dtype_trainable(dtype)) {
        return;
    }
    size_t elements = 1, size = owi_dtype_size(dtype);
    for (size_t i = 0; i < tensor->n_dims; i++) {
        elements *= (size_t)tensor->dims[i];
    }
    bool near_one = strstr(role, "scale") != NULL, positive = strcmp(role, "norm.variance") == 0;
    double spread = near_one ? 0.2 : 0.01 + 0.29 * uniform(at);
    double mean = near_one ? 1 : 0.01 * normal(at);
    uint8_t *bytes = owi_new(&at->arena, uint8_t, elements * size);
    for (size_t i = 0; i < elements; i++) {
        double number = mean + spread * normal(at);
        owi_number_repeat(&owi_kernels_baseline, dtype, positive ? fabs(number) + 0.05 : number, 1,
                          bytes + i * size);
    }
    tensor->n_float_data = tensor->n_int32_data = tensor->n_double_data = 0;
    tensor->n_external_data = 0;
    tensor->has_data_location = 0;
    tensor->has_raw_data = 1;
    tensor->raw_data = (ProtobufCBinaryData){elements * size, bytes};
}

static char *next_column(char **line) {
    char *column = *line;
    *line += strcspn(column, "\t\n");
    *line += **line ? (**line = '\0', 1) : 0;
    return column;
}

static void read_roles(disguise *at) {
    char buffer[4096];
    while (fgets(buffer, sizeof buffer, stdin)) {
        char *line = owi_arena_copy(&at->arena, buffer, strlen(buffer));
        char *name = next_column(&line), *role = next_column(&line);
        owi_strmap_put(&at->arena, &at->names, name, role);
    }
}

// ---- files

static void *allocate(void *arena, size_t size) {
    return owi_arena_alloc(arena, size);
}

static void release(void *arena, void *pointer) {
    (void)arena;
    (void)pointer;
}

static Onnx__ModelProto *read_model(disguise *at, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        return NULL;
    }
    size_t size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = owi_new(&at->arena, uint8_t, size + 1);
    size_t got = fread(bytes, 1, size, file);
    fclose(file);
    ProtobufCAllocator allocator = {allocate, release, &at->arena};
    return got == size ? onnx__model_proto__unpack(&allocator, size, bytes) : NULL;
}

static bool write_model(disguise *at, const Onnx__ModelProto *model, const char *path) {
    size_t size = onnx__model_proto__get_packed_size(model);
    uint8_t *bytes = owi_new(&at->arena, uint8_t, size + 1);
    onnx__model_proto__pack(model, bytes);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes, 1, size, file) == size;
    return file && fclose(file) == 0 && written;
}

int main(int count, char **arguments) {
    if (count != 4) {
        fputs("disguise: usage: disguise rename|train IN OUT\n", stderr);
        return 2;
    }
    disguise at = {.state = 0x9E3779B97F4A7C15ULL, .on_value = rename_value};
    if (strcmp(arguments[1], "train") == 0) {
        at.on_value = keep_name;
        at.on_tensor = train_tensor;
        read_roles(&at);
    }
    Onnx__ModelProto *model = read_model(&at, arguments[2]);
    bool done = model && model->graph;
    if (done) {
        visit_model(&at, model);
        done = write_model(&at, model, arguments[3]);
    }
    if (!done) {
        fprintf(stderr, "disguise: cannot copy %s to %s\n", arguments[2], arguments[3]);
    }
    owi_arena_free(&at.arena);
    return done ? 0 : 1;
}
