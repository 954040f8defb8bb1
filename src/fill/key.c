#include "fill/fill.h"

#include <string.h>
#define XXH_INLINE_ALL // the state is a local variable
#include <xxhash.h>

owi_key owi_key_make(uint64_t seed, const char *scope, const char *name) {
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(seed >> (8 * i));
    }
    XXH3_state_t state;
    XXH3_INITSTATE(&state);
    XXH3_64bits_reset(&state);
    XXH3_64bits_update(&state, bytes, sizeof bytes);
    XXH3_64bits_update(&state, scope, strlen(scope) + 1);
    XXH3_64bits_update(&state, name, strlen(name));
    return XXH3_64bits_digest(&state);
}
