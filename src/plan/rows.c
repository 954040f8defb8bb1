#include "plan/rows.h"

#include "plan/names.h"

#include <math.h>
#include <string.h>

static const char *const carriers[] = {
    [OWI_CARRIER_INITIALIZER] = "initializer",
    [OWI_CARRIER_INPUT] = "input",
    [OWI_CARRIER_CONSTANT] = "Constant",
    [OWI_CARRIER_CONSTANT_OF_SHAPE] = "ConstantOfShape",
    [OWI_CARRIER_RANDOM] = "Random",
    [OWI_CARRIER_SPARSE] = "sparse_initializer",
    [OWI_CARRIER_COPY] = "copy",
};

typedef struct strings {
    const char **items;
    size_t count, capacity;
} strings;

static const char *label_of(const owi_node *node) {
    return node->proto && node->proto->name && *node->proto->name ? node->proto->name
           : node->output_count && node->outputs[0]               ? node->outputs[0]->name
                                                                  : "";
}

static void describe(const owi_fact *fact, owi_row *row) {
    const owi_tensor *tensor = fact->tensor;
    bool has_fans = fact->fan_in > 0 || fact->fan_out > 0;
    row->name = tensor->name;
    row->graph = tensor->scope;
    row->carrier = carriers[tensor->carrier];
    row->shape = tensor->dims;
    row->rank = tensor->rank;
    row->dtype = owi_dtype_name(tensor->dtype);
    row->elements = tensor->elements;
    row->role = owi_role_name(fact->role);
    row->op = fact->node ? fact->node->op->name : NULL;
    row->node = fact->node ? label_of(fact->node) : NULL;
    row->slot = fact->node ? (int)fact->input : -1;
    row->path = fact->path;
    row->path_count = fact->path_count;
    row->activation = owi_activation_name(fact->follow.activation);
    row->activation_before = owi_activation_name(fact->before);
    row->fan_in = has_fans ? fact->fan_in : NAN;
    row->fan_out = has_fans ? fact->fan_out : NAN;
    row->gain = row->std = row->low = row->high = row->value = NAN;
    row->scheme = owi_scheme_name(OWI_SCHEME_keep);
    row->trainable = owi_role_trainable(fact->role);
    row->tied_with = fact->tied_with;
    row->tied_count = fact->tied_count;
}

static owi_decision decide(const owi_planner *planner, const owi_fact *fact,
                           const owi_fact_part *part) {
    owi_question question = {fact, part, fact->role, planner->profile,
                             planner->attention_orthogonal};
    owi_decision made = owi_policy_decide(&question);
    if (fact->tied_role != OWI_ROLE_UNKNOWN) { // one matrix, two roles: the smaller spread
        question.role = fact->tied_role;
        owi_decision other = owi_policy_decide(&question);
        if (other.std < made.std) {
            other.why = "tied: the smaller spread of both uses";
            return other;
        }
    }
    return made;
}

static bool same_decision(const owi_decision *a, const owi_decision *b) {
    return a->scheme == b->scheme && a->std == b->std &&
           (a->value == b->value || (isnan(a->value) && isnan(b->value)));
}

static bool is_whole(const owi_fact *fact) {
    return fact->part_count < 2;
}

// The parts are worth listing when they are told apart: by what they get, or as matrices.
static bool needs_blocks(const owi_fact *fact, const owi_decision *decisions) {
    bool differ = false;
    for (size_t i = 1; i < fact->part_count; i++) {
        differ = differ || !same_decision(&decisions[0], &decisions[i]);
    }
    return !is_whole(fact) && (differ || decisions[0].distribution != OWI_DISTRIBUTION_CONSTANT);
}

static unsigned main_axis(const owi_tensor *tensor, const owi_box *box) {
    for (unsigned i = (unsigned)tensor->rank; i-- > 0;) {
        if (box->extent[i] != tensor->dims[i]) {
            return i;
        }
    }
    return 0;
}

static void list_blocks(const owi_planner *planner, const owi_fact *fact,
                        const owi_decision *decisions, owi_row *row) {
    owi_block *blocks = owi_new(planner->arena, owi_block, fact->part_count);
    for (size_t i = 0; i < fact->part_count; i++) {
        const owi_fact_part *part = &fact->parts[i];
        unsigned axis = main_axis(fact->tensor, &part->box);
        blocks[i] = (owi_block){.label = part->label ? part->label : "",
                                .axis = axis,
                                .start = part->box.offset[axis],
                                .length = part->box.extent[axis],
                                .offset = part->box.offset,
                                .extent = part->box.extent,
                                .fan_in = part->fan_in,
                                .fan_out = part->fan_out,
                                .activation = owi_activation_name(part->follow.activation),
                                .gain = decisions[i].gain,
                                .scheme = owi_scheme_name(decisions[i].scheme),
                                .std = decisions[i].std,
                                .value = decisions[i].value};
    }
    row->blocks = blocks;
    row->block_count = fact->part_count;
}

