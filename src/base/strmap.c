#include "base/strmap.h"

#include <stdint.h>
#include <string.h>
#include <xxhash.h>

typedef struct owi_strmap_slot {
    const char *key; // NULL: free
    uint64_t hash;
    void *value;
} owi_strmap_slot;

static uint64_t hash_of(const char *key) {
    return XXH3_64bits(key, strlen(key));
}

// The slot that holds the key, or the free one where it belongs. Linear probing.
static owi_strmap_slot *find(owi_strmap_slot *slots, size_t capacity, const char *key,
                             uint64_t hash) {
    size_t at = (size_t)hash & (capacity - 1);
    while (slots[at].key && (slots[at].hash != hash || strcmp(slots[at].key, key) != 0)) {
        at = (at + 1) & (capacity - 1);
    }
    return &slots[at];
}

static void enlarge(owi_arena *arena, owi_strmap *map) {
    size_t capacity = map->capacity ? map->capacity * 2 : 16;
    owi_strmap_slot *slots = owi_new(arena, owi_strmap_slot, capacity);
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].key) {
            *find(slots, capacity, map->slots[i].key, map->slots[i].hash) = map->slots[i];
        }
    }
    map->slots = slots;
    map->capacity = capacity;
}

void *owi_strmap_put(owi_arena *arena, owi_strmap *map, const char *key, void *value) {
    if (map->count * 4 >= map->capacity * 3) {
        enlarge(arena, map);
    }
    uint64_t hash = hash_of(key);
    owi_strmap_slot *slot = find(map->slots, map->capacity, key, hash);
    void *old = slot->value;
    if (!slot->key) {
        map->count++;
    }
    *slot = (owi_strmap_slot){key, hash, value};
    return old;
}

void *owi_strmap_get(const owi_strmap *map, const char *key) {
    if (!map->capacity) {
        return NULL;
    }
    return find(map->slots, map->capacity, key, hash_of(key))->value;
}
