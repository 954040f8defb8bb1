#include "base/arena.h"

#include "base/poison.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024 };

struct owi_arena_chunk {
    owi_arena_chunk *next;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

static void *give_up(owi_arena *arena, owi_shortage shortage) {
    if (arena->exhausted) {
        arena->shortage = shortage;
        longjmp(*arena->exhausted, 1);
    }
    return NULL;
}

void owi_spend(owi_arena *arena, uint64_t steps) {
    arena->steps += steps;
    if (arena->step_limit && arena->steps > arena->step_limit) {
        give_up(arena, OWI_SHORT_OF_STEPS);
    }
}

static owi_arena_chunk *add_chunk(owi_arena *arena, size_t size) {
    size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
    if (room > SIZE_MAX - sizeof(owi_arena_chunk)) {
        return NULL;
    }
    owi_arena_chunk *chunk = calloc(1, sizeof *chunk + room);
    if (!chunk) {
        return NULL;
    }
    chunk->size = room;
    OWI_POISON(chunk->bytes, room);
    // A large request gets a chunk of its own behind the current one, whose rest stays in use.
    if (arena->chunks && size > CHUNK_SIZE) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *owi_arena_alloc(owi_arena *arena, size_t size) {
    const size_t align = alignof(max_align_t), asked = size;
    if (size > SIZE_MAX - align - OWI_POISON_GAP) {
        return give_up(arena, OWI_SHORT_OF_SYSTEM);
    }
    size = (size + align - 1) / align * align + OWI_POISON_GAP;
    if (arena->limit && (size > arena->limit || arena->used > arena->limit - size)) {
        return give_up(arena, OWI_SHORT_OF_MEMORY);
    }
    owi_arena_chunk *chunk = arena->chunks;
    if (!chunk || size > chunk->size - chunk->used) {
        chunk = add_chunk(arena, size);
        if (!chunk) {
            return give_up(arena, OWI_SHORT_OF_SYSTEM);
        }
    }
    void *memory = chunk->bytes + chunk->used;
    chunk->used += size;
    arena->used += size;
    OWI_UNPOISON(memory, asked);
    return memory;
}

void *owi_arena_array(owi_arena *arena, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return give_up(arena, OWI_SHORT_OF_SYSTEM);
    }
    return owi_arena_alloc(arena, bytes);
}

void *owi_arena_grow(owi_arena *arena, const void *items, size_t count, size_t *capacity,
                     size_t need, size_t size) {
    size_t wanted = *capacity < 4 ? 8 : *capacity;
    while (wanted < need) {
        if (__builtin_mul_overflow(wanted, (size_t)2, &wanted)) {
            return give_up(arena, OWI_SHORT_OF_SYSTEM);
        }
    }
    if (wanted == *capacity && __builtin_mul_overflow(wanted, (size_t)2, &wanted)) {
        return give_up(arena, OWI_SHORT_OF_SYSTEM);
    }
    void *larger = owi_arena_array(arena, wanted, size);
    if (larger && count) {
        memcpy(larger, items, count * size);
    }
    if (larger) {
        *capacity = wanted;
    }
    return larger;
}

char *owi_arena_copy(owi_arena *arena, const char *text, size_t length) {
    char *copy = owi_arena_array(arena, length + 1, 1);
    if (copy && length) {
        memcpy(copy, text, length);
    }
    return copy;
}

char *owi_arena_printf(owi_arena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = owi_arena_array(arena, (size_t)length + 1, 1);
    if (text) {
        va_start(args, format);
        vsnprintf(text, (size_t)length + 1, format, args);
        va_end(args);
    }
    return text;
}

void owi_arena_free(owi_arena *arena) {
    for (owi_arena_chunk *chunk = arena->chunks; chunk;) {
        owi_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->chunks = NULL;
    arena->used = 0;
}
