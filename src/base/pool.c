#define _GNU_SOURCE
#include "base/pool.h"

#include <pthread.h>
#include <sched.h>

enum { MOST_THREADS = 256 };

typedef struct job {
    void (*work)(void *context);
    void *context;
} job;

static void *run(void *argument) {
    const job *given = argument;
    given->work(given->context);
    return NULL;
}

void owi_parallel(unsigned threads, void (*work)(void *context), void *context) {
    job given = {work, context};
    pthread_t started[MOST_THREADS];
    unsigned count = 0;
    while (count + 1 < threads && count < MOST_THREADS &&
           pthread_create(&started[count], NULL, run, &given) == 0) {
        count++;
    }
    work(context);
    for (unsigned i = 0; i < count; i++) {
        pthread_join(started[i], NULL);
    }
}

unsigned owi_processors(void) {
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count > 0 ? (unsigned)count : 1;
}
