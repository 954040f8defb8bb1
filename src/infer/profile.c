#include "infer/profile.h"

#include <string.h>

static const char *const names[] = {
#define PROFILE(id, name, meaning) name,
#include "tables/profiles.def"
#undef PROFILE
};

// What a model is made of.
typedef struct census {
    size_t convolutions; // over two or more axes of space
    size_t transposed, leaky, normalised;
    size_t recurrent, attention, tables, norms, positions;
    size_t token_tables; // looked up by more than one number for each sample
    size_t growing;      // ops that enlarge an image
    bool latent;         // a float input of rank 2, or a single point in space
    bool one_unit;       // a convolution or matrix with one feature makes the output, by a sigmoid
    bool critic;         // a convolution with one feature makes the output
} census;

const char *owi_profile_name(owi_profile profile) {
    return names[profile];
}

owi_profile owi_profile_find(const char *name) {
    owi_profile found = OWI_PROFILE_ANY + 1;
    while (found < OWI_PROFILE_COUNT && strcmp(names[found], name) != 0) {
        found++;
    }
    return found;
}

static bool is_latent(const owi_value *input) {
    bool point = input->ranked && input->rank == 4;
    for (size_t i = 2; point && i < input->rank; i++) {
        point = input->dims[i] == 1;
    }
    return input->ranked && owi_dtype_trainable(input->dtype) && (input->rank == 2 || point);
}

static bool has_image(const owi_graph *graph) {
    enum { IMAGE = 4 };
    for (size_t i = 0; i < graph->inputs.count; i++) {
        const owi_value *input = graph->inputs.items[i];
        if (input->depends_on_input && input->ranked && input->rank >= IMAGE && !is_latent(input)) {
            return true;
        }
    }
    return false;
}

static void count_growing(const owi_graph *graph, census *counts) {
    for (size_t i = 0; i < graph->nodes.count; i++) {
        owi_op_id op = graph->nodes.items[i]->op->id;
        counts->growing +=
            op == OWI_OP_Resize || op == OWI_OP_Upsample || op == OWI_OP_DepthToSpace;
    }
}

static void count_fact(census *counts, const owi_fact *fact) {
    bool kernel =
        fact->role == OWI_ROLE_CONV_WEIGHT || fact->role == OWI_ROLE_CONV_TRANSPOSE_WEIGHT;
    if (kernel && fact->tensor->rank >= 4) {
        counts->convolutions++;
        counts->transposed += fact->role == OWI_ROLE_CONV_TRANSPOSE_WEIGHT;
        counts->leaky += fact->follow.activation == OWI_ACTIVATION_leaky_relu;
        counts->normalised += fact->follow.normalised;
    }
    counts->recurrent += fact->role == OWI_ROLE_RNN_RECURRENT_WEIGHT;
    counts->tables +=
        fact->role == OWI_ROLE_EMBEDDING_WEIGHT || fact->tied_role == OWI_ROLE_EMBEDDING_WEIGHT;
    const owi_value *indices = fact->node ? owi_input(fact->node, 1) : NULL;
    bool labels =
        indices && indices->ranked && indices->rank < 2 && fact->role == OWI_ROLE_EMBEDDING_WEIGHT;
    counts->token_tables += !labels && (fact->role == OWI_ROLE_EMBEDDING_WEIGHT ||
                                        fact->tied_role == OWI_ROLE_EMBEDDING_WEIGHT);
    counts->positions += fact->role == OWI_ROLE_POSITION_EMBEDDING;
    counts->norms += fact->role == OWI_ROLE_NORM_SCALE;
    counts->attention += fact->attention != NULL;
    for (size_t i = 0; i < fact->part_count; i++) {
        const char *label = fact->parts[i].label;
        counts->attention += label && (strcmp(label, "q") == 0 || strcmp(label, "v") == 0);
    }
    counts->one_unit |= fact->output_unit && fact->fan_out > 0 &&
                        fact->follow.activation == OWI_ACTIVATION_sigmoid &&
                        (fact->tensor->dims[0] == 1 || fact->fan_out <= 1);
    counts->critic |= kernel && fact->tensor->rank >= 4 && fact->output_unit &&
                      fact->tensor->dims[0] == 1 && fact->follow.activation == OWI_ACTIVATION_none;
}

owi_profile owi_profile_infer(const owi_graph *graph, const owi_facts *facts, const char **reason) {
    census counts = {0};
    for (size_t i = 0; i < facts->count; i++) {
        count_fact(&counts, &facts->items[i]);
    }
    for (size_t i = 0; i < graph->inputs.count; i++) {
        counts.latent |=
            graph->inputs.items[i]->depends_on_input && is_latent(graph->inputs.items[i]);
    }
    count_growing(graph, &counts);
    bool image = has_image(graph);
    if (counts.latent && counts.normalised && (counts.transposed || (counts.growing && !image))) {
        *reason = counts.transposed ? "a latent input, transposed convolutions and norms"
                                    : "a latent input that grows to an image, and norms";
        return OWI_PROFILE_GAN_GENERATOR;
    }
    if (counts.convolutions && counts.leaky * 2 >= counts.convolutions &&
        (counts.one_unit || (counts.critic && !counts.growing && !counts.transposed))) {
        *reason = counts.one_unit ? "convolutions with leaky_relu down to one sigmoid unit"
                                  : "convolutions with leaky_relu down to one feature";
        return OWI_PROFILE_GAN_DISCRIMINATOR;
    }
    if (counts.tables && counts.one_unit && !counts.convolutions && !counts.recurrent &&
        !counts.norms && !counts.positions) {
        *reason = "embedded features into dense layers, down to one sigmoid unit";
        return OWI_PROFILE_RECOMMENDER;
    }
    if (counts.attention && (counts.token_tables || (counts.tables && !image))) {
        *reason = "attention over embedded tokens";
        return OWI_PROFILE_LANGUAGE;
    }
    if (counts.recurrent && counts.recurrent >= counts.convolutions) {
        *reason = "recurrent layers";
        return OWI_PROFILE_SEQUENCE;
    }
    if (counts.tables >= 2 && !counts.convolutions && !counts.positions) {
        *reason = "several embedding tables into dense layers";
        return OWI_PROFILE_RECOMMENDER;
    }
    if (counts.convolutions) {
        *reason = "convolutions over space";
        return OWI_PROFILE_VISION;
    }
    *reason = "none of the known kinds";
    return OWI_PROFILE_GENERIC;
}
