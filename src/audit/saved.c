// saved.c: judging by a saved report instead of the plan: its rows take the place of the plan's.
#include "audit/audit.h"

#include "base/strmap.h"
#include "plan/decide.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *name;
    owi_distribution distribution;
} schemes[] = {
#define SCHEME(id, distribution, ...) {#id, OWI_DISTRIBUTION_##distribution},
#include "tables/schemes.def"
#undef SCHEME
};

// ---- JSON

static const char *text_of(owi_arena *arena, const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? owi_arena_copy(arena, text, strlen(text)) : NULL;
}

static double number_of(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const int64_t *sizes_of(owi_arena *arena, const json_t *array, size_t count) {
    int64_t *sizes = owi_new(arena, int64_t, count);
    if (json_array_size(array) != count) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        sizes[i] = json_integer_value(json_array_get(array, i));
    }
    return sizes;
}

// ---- one row

typedef struct reader {
    owi_arena *arena;
    const owi_row *row; // the plan's
    const json_t *saved;
} reader;

static bool is_distribution(const char *scheme, owi_distribution *distribution) {
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (scheme && strcmp(schemes[i].name, scheme) == 0) {
            *distribution = schemes[i].distribution;
            return true;
        }
    }
    return false;
}

static bool is_inside(const owi_row *row, const owi_block *block) {
    for (size_t i = 0; i < row->rank; i++) {
        if (!block->offset || !block->extent || block->offset[i] < 0 || block->extent[i] < 1 ||
            block->extent[i] > row->shape[i] ||
            block->offset[i] > row->shape[i] - block->extent[i]) {
            return false;
        }
    }
    return true;
}

static bool read_blocks(const reader *at, owi_row *row) {
    const json_t *list = json_object_get(at->saved, "blocks");
    const size_t count = json_array_size(list);
    owi_block *blocks = owi_new(at->arena, owi_block, count);
    for (size_t i = 0; i < count; i++) {
        const json_t *saved = json_array_get(list, i);
        blocks[i] = (owi_block){.label = text_of(at->arena, saved, "label"),
                                .axis = (unsigned)number_of(saved, "axis"),
                                .start = (int64_t)number_of(saved, "start"),
                                .length = (int64_t)number_of(saved, "length"),
                                .fan_in = number_of(saved, "fan_in"),
                                .fan_out = number_of(saved, "fan_out"),
                                .activation = text_of(at->arena, saved, "activation"),
                                .gain = number_of(saved, "gain"),
                                .scheme = text_of(at->arena, saved, "scheme"),
                                .std = number_of(saved, "std"),
                                .value = number_of(saved, "value")};
        blocks[i].offset = sizes_of(at->arena, json_object_get(saved, "offset"), row->rank);
        blocks[i].extent = sizes_of(at->arena, json_object_get(saved, "extent"), row->rank);
        if (!is_inside(row, &blocks[i])) {
            return false;
        }
    }
    row->blocks = blocks;
    row->block_count = count;
    return true;
}

static bool same_number(double a, double b) {
    return fabs(a - b) <= 1e-7 * fabs(b) || (isnan(a) && isnan(b)); // reports have nine digits
}

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_plan(const owi_row *a, const owi_row *b) {
    bool same = a->fill == b->fill && same_text(a->scheme, b->scheme) &&
                same_number(a->std, b->std) && same_number(a->low, b->low) &&
                same_number(a->high, b->high) && same_number(a->value, b->value) &&
                a->block_count == b->block_count;
    for (size_t i = 0; same && i < a->block_count; i++) {
        same = same_text(a->blocks[i].scheme, b->blocks[i].scheme) &&
               same_number(a->blocks[i].std, b->blocks[i].std) &&
               same_number(a->blocks[i].value, b->blocks[i].value);
    }
    return same;
}

// A recipe from what a report says; the matrix lies as in the plan's own recipe.
static bool recipe_of(const owi_recipe *like, const char *scheme, const owi_block *block,
                      double low, double high, owi_recipe *recipe) {
    const double reach = sqrt(3) * block->std;
    owi_distribution distribution;
    if (!is_distribution(scheme, &distribution)) {
        return false;
    }
    if (distribution != OWI_DISTRIBUTION_BOUNDED && !isnan(low)) {
        distribution = OWI_DISTRIBUTION_UNIFORM;
    }
    *recipe = *like;
    recipe->offset = block->offset;
    recipe->extent = block->extent;
    recipe->a = 0;
    recipe->b = block->std;
    switch (distribution) {
    case OWI_DISTRIBUTION_CONSTANT:
        recipe->kind = OWI_RECIPE_CONSTANT;
        recipe->a = block->value;
        return !isnan(block->value);
    case OWI_DISTRIBUTION_UNIFORM:
        recipe->kind = OWI_RECIPE_UNIFORM;
        recipe->a = isnan(low) ? -reach : low;
        recipe->b = isnan(high) ? reach : high;
        break;
    case OWI_DISTRIBUTION_NORMAL: recipe->kind = OWI_RECIPE_NORMAL; break;
    case OWI_DISTRIBUTION_TRUNCATED: recipe->kind = OWI_RECIPE_TRUNCATED; break;
    case OWI_DISTRIBUTION_ORTHOGONAL: recipe->kind = OWI_RECIPE_ORTHOGONAL; break;
    case OWI_DISTRIBUTION_IDENTITY: recipe->kind = OWI_RECIPE_IDENTITY; break;
    case OWI_DISTRIBUTION_DIRAC: recipe->kind = OWI_RECIPE_DIRAC; break;
    case OWI_DISTRIBUTION_BILINEAR: recipe->kind = OWI_RECIPE_BILINEAR; break;
    default: return false;
    }
    const bool has_gain = recipe->kind == OWI_RECIPE_ORTHOGONAL ||
                          recipe->kind == OWI_RECIPE_IDENTITY || recipe->kind == OWI_RECIPE_DIRAC;
    recipe->b = has_gain ? block->gain : recipe->b;
    return !isnan(recipe->b) || recipe->kind == OWI_RECIPE_BILINEAR;
}

