// arena.h: one bump allocator for each model. Everything reached from a model lives in its arena
// and dies with it; nothing in between is freed.
//
// Running out (the system's memory, or one of the arena's caps) unwinds to the place the library
// was entered at, which set `exhausted`; so analysis code needs no test after each allocation. Code
// that holds something the arena does not own (a file, a thread) must not allocate from it.
//
// The cap on steps bounds the time that a small file made for it could cost: loops whose length
// does not follow from the file's size pay for themselves with owi_spend.
#ifndef OWI_BASE_ARENA_H
#define OWI_BASE_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef struct owi_arena_chunk owi_arena_chunk;

typedef enum owi_shortage {
    OWI_SHORT_OF_SYSTEM, // the system has no more memory
    OWI_SHORT_OF_MEMORY, // `limit` is reached
    OWI_SHORT_OF_STEPS   // `step_limit` is reached
} owi_shortage;

typedef struct owi_arena {
    owi_arena_chunk *chunks;
    size_t used;           // bytes handed out
    size_t limit;          // cap on `used`; 0 means none
    uint64_t steps;        // spent; one is worth about twenty nanoseconds
    uint64_t step_limit;   // cap on `steps`; 0 means none
    const char *subject;   // what the caps are for, as errors name it
    jmp_buf *exhausted;    // where to go when an allocation fails; NULL makes it return NULL
    owi_shortage shortage; // why it went there
} owi_arena;

// Pays for steps of work. Does nothing while `exhausted` is NULL.
void owi_spend(owi_arena *arena, uint64_t steps);

// Zeroed memory aligned for any type. Returns NULL only while `exhausted` is NULL.
void *owi_arena_alloc(owi_arena *arena, size_t size);

// As above for count × size bytes; a product that overflows counts as exhausted.
void *owi_arena_array(owi_arena *arena, size_t count, size_t size);

// A larger copy of an array: doubles *capacity (at least to `need`) and copies `count` items.
void *owi_arena_grow(owi_arena *arena, const void *items, size_t count, size_t *capacity,
                     size_t need, size_t size);

// A NUL-terminated copy of length bytes.
char *owi_arena_copy(owi_arena *arena, const char *text, size_t length);

// printf into the arena.
char *owi_arena_printf(owi_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// Releases every chunk; the arena is empty and usable again.
void owi_arena_free(owi_arena *arena);

#define owi_new(arena, type, count) ((type *)owi_arena_array((arena), (count), sizeof(type)))

// A growing array in an arena: struct { T *items; size_t count, capacity; } *list.
#define owi_push(arena, list)                                                                      \
    (((list)->count == (list)->capacity                                                            \
          ? (void)((list)->items =                                                                 \
                       owi_arena_grow((arena), (list)->items, (list)->count, &(list)->capacity,    \
                                      (list)->count + 1, sizeof *(list)->items))                   \
          : (void)0),                                                                              \
     &(list)->items[(list)->count++])

#endif