static void set_recipes(const owi_planner *planner, const owi_fact *fact,
                        const owi_decision *decisions, bool in_blocks, owi_target *target) {
    const owi_tensor *tensor = fact->tensor;
    size_t count = in_blocks ? fact->part_count : 1;
    owi_recipe *recipes = owi_new(planner->arena, owi_recipe, count);
    int64_t *zeros = owi_new(planner->arena, int64_t, tensor->rank);
    owi_box whole = {zeros, tensor->dims};
    for (size_t i = 0; i < count; i++) {
        const owi_box *box = in_blocks ? &fact->parts[i].box : &whole;
        recipes[i] = owi_recipe_make(&decisions[i], tensor, box, (uint32_t)i);
    }
    target->filler = (owi_filler){.key = owi_key_make(planner->seed, tensor->scope, tensor->name),
                                  .dtype = tensor->dtype,
                                  .rank = tensor->rank,
                                  .shape = tensor->dims,
                                  .elements = tensor->elements,
                                  .recipes = recipes,
                                  .recipe_count = count};
}

// Why a tensor with a role stays as it is all the same, or NULL.
static const char *hindrance(const owi_planner *planner, const owi_fact *fact) {
    const owi_tensor *tensor = fact->tensor;
    bool generated = tensor->carrier == OWI_CARRIER_CONSTANT_OF_SHAPE ||
                     tensor->carrier == OWI_CARRIER_RANDOM;
    if (owi_names_match(planner->keep, tensor->name) != SIZE_MAX) {
        return "--keep";
    }
    if (tensor->carrier == OWI_CARRIER_SPARSE) {
        return "sparse: kept as it is";
    }
    if (tensor->elements == 0) {
        return "no elements";
    }
    if (tensor->carrier == OWI_CARRIER_INPUT && !fact->promoted) {
        return "stays a graph input";
    }
    bool affine = fact->role == OWI_ROLE_NORM_SCALE || fact->role == OWI_ROLE_NORM_BIAS ||
                  fact->role == OWI_ROLE_BIAS;
    if (generated && !affine && !owi_slot_find(fact->node->op->id, fact->input)) {
        return "made in the graph, and no slot says that it is a weight";
    }
    if (generated && strcmp(tensor->scope, "main") != 0) {
        return "made inside a body, where no initializer can take its place";
    }
    return NULL;
}

static void warn(const owi_planner *planner, strings *list, const char *text) {
    if (text) {
        *owi_push(planner->arena, list) = text;
    }
}

static void fill(const owi_planner *planner, const owi_fact *fact, owi_row *row,
                 owi_target *target) {
    size_t count = fact->part_count ? fact->part_count : 1;
    owi_decision *decisions = owi_new(planner->arena, owi_decision, count);
    for (size_t i = 0; i < count; i++) {
        decisions[i] = decide(planner, fact, fact->part_count ? &fact->parts[i] : NULL);
    }
    const owi_decision *made = &decisions[0];
    bool in_blocks = needs_blocks(fact, decisions);
    row->scheme = owi_scheme_name(made->scheme);
    row->reason = owi_arena_printf(planner->arena, "%s; %s%s", fact->reason, made->why,
                                   fact->follow.normalised ? "; a norm follows: the gain is immaterial"
                                                           : "");
    if (made->distribution == OWI_DISTRIBUTION_KEEP) {
        return;
    }
    row->fill = true;
    row->gain = fact->part_count ? made->gain : NAN;
    row->std = made->std;
    row->low = made->low;
    row->high = made->high;
    row->value = made->value;
    if (in_blocks) {
        list_blocks(planner, fact, decisions, row);
        row->activation = owi_activation_name(fact->parts[0].follow.activation);
    }
    set_recipes(planner, fact, decisions, in_blocks, target);
}

void owi_plan_row_make(const owi_planner *planner, const owi_fact *fact, owi_row *row,
                       owi_target *target) {
    strings warnings = {0};
    const char *stays = NULL;
    target->tensor = fact->tensor;
    target->fact = fact;
    describe(fact, row);
    if (fact->role == OWI_ROLE_CONSTANT || fact->role == OWI_ROLE_UNKNOWN) {
        row->reason = fact->reason;
    } else if ((stays = hindrance(planner, fact)) != NULL) {
        row->reason = owi_arena_printf(planner->arena, "%s; %s", fact->reason, stays);
    } else {
        fill(planner, fact, row, target);
    }
    warn(planner, &warnings, fact->warning);
    if (fact->tensor->carrier == OWI_CARRIER_COPY) {
        warn(planner, &warnings,
             owi_arena_printf(planner->arena, "was \"%s\", which the exporter shared by accident",
                              fact->tensor->values[0]->name));
    }
    if (!row->fill && fact->tensor->carrier == OWI_CARRIER_INITIALIZER &&
        !fact->tensor->has_data && fact->tensor->elements > 0 &&
        (!stays || strcmp(stays, "--keep") != 0)) {
        warn(planner, &warnings, "has no data and no role that says how to fill it");
    }
    if (row->fill && strcmp(fact->tensor->scope, "main") != 0) {
        warn(planner, &warnings,
             "lives in a body or function, where a training runtime cannot train it");
    }
    row->warnings = warnings.items;
    row->warning_count = warnings.count;
}
