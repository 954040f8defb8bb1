// difference.c: what another file holds for the same tensors.
#include "audit/audit.h"

#include "audit/sketch.h"
#include "base/pool.h"
#include "base/strmap.h"
#include "model/values.h"

#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum { MOST_SIZE = 8 };

typedef struct sharing {
    owi_audit *audit;
    const owi_target *const *others; // for each row, NULL where there is none
    _Atomic size_t next;
} sharing;

static const char *const change_names[] = {
    [OWI_CHANGE_UNASKED] = NULL,  [OWI_CHANGE_NONE] = "none",       [OWI_CHANGE_VALUES] = "values",
    [OWI_CHANGE_SHAPE] = "shape", [OWI_CHANGE_MISSING] = "missing",
};

const char *owi_change_text(owi_change change) {
    return change_names[change];
}

// ---- one tensor

typedef struct sums {
    double difference, own; // of squares
    uint64_t changed;
    double largest;
} sums;

// Numbers that are not finite differ or do not; they have no distance.
static void add(sums *to, const double *own, const double *other, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const double d = other[i] - own[i];
        if (isfinite(own[i]) && isfinite(other[i])) {
            to->difference += d * d;
            to->own += own[i] * own[i];
            to->largest = fmax(to->largest, fabs(d));
            to->changed += d != 0;
        } else {
            const bool alike = own[i] == other[i] || (isnan(own[i]) && isnan(other[i]));
            to->changed += !alike;
        }
    }
}

// One block of numbers; false when they cannot be read.
static bool read_block(owi_values *values, owi_dtype dtype, uint64_t first, size_t count,
                       double *numbers) {
    uint8_t bytes[OWI_SKETCH_BLOCK * MOST_SIZE];
    if (!owi_values_read(values, first, count, bytes)) {
        return false;
    }
    owi_decode(dtype, bytes, count, numbers);
    return true;
}

static bool add_all(sums *to, owi_values *own, const owi_tensor *of, owi_values *other,
                    const owi_tensor *with) {
    double a[OWI_SKETCH_BLOCK], b[OWI_SKETCH_BLOCK];
    for (uint64_t first = 0; first < of->elements; first += OWI_SKETCH_BLOCK) {
        const uint64_t left = of->elements - first;
        const size_t count = left < OWI_SKETCH_BLOCK ? (size_t)left : OWI_SKETCH_BLOCK;
        if (!read_block(own, of->dtype, first, count, a) ||
            !read_block(other, with->dtype, first, count, b)) {
            return false;
        }
        add(to, a, b, count);
    }
    return true;
}

static bool same_shape(const owi_tensor *a, const owi_tensor *b) {
    return a->rank == b->rank &&
           (a->rank == 0 || memcmp(a->dims, b->dims, a->rank * sizeof *a->dims) == 0);
}

static owi_difference compare(const owi_model *model, const owi_tensor *tensor,
                              const owi_model *other_model, const owi_tensor *other) {
    owi_difference made = {OWI_CHANGE_MISSING, 0, NAN, NAN, NAN};
    owi_values a, b;
    sums found = {0};
    if (!other || !tensor->proto || !other->proto) {
        return made;
    }
    if (!same_shape(tensor, other)) {
        made.change = OWI_CHANGE_SHAPE;
        return made;
    }
    const bool opened = owi_values_open(&a, model, tensor->proto);
    const bool both = owi_values_open(&b, other_model, other->proto) && opened;
    if (both && add_all(&found, &a, tensor, &b, other)) {
        made.change = found.changed ? OWI_CHANGE_VALUES : OWI_CHANGE_NONE;
        made.changed = found.changed;
        made.rms = tensor->elements ? sqrt(found.difference / (double)tensor->elements) : 0;
        made.relative = found.difference > 0 ? sqrt(found.difference / found.own) : 0;
        made.largest = found.largest;
    }
    owi_values_close(&a);
    owi_values_close(&b);
    return made;
}

static void compare_some(void *context) {
    sharing *share = context;
    owi_audit *audit = share->audit;
    for (size_t i; (i = atomic_fetch_add(&share->next, 1)) < audit->count;) {
        const owi_target *other = share->others[i];
        audit->findings[i].difference = compare(audit->plan->model, audit->plan->targets[i].tensor,
                                                audit->other->model, other ? other->tensor : NULL);
    }
}

// ---- all tensors, by graph and name

static owi_strmap targets_of(owi_arena *arena, const owi_plan *plan) {
    owi_strmap made = {0};
    for (size_t i = 0; i < plan->count; i++) {
        const owi_tensor *tensor = plan->targets[i].tensor;
        owi_strmap_put(arena, &made, owi_tensor_key(arena, tensor), (void *)&plan->targets[i]);
    }
    return made;
}

static void find_absent(owi_audit *audit, const owi_strmap *own) {
    const owi_plan *other = audit->other;
    owi_arena *arena = &audit->plan->model->arena;
    const char **names = owi_new(arena, const char *, other->count);
    for (size_t i = 0; i < other->count; i++) {
        const owi_tensor *tensor = other->targets[i].tensor;
        if (!owi_strmap_get(own, owi_tensor_key(arena, tensor))) {
            names[audit->summary.absent_count++] = owi_escaped(arena, tensor->name);
        }
    }
    audit->summary.absent = names;
}

void owi_compare(owi_audit *audit, unsigned threads) {
    owi_arena *arena = &audit->plan->model->arena;
    const owi_strmap own = targets_of(arena, audit->plan);
    const owi_strmap there = targets_of(arena, audit->other);
    const owi_target **others = owi_new(arena, const owi_target *, audit->count);
    for (size_t i = 0; i < audit->count; i++) {
        const owi_tensor *tensor = audit->plan->targets[i].tensor;
        others[i] = owi_strmap_get(&there, owi_tensor_key(arena, tensor));
    }
    sharing share = {.audit = audit, .others = others};
    owi_parallel(threads, compare_some, &share);
    for (size_t i = 0; i < audit->count; i++) {
        audit->summary.different += audit->findings[i].difference.change != OWI_CHANGE_NONE;
    }
    find_absent(audit, &own);
    audit->summary.other = owi_escaped(arena, audit->other->model->source.path);
}
