// audit.c: the pipeline behind owi_audit_make: what to expect, measure, judge.
#include "audit/audit.h"

#include "base/pool.h"
#include "fill/runs.h"
#include "model/guard.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

// ---- measuring, by several threads

typedef struct sharing {
    owi_audit *audit;
    void **memories;
    _Atomic size_t next_memory, next_subject;
} sharing;

static void measure_some(void *context) {
    sharing *share = context;
    owi_measurer *measurer = share->memories[atomic_fetch_add(&share->next_memory, 1)];
    for (size_t i; (i = atomic_fetch_add(&share->next_subject, 1)) < share->audit->count;) {
        owi_measure(measurer, share->audit->plan->model, &share->audit->subjects[i]);
    }
}

// The columns of the widest box that is taken for a matrix.
static uint64_t widest(const owi_audit *audit) {
    uint64_t most = 1;
    for (size_t i = 0; i < audit->count; i++) {
        const owi_subject *subject = &audit->subjects[i];
        for (size_t k = 0; subject->is_matrix && k < subject->box_count; k++) {
            uint64_t columns = owi_box_columns(subject->boxes[k].recipe, subject->filler->rank);
            most = columns > most ? columns : most;
        }
    }
    return most;
}

static void measure(owi_audit *audit, unsigned threads) {
    owi_arena *arena = &audit->plan->model->arena;
    const size_t size = owi_measurer_size(widest(audit));
    sharing share = {.audit = audit, .memories = owi_new(arena, void *, threads)};
    for (unsigned i = 0; i < threads; i++) {
        share.memories[i] = owi_arena_alloc(arena, size);
    }
    owi_parallel(threads, measure_some, &share);
}

// ---- the whole

typedef struct request {
    const owi_plan *plan;
    const json_t *against; // a saved report, or NULL
    const owi_plan *diff;  // another model's, or NULL
    bool verify;
    unsigned threads;
} request;

static owi_status make(const request *asked, owi_audit **made, owi_error *error) {
    const owi_plan *plan = asked->plan;
    owi_audit *audit = owi_new(&plan->model->arena, owi_audit, 1);
    *audit = (owi_audit){.plan = plan, .other = asked->diff, .count = plan->count};
    audit->findings = owi_new(&plan->model->arena, owi_finding, plan->count);
    owi_subjects_of_plan(audit);
    if (asked->against) {
        owi_subjects_of_report(audit, asked->against);
    }
    measure(audit, asked->threads);
    if (asked->verify) {
        OWI_TRY(owi_verify(audit, asked->threads, error));
    }
    owi_judge(audit);
    if (asked->diff) {
        owi_compare(audit, asked->threads);
    }
    *made = audit;
    return OWI_OK;
}

static owi_status guarded_make(const request *asked, owi_audit **made, owi_error *error) {
    OWI_GUARD(&asked->plan->model->arena, error);
    owi_status status = make(asked, made, error);
    OWI_UNGUARD(&asked->plan->model->arena);
    return status;
}

static owi_status load(const char *path, json_t **report, owi_error *error) {
    json_error_t problem;
    FILE *file = fopen(path, "rb");
    if (!file) {
        return owi_fail(error, OWI_SYSTEM, "%s: cannot be opened: %s", path, strerror(errno));
    }
    *report = json_loadf(file, JSON_REJECT_DUPLICATES, &problem);
    fclose(file);
    if (!*report) {
        // the parser's own words quote the file, escape sequences and all
        return owi_fail(error, OWI_USAGE, "%s: line %d: not JSON, or a key stands twice", path,
                        problem.line);
    }
    const char *format = json_string_value(json_object_get(*report, "format"));
    if (!format || strcmp(format, "onnx-winit-report") != 0 ||
        !json_is_array(json_object_get(*report, "tensors"))) {
        return owi_fail(error, OWI_USAGE, "%s: not a report of onnx-winit in JSON", path);
    }
    return OWI_OK;
}

owi_status owi_audit_make(const owi_plan *plan, const owi_audit_options *options,
                          const owi_audit **audit, owi_error *error) {
    static const owi_audit_options defaults = OWI_AUDIT_INIT;
    const owi_audit_options *chosen = options ? options : &defaults;
    const unsigned threads = chosen->threads ? chosen->threads : owi_processors();
    json_t *against = NULL;
    owi_audit *made = NULL;
    owi_status status = chosen->against ? load(chosen->against, &against, error) : OWI_OK;
    if (status == OWI_OK) {
        const request asked = {plan, against, chosen->diff, chosen->verify, threads};
        status = guarded_make(&asked, &made, error);
    }
    json_decref(against);
    *audit = status == OWI_OK ? made : NULL;
    return status;
}

const owi_finding *owi_audit_finding(const owi_audit *audit, size_t index) {
    return index < audit->count ? &audit->findings[index] : NULL;
}

const owi_audit_summary *owi_audit_result(const owi_audit *audit) {
    return &audit->summary;
}
