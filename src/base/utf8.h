// utf8.h: which bytes of a foreign text may be shown as they are.
#ifndef OWI_BASE_UTF8_H
#define OWI_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

// Decodes the character at text (length bytes left, at least 1) into *point and returns its length;
// 0 where it is not valid UTF-8: overlong forms, surrogates, values past U+10FFFF (RFC 3629).
size_t owi_utf8_decode(const char *text, size_t length, uint32_t *point);

// Length of the valid UTF-8 character at text (length bytes left, at least 1), or 0.
size_t owi_utf8_length(const char *text, size_t length);

// As above, but 0 also for control characters, marks that reorder text (bidirectional controls,
// zero-width characters) and what is no character: whatever could disguise a line of a terminal.
size_t owi_utf8_plain(const char *text, size_t length);

#endif
