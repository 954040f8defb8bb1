#include "plan/rows.h"

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
    row->activation = owi_activation_name(fact->part_count ? fact->parts[0].follow.activation
                                                           : fact->follow.activation);
    row->activation_before = owi_activation_name(fact->before);
    row->fan_in = has_fans ? fact->fan_in : NAN;
    row->fan_out = has_fans ? fact->fan_out : NAN;
    row->gain = row->std = row->low = row->high = row->value = NAN;
    row->scheme = owi_scheme_name(OWI_SCHEME_keep);
    row->trainable = owi_role_trainable(fact->role);
    row->tied_with = fact->tied_with;
    row->tied_count = fact->tied_count;
}

static bool same_decision(const owi_decision *a, const owi_decision *b) {
    return a->scheme == b->scheme && a->std == b->std &&
           (a->value == b->value || (isnan(a->value) && isnan(b->value)));
}

// Shares are worth listing when they are told apart: by what they get, or as matrices.
static bool needs_blocks(const owi_share *shares, size_t count) {
    bool differ = false;
    for (size_t i = 1; i < count; i++) {
        differ = differ || !same_decision(&shares[0].made, &shares[i].made);
    }
    return count > 1 && (differ || shares[0].made.distribution != OWI_DISTRIBUTION_CONSTANT);
}

static unsigned main_axis(const owi_tensor *tensor, const owi_box *box) {
    for (unsigned i = (unsigned)tensor->rank; i-- > 0;) {
        if (box->extent[i] != tensor->dims[i]) {
            return i;
        }
    }
    return 0;
}

static void list_blocks(const owi_planner *planner, const owi_tensor *tensor,
                        const owi_share *shares, size_t count, owi_row *row) {
    owi_block *blocks = owi_new(planner->arena, owi_block, count);
    for (size_t i = 0; i < count; i++) {
        const owi_share *share = &shares[i];
        const owi_decision *made = &share->made;
        unsigned axis = main_axis(tensor, &share->box);
        blocks[i] = (owi_block){
            .label = share->label ? share->label : "",
            .axis = axis,
            .start = share->box.offset[axis],
            .length = share->box.extent[axis],
            .offset = share->box.offset,
            .extent = share->box.extent,
            .fan_in = share->part ? share->part->fan_in : NAN,
            .fan_out = share->part ? share->part->fan_out : NAN,
            .activation = share->part ? owi_activation_name(share->part->follow.activation) : NULL,
            .gain = made->gain,
            .scheme = owi_scheme_name(made->scheme),
            .std = made->std,
            .value = made->value};
    }
    row->blocks = blocks;
    row->block_count = count;
}

