#include "plan/job_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#define XXH_INLINE_ALL // the state is a local variable
#include <xxhash.h>

enum { READ = 4096, WHOLE = 1 << 20 };

static void add_number(XXH3_state_t *state, uint64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
    XXH3_128bits_update(state, bytes, sizeof bytes);
}

static owi_status add_copied(XXH3_state_t *state, const owi_source *source,
                             const owi_segment *segment, owi_error *error) {
    uint8_t bytes[READ];
    for (uint64_t at = 0; at < segment->length; at += at < WHOLE ? READ : WHOLE) {
        uint64_t left = segment->length - at;
        size_t length = left < READ ? (size_t)left : READ;
        if (segment->external) {
            OWI_TRY(owi_external_read(source, segment->external, at, bytes, length, error));
        } else {
            OWI_TRY(owi_source_read(source, segment->input + at, bytes, length, error));
        }
        XXH3_128bits_update(state, bytes, length);
    }
    return OWI_OK;
}

static owi_status add_layout(XXH3_state_t *state, const owi_source *source,
                             const owi_layout *layout, owi_error *error) {
    for (size_t i = 0; i < layout->count; i++) {
        const owi_segment *segment = &layout->segments[i];
        add_number(state, (uint64_t)segment->kind);
        add_number(state, segment->length);
        switch (segment->kind) {
        case OWI_SEGMENT_COPY: OWI_TRY(add_copied(state, source, segment, error)); break;
        case OWI_SEGMENT_LITERAL:
            XXH3_128bits_update(state, segment->literal, (size_t)segment->length);
            break;
        case OWI_SEGMENT_FILL: add_number(state, segment->tensor); break;
        }
    }
    return OWI_OK;
}

static void write_digest(XXH128_hash_t hash, char digest[OWI_DIGEST_LENGTH + 1]) {
    snprintf(digest, OWI_DIGEST_LENGTH + 1, "%016" PRIx64 "%016" PRIx64, hash.high64, hash.low64);
}

owi_status owi_job_text(const owi_plan *plan, const owi_layouts *layouts, char text[OWI_JOB_LENGTH],
                        owi_error *error) {
    const owi_model *model = plan->model;
    char input[OWI_DIGEST_LENGTH + 1], rules[OWI_DIGEST_LENGTH + 1], bytes[OWI_DIGEST_LENGTH + 1];
    write_digest(XXH3_128bits(model->scan.skeleton, model->scan.skeleton_length), input);
    owi_plan_digest(plan, rules);
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_128bits_reset(&state);
    OWI_TRY(add_layout(&state, &model->source, &layouts->data, error));
    OWI_TRY(add_layout(&state, &model->source, &layouts->model, error));
    write_digest(XXH3_128bits_digest(&state), bytes);
    snprintf(text, OWI_JOB_LENGTH, "seed %" PRIu64 "\ninput %s\nrules %s\nbytes %s\n", plan->seed,
             input, rules, bytes);
    return OWI_OK;
}
