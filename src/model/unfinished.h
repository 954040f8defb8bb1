// unfinished.h: files that must not stay when the process is stopped: a few names in folders that
// are open, kept where a signal handler can find them (owi_abandon).
#ifndef OWI_MODEL_UNFINISHED_H
#define OWI_MODEL_UNFINISHED_H

// Notes a name of less than 256 bytes; the folder must stay open until it is dropped. Returns what
// to drop it by; when there are too many names, this one will stay behind. Thread-safe.
int owi_unfinished_add(int folder, const char *name);

// Forgets a name: it is finished or gone. What owi_unfinished_add returned, or -1.
void owi_unfinished_drop(int place);

#endif