static void set_recipes(const owi_planner *planner, const owi_tensor *tensor,
                        const owi_share *shares, size_t count, owi_target *target) {
    owi_recipe *recipes = owi_new(planner->arena, owi_recipe, count);
    for (size_t i = 0; i < count; i++) {
        recipes[i] = owi_recipe_make(&shares[i].made, &shares[i].box, (uint32_t)i);
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
static const char *hindrance(const owi_fact *fact) {
    const owi_tensor *tensor = fact->tensor;
    bool generated =
        tensor->carrier == OWI_CARRIER_CONSTANT_OF_SHAPE || tensor->carrier == OWI_CARRIER_RANDOM;
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
    if (generated && !affine && (!fact->node || !owi_slot_find(fact->node->op->id, fact->input))) {
        return "made in the graph, and no slot says that it is a weight";
    }
    if (generated && strcmp(tensor->scope, "main") != 0) {
        return "made inside a body, where no initializer can take its place";
    }
    return NULL;
}

static void warn(const owi_planner *planner, owi_texts *list, const char *text) {
    if (text) {
        *owi_push(planner->arena, list) = text;
    }
}

static void fill(const owi_planner *planner, const owi_fact *fact, const owi_outcome *all,
                 owi_row *row, owi_target *target) {
    const owi_decision *made = &all->shares[0].made;
    row->fill = true;
    row->gain = fact->part_count ? made->gain : NAN;
    row->std = made->std;
    row->low = made->low;
    row->high = made->high;
    row->value = made->value;
    if (needs_blocks(all->shares, all->count)) {
        list_blocks(planner, fact->tensor, all->shares, all->count, row);
        set_recipes(planner, fact->tensor, all->shares, all->count, target);
    } else {
        owi_share whole = all->shares[0];
        whole.box = (owi_box){owi_new(planner->arena, int64_t, row->rank), fact->tensor->dims};
        set_recipes(planner, fact->tensor, &whole, 1, target);
    }
}

// The first obstacle among the shares, or NULL.
static const owi_decision *find_obstacle(const owi_outcome *all) {
    for (size_t i = 0; i < all->count; i++) {
        if (all->shares[i].made.obstacle) {
            return &all->shares[i].made;
        }
    }
    return NULL;
}

static const char *reason_of(owi_arena *arena, const owi_fact *fact, const owi_decision *made) {
    const char *text =
        owi_arena_printf(arena, "%s; %s%s", fact->reason, made->why ? made->why : "asked for by ",
                         made->why ? "" : made->rule->place);
    if (made->branches > 1 && made->distribution != OWI_DISTRIBUTION_CONSTANT) {
        text = owi_arena_printf(arena, "%s; times 1/sqrt(%.0f), the last of a residual branch",
                                text, made->branches);
    }
    return fact->follow.normalised
               ? owi_arena_printf(arena, "%s; a norm follows: the gain is immaterial", text)
               : text;
}

static owi_status settle(const owi_planner *planner, const owi_fact *fact, const owi_outcome *all,
                         owi_row *row, owi_target *target, owi_texts *warnings, owi_error *error) {
    owi_arena *arena = planner->arena;
    const owi_decision *made = &all->shares[0].made, *blocked = find_obstacle(all);
    const char *place = made->rule->place, *stays = hindrance(fact);
    bool plain = fact->role == OWI_ROLE_CONSTANT || fact->role == OWI_ROLE_UNKNOWN;
    row->rule = place;
    if (plain && !place) {
        row->reason = fact->reason;
        return OWI_OK;
    }
    if (stays) {
        row->reason = owi_arena_printf(arena, "%s; %s", fact->reason, stays);
        warn(planner, warnings,
             place && !all->keeps ? owi_arena_printf(arena, "%s cannot fill it", place) : NULL);
        return OWI_OK;
    }
    if (blocked && !blocked->rule->policy) {
        return owi_fail(error, OWI_USAGE, "%s: %s for \"%s\" (%s): %s", blocked->rule->place,
                        owi_scheme_name(blocked->scheme), owi_shown(arena, row->name), row->role,
                        blocked->obstacle);
    }
    row->reason = reason_of(arena, fact, made);
    row->scheme = owi_scheme_name(made->scheme);
    warn(planner, warnings, all->warning);
    if (blocked || all->keeps) {
        row->scheme = owi_scheme_name(OWI_SCHEME_keep);
        warn(planner, warnings, blocked ? blocked->obstacle : NULL);
        return OWI_OK;
    }
    fill(planner, fact, all, row, target);
    row->trainable |= fact->role == OWI_ROLE_UNKNOWN; // whoever fills it means to train it
    warn(planner, warnings, owi_doubt(planner, fact, &all->shares[0]));
    return OWI_OK;
}

// Whether it was to be trained, but for the user's wish.
static bool freeze(const owi_planner *planner, bool by_rule, owi_row *row) {
    size_t pattern = owi_names_match(planner->wishes.freeze, row->name);
    bool frozen = row->trainable && (by_rule || pattern != SIZE_MAX);
    if (frozen) {
        row->trainable = false;
        row->reason = by_rule ? owi_arena_printf(planner->arena, "%s; frozen by rule", row->reason)
                              : owi_arena_printf(planner->arena, "%s; frozen by --freeze %zu",
                                                 row->reason, pattern + 1);
    }
    return frozen;
}

static void warn_of_fate(const owi_planner *planner, const owi_tensor *tensor, const owi_row *row,
                         const char *wish, owi_texts *warnings) {
    if (tensor->carrier == OWI_CARRIER_COPY) {
        warn(planner, warnings,
             owi_arena_printf(planner->arena, "was \"%s\", which the exporter shared by accident",
                              tensor->values[0]->name));
    }
    if (!row->fill && tensor->carrier == OWI_CARRIER_INITIALIZER && !tensor->has_data &&
        tensor->elements > 0 && (!wish || strncmp(wish, "--keep", 6) != 0)) {
        warn(planner, warnings,
             wish ? "has no data, and is not to be filled"
                  : "has no data and no role that says how to fill it");
    }
}

owi_status owi_plan_row_make(const owi_planner *planner, const owi_fact *fact, owi_row *row,
                             owi_target *target, owi_error *error) {
    owi_texts warnings = {0};
    const char *wish = owi_wish_to_keep(planner, fact->tensor);
    owi_outcome all = owi_outcome_make(planner, fact);
    target->tensor = fact->tensor;
    target->fact = fact;
    target->depth = fact->node ? fact->node->index : SIZE_MAX;
    target->kept_by_user = wish != NULL;
    describe(fact, row);
    if (wish) {
        row->rule = wish;
        row->reason = owi_arena_printf(planner->arena, "%s; %s", fact->reason, wish);
    } else {
        OWI_TRY(settle(planner, fact, &all, row, target, &warnings, error));
    }
    bool frozen = freeze(planner, all.frozen, row);
    const char *untrained = NULL;
    row->training = owi_training_of(planner, fact, row, frozen, &untrained);
    warn(planner, &warnings, fact->warning);
    warn_of_fate(planner, fact->tensor, row, wish, &warnings);
    warn(planner, &warnings, untrained);
    row->warnings = warnings.items;
    row->warning_count = warnings.count;
    return OWI_OK;
}
