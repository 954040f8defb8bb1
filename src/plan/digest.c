#include "plan/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#define XXH_INLINE_ALL // the state is a local variable
#include <xxhash.h>

static void add_number(XXH3_state_t *state, uint64_t number) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
    XXH3_128bits_update(state, bytes, sizeof bytes);
}

static void add_real(XXH3_state_t *state, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add_number(state, bits);
}

static void add_text(XXH3_state_t *state, const char *text) {
    XXH3_128bits_update(state, text, strlen(text) + 1);
}

static void add_sizes(XXH3_state_t *state, const int64_t *sizes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        add_number(state, (uint64_t)sizes[i]);
    }
}

static void add_filler(XXH3_state_t *state, const owi_filler *filler) {
    add_number(state, filler->key);
    add_number(state, (uint64_t)filler->dtype);
    add_number(state, filler->rank);
    add_sizes(state, filler->shape, filler->rank);
    for (size_t i = 0; i < filler->recipe_count; i++) {
        const owi_recipe *recipe = &filler->recipes[i];
        add_number(state, (uint64_t)recipe->kind);
        add_real(state, recipe->a);
        add_real(state, recipe->b);
        add_real(state, recipe->c);
        if (recipe->kind == OWI_RECIPE_BOUNDED) {
            add_real(state, recipe->d);
        }
        add_sizes(state, recipe->offset, filler->rank);
        add_sizes(state, recipe->extent, filler->rank);
        add_number(state, recipe->row_axes);
        add_number(state, recipe->groups);
        add_number(state, recipe->stream);
        add_number(state, recipe->source ? recipe->source->key : 0);
    }
}

void owi_plan_digest(const owi_plan *plan, char digest[OWI_DIGEST_LENGTH + 1]) {
    uint64_t high = 0, low = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->rows[i].fill) {
            XXH3_state_t state;
            XXH3_INITSTATE(&state);
            XXH3_128bits_reset(&state);
            add_text(&state, plan->targets[i].tensor->scope);
            add_text(&state, plan->targets[i].tensor->name);
            add_filler(&state, &plan->targets[i].filler);
            XXH128_hash_t hash = XXH3_128bits_digest(&state);
            high += hash.high64;
            low += hash.low64;
        }
    }
    snprintf(digest, OWI_DIGEST_LENGTH + 1, "%016" PRIx64 "%016" PRIx64, high, low);
}
