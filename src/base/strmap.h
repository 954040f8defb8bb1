// strmap.h: from text to pointer, in an arena. Keys are not copied and must outlive the map.
#ifndef OWI_BASE_STRMAP_H
#define OWI_BASE_STRMAP_H

#include "base/arena.h"

#include <stddef.h>

typedef struct owi_strmap {
    struct owi_strmap_slot *slots;
    size_t count, capacity;
} owi_strmap;

// Sets the key's value; returns the value it had, or NULL.
void *owi_strmap_put(owi_arena *arena, owi_strmap *map, const char *key, void *value);

// The key's value, or NULL.
void *owi_strmap_get(const owi_strmap *map, const char *key);

#endif