// A subject's boxes as a saved row has them. False when the row does not say enough.
static bool expect(const reader *at, const owi_row *row, owi_subject *subject) {
    const owi_recipe *like = subject->filler->recipes;
    const owi_block whole = {.offset = owi_new(at->arena, int64_t, row->rank),
                             .extent = row->shape,
                             .fan_in = row->fan_in,
                             .fan_out = row->fan_out,
                             .gain = row->gain,
                             .scheme = row->scheme,
                             .std = row->std,
                             .value = row->value};
    const size_t count = row->block_count ? row->block_count : 1;
    owi_recipe *recipes = owi_new(at->arena, owi_recipe, count);
    owi_box_subject *boxes = owi_new(at->arena, owi_box_subject, count);
    for (size_t i = 0; i < count; i++) {
        const owi_block *block = row->block_count ? &row->blocks[i] : &whole;
        const bool alone = row->block_count == 0;
        boxes[i] = (owi_box_subject){&recipes[i], block->fan_in, block->fan_out, block->label};
        if (!recipe_of(like, block->scheme, block, alone ? row->low : NAN, alone ? row->high : NAN,
                       &recipes[i])) {
            return false;
        }
    }
    subject->boxes = boxes;
    subject->box_count = count;
    subject->results = owi_new(at->arena, owi_box_result, count);
    subject->expects = true;
    return true;
}

static bool has_shape(const reader *at) {
    const int64_t *shape = sizes_of(at->arena, json_object_get(at->saved, "shape"), at->row->rank);
    const size_t size = at->row->rank * sizeof *shape;
    return shape && (size == 0 || memcmp(shape, at->row->shape, size) == 0);
}

// The row as it was planned then, or NULL with the reason in subject->problem.
static const owi_row *take_row(const reader *at, owi_subject *subject) {
    owi_row *row = owi_new(at->arena, owi_row, 1);
    *row = *at->row;
    row->fill = same_text(json_string_value(json_object_get(at->saved, "action")), "fill");
    row->scheme = text_of(at->arena, at->saved, "scheme");
    row->gain = number_of(at->saved, "gain");
    row->std = number_of(at->saved, "std");
    row->low = number_of(at->saved, "low");
    row->high = number_of(at->saved, "high");
    row->value = number_of(at->saved, "value");
    if (!has_shape(at)) {
        subject->problem = "its shape is not that of the saved plan";
    } else if (!read_blocks(at, row)) {
        subject->problem = "the saved plan has parts that do not lie inside it";
    } else if (!same_plan(row, at->row)) {
        subject->expects = false;
        if (row->fill && !expect(at, row, subject)) {
            subject->problem = "the saved plan does not say enough to judge by it";
        }
    }
    return subject->problem ? NULL : row;
}

// ---- all rows

static const char *key_of(owi_arena *arena, const char *graph, const char *name) {
    return owi_arena_printf(arena, "%s\n%s", graph ? graph : "", name ? name : "");
}

static void find_gone(owi_audit *audit, const owi_strmap *rows, const json_t *tensors) {
    owi_arena *arena = &audit->plan->model->arena;
    const char **gone = owi_new(arena, const char *, json_array_size(tensors));
    for (size_t i = 0; i < json_array_size(tensors); i++) {
        const json_t *saved = json_array_get(tensors, i);
        const char *name = text_of(arena, saved, "name");
        const char *key = key_of(arena, json_string_value(json_object_get(saved, "graph")), name);
        if (name && !owi_strmap_get(rows, key)) {
            gone[audit->summary.gone_count++] = name;
        }
    }
    audit->summary.gone = gone;
}

void owi_subjects_of_report(owi_audit *audit, const json_t *report) {
    const owi_plan *plan = audit->plan;
    owi_arena *arena = &plan->model->arena;
    const json_t *tensors = json_object_get(report, "tensors");
    owi_strmap saved = {0}, rows = {0};
    for (size_t i = 0; i < json_array_size(tensors); i++) {
        const json_t *row = json_array_get(tensors, i);
        owi_strmap_put(arena, &saved,
                       key_of(arena, json_string_value(json_object_get(row, "graph")),
                              json_string_value(json_object_get(row, "name"))),
                       (void *)row);
    }
    for (size_t i = 0; i < plan->count; i++) {
        const owi_row *row = &plan->rows[i];
        const char *key =
            key_of(arena, owi_escaped(arena, row->graph), owi_escaped(arena, row->name));
        const reader at = {arena, row, owi_strmap_get(&saved, key)};
        owi_strmap_put(arena, &rows, key, (void *)row);
        if (at.saved) {
            const owi_row *then = take_row(&at, &audit->subjects[i]);
            audit->subjects[i].row = then ? then : row;
        } else if (row->fill) {
            audit->subjects[i].problem = "the saved plan does not have it";
        }
    }
    find_gone(audit, &rows, tensors);
}
