// utf8.h: which bytes of a foreign text may be shown as they are.
#ifndef OWI_BASE_UTF8_H
#define OWI_BASE_UTF8_H

#include <stddef.h>

// Length of the valid UTF-8 character at text (length bytes left, at least 1), or 0.
size_t owi_utf8_length(const char *text, size_t length);

// As above, but 0 also for control characters and for marks that reorder text (bidirectional
// controls, zero-width characters): whatever could disguise a line of a terminal.
size_t owi_utf8_plain(const char *text, size_t length);

#endif
