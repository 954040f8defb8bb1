// status.h: errors are values with a place. The text says what, where and what was expected, in
// lower case, on one line; text that comes from a model goes through owi_shown first.
#ifndef OWI_BASE_STATUS_H
#define OWI_BASE_STATUS_H

#include "base/arena.h"
#include "onnx_winit.h"

// Fills the error (which may be NULL) and returns the status.
owi_status owi_fail(owi_error *error, owi_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// OWI_USAGE: there is no such thing, and which one of the NULL-terminated names was probably meant.
owi_status owi_unknown(owi_arena *arena, const char *what, const char *name,
                       const char *const *names, owi_error *error);

// Says what an arena ran out of: OWI_SYSTEM, or OWI_UNSUPPORTED where a cap of its own was reached.
owi_status owi_exhausted(const owi_arena *arena, owi_error *error);

// Returns from the calling function when the expression is not OWI_OK.
#define OWI_TRY(expression)                                                                        \
    do {                                                                                           \
        owi_status try_status = (expression);                                                      \
        if (try_status != OWI_OK) {                                                                \
            return try_status;                                                                     \
        }                                                                                          \
    } while (0)

// The text as it may be shown on one line: control characters, escape sequences, bidirectional
// marks and bytes that are not UTF-8 become \xNN, and past 200 bytes it is cut with "...".
// Returns the text itself when there is nothing to change.
const char *owi_shown(owi_arena *arena, const char *text);

// The same without the cut, for reports.
const char *owi_escaped(owi_arena *arena, const char *text);

#endif
