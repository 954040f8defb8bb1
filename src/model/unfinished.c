#define _GNU_SOURCE
#include "model/unfinished.h"

#include "onnx_winit.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { PLACES = 16, NAME_ROOM = 256 };

// A handler may come between any two instructions, in any thread: whoever changes `state` from
// FULL has the place.
enum { EMPTY, TAKEN, FULL };

static struct place {
    atomic_int state;
    int folder;
    char name[NAME_ROOM];
} places[PLACES];

int owi_unfinished_add(int folder, const char *name) {
    for (int i = 0; i < PLACES && strlen(name) < NAME_ROOM; i++) {
        int empty = EMPTY;
        if (atomic_compare_exchange_strong(&places[i].state, &empty, TAKEN)) {
            places[i].folder = folder;
            strcpy(places[i].name, name);
            atomic_store(&places[i].state, FULL);
            return i;
        }
    }
    return -1;
}

void owi_unfinished_drop(int place) {
    if (place >= 0) {
        int full = FULL;
        atomic_compare_exchange_strong(&places[place].state, &full, EMPTY);
    }
}

void owi_abandon(void) {
    for (int i = 0; i < PLACES; i++) {
        int full = FULL;
        if (atomic_compare_exchange_strong(&places[i].state, &full, TAKEN)) {
            unlinkat(places[i].folder, places[i].name, 0);
        }
    }
}
