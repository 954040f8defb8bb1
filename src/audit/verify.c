// verify.c: whether the bits of a tensor are those that its plan makes.
#include "audit/audit.h"

#include "base/pool.h"
#include "model/provenance.h"
#include "plan/digest.h"

#include <stdatomic.h>
#include <string.h>

enum { CHUNK = 64 * 1024 };

typedef struct sharing {
    owi_audit *audit;
    _Atomic size_t next;
} sharing;

static bool same_range(owi_values *values, const owi_filler *filler) {
    uint8_t stored[CHUNK], made[CHUNK];
    const size_t size = owi_dtype_size(filler->dtype);
    const uint64_t most = CHUNK / size;
    for (uint64_t first = 0, count; first < filler->elements; first += count) {
        count = filler->elements - first < most ? filler->elements - first : most;
        owi_fill_range(filler, first, count, made);
        if (!owi_values_read(values, first, count, stored) ||
            memcmp(stored, made, count * size) != 0) {
            return false;
        }
    }
    return true;
}

static owi_bits bits_of(bool same) {
    return same ? OWI_BITS_SAME : OWI_BITS_CHANGED;
}

// Tensors that can be made in stretches, each by one thread.
static void verify_some(void *context) {
    sharing *share = context;
    const owi_plan *plan = share->audit->plan;
    for (size_t i; (i = atomic_fetch_add(&share->next, 1)) < share->audit->count;) {
        const owi_target *target = &plan->targets[i];
        owi_values values;
        if (!plan->rows[i].fill || owi_fill_is_whole(&target->filler)) {
            continue;
        }
        bool same = false;
        if (target->tensor->proto) {
            same = owi_values_open(&values, plan->model, target->tensor->proto) &&
                   same_range(&values, &target->filler);
            owi_values_close(&values);
        }
        share->audit->findings[i].bits = bits_of(same);
    }
}

// A tensor that is made as a whole, in memory of its own.
static owi_status verify_whole(owi_audit *audit, size_t index, unsigned threads, owi_error *error) {
    const owi_target *target = &audit->plan->targets[index];
    const owi_filler *filler = &target->filler;
    const size_t size = owi_dtype_size(filler->dtype);
    owi_arena arena = {0}; // without a place to go back to: it answers NULL
    uint8_t *made = owi_arena_array(&arena, (size_t)filler->elements, size);
    uint8_t stored[CHUNK];
    owi_values values;
    if (!made) {
        return owi_fail(error, OWI_SYSTEM, "out of memory while a tensor was made again");
    }
    owi_status status = owi_fill_whole(filler, threads, made, error);
    bool same = status == OWI_OK && target->tensor->proto &&
                owi_values_open(&values, audit->plan->model, target->tensor->proto);
    const uint64_t most = CHUNK / size;
    for (uint64_t first = 0, count; same && first < filler->elements; first += count) {
        count = filler->elements - first < most ? filler->elements - first : most;
        same = owi_values_read(&values, first, count, stored) &&
               memcmp(stored, made + first * size, count * size) == 0;
    }
    if (status == OWI_OK && target->tensor->proto) {
        owi_values_close(&values);
    }
    owi_arena_free(&arena);
    audit->findings[index].bits = bits_of(same);
    return status;
}

const char *owi_tensor_key(owi_arena *arena, const owi_tensor *tensor) {
    return owi_arena_printf(arena, "%s\n%s", owi_escaped(arena, tensor->scope),
                            owi_escaped(arena, tensor->name));
}

// Tensors that the file's own account names, and the plan does not fill.
static void find_gone(owi_audit *audit) {
    const owi_plan *plan = audit->plan;
    const owi_provenance *provenance = plan->model->provenance;
    owi_arena *arena = &plan->model->arena;
    owi_strmap filled = {0};
    if (!provenance) {
        return;
    }
    const char **gone = owi_new(arena, const char *, provenance->filled.count);
    for (size_t i = 0; i < plan->count; i++) {
        const owi_tensor *tensor = plan->targets[i].tensor;
        if (plan->rows[i].fill) {
            owi_strmap_put(arena, &filled, owi_tensor_key(arena, tensor), (void *)tensor);
        }
    }
    for (size_t i = 0; i < provenance->filled.count; i++) {
        const owi_filled *named = &provenance->filled.items[i];
        if (!owi_strmap_get(&filled,
                            owi_arena_printf(arena, "%s\n%s", named->scope, named->name))) {
            gone[audit->summary.gone_count++] = named->name;
        }
    }
    audit->summary.gone = gone;
}

owi_status owi_verify(owi_audit *audit, unsigned threads, owi_error *error) {
    sharing share = {.audit = audit};
    owi_parallel(threads, verify_some, &share);
    for (size_t i = 0; i < audit->count; i++) {
        const owi_target *target = &audit->plan->targets[i];
        if (audit->plan->rows[i].fill && owi_fill_is_whole(&target->filler)) {
            OWI_TRY(verify_whole(audit, i, threads, error));
        }
        audit->summary.same += audit->findings[i].bits == OWI_BITS_SAME;
        audit->summary.changed += audit->findings[i].bits == OWI_BITS_CHANGED;
    }
    find_gone(audit);
    return OWI_OK;
}

bool owi_model_provenance(const owi_model *model, owi_provenance_info *info) {
    const owi_provenance *provenance = model->provenance;
    if (!provenance) {
        return false;
    }
    if (info) {
        *info = (owi_provenance_info){provenance->version, provenance->options, provenance->digest,
                                      provenance->filled.count};
    }
    return true;
}

bool owi_plan_is_recorded(const owi_plan *plan) {
    char digest[OWI_DIGEST_LENGTH + 1];
    const owi_provenance *provenance = plan->model->provenance;
    size_t filled = 0;
    for (size_t i = 0; provenance && i < plan->count; i++) {
        filled += plan->rows[i].fill;
    }
    owi_plan_digest(plan, digest);
    return provenance && filled == provenance->filled.count &&
           strcmp(provenance->digest, digest) == 0;
}
