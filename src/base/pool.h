// pool.h: the same work by several threads at once.
#ifndef OWI_BASE_POOL_H
#define OWI_BASE_POOL_H

// Calls work(context) on `threads` threads, the caller's included, and returns when all have
// returned. Threads share out the work themselves (an atomic counter in the context). When the
// system refuses a thread, fewer run: the work must not depend on how many.
void owi_parallel(unsigned threads, void (*work)(void *context), void *context);

// The number of processors this process may use, at least 1.
unsigned owi_processors(void);

#endif
