// temp.h: a folder that a test may fill.
#ifndef TESTS_SUPPORT_TEMP_H
#define TESTS_SUPPORT_TEMP_H

#include <stddef.h>

typedef struct temp {
    char path[512];
} temp;

// Makes a new folder under TMPDIR (else /tmp); aborts the test program when it cannot.
temp temp_make(void);

// Removes the folder with all that is in it.
void temp_remove(const temp *folder);

// Writes a file in the folder and returns its path, for the caller to free; aborts when it cannot.
char *temp_file(const temp *folder, const char *name, const void *bytes, size_t length);

#endif
