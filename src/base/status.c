#include "base/status.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_BYTES = 200 };

owi_status owi_fail(owi_error *error, owi_status status, const char *format, ...) {
    if (error) {
        va_list args;
        va_start(args, format);
        error->status = status;
        vsnprintf(error->text, sizeof error->text, format, args);
        va_end(args);
    }
    return status;
}

owi_status owi_unknown(owi_arena *arena, const char *what, const char *name,
                       const char *const *names, owi_error *error) {
    const char *near = owi_nearest_name(name, names);
    return owi_fail(error, OWI_USAGE, "there is no %s '%s'%s%s%s", what, owi_shown(arena, name),
                    near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

owi_status owi_exhausted(const owi_arena *arena, owi_error *error) {
    const char *subject = arena->subject ? arena->subject : "this";
    switch (arena->shortage) {
    case OWI_SHORT_OF_MEMORY:
        return owi_fail(error, OWI_UNSUPPORTED,
                        "%s: too complex for its size: it takes more than %zu MiB of memory",
                        subject, arena->limit >> 20);
    case OWI_SHORT_OF_STEPS:
        return owi_fail(error, OWI_UNSUPPORTED,
                        "%s: too complex for its size: it takes more than %" PRIu64
                        " million steps",
                        subject, arena->step_limit / 1000000);
    case OWI_SHORT_OF_SYSTEM: break;
    }
    return owi_fail(error, OWI_SYSTEM, "out of memory");
}

const char *owi_status_text(owi_status status) {
    switch (status) {
#define STATUS(id, code, text)                                                                     \
    case OWI_##id:                                                                                 \
        return text;
#include "tables/status.def"
#undef STATUS
    }
    return "unknown status";
}

const char *owi_version(void) {
    return OWI_VERSION;
}

static const char *escape(owi_arena *arena, const char *text, size_t most) {
    size_t length = strlen(text), at = 0, plain;
    while (at < length && (plain = owi_utf8_plain(text + at, length - at))) {
        at += plain;
    }
    if (at == length && length <= most) {
        return text;
    }
    size_t kept = length < most ? length : most;
    char *shown = owi_arena_alloc(arena, 4 * kept + 8), *out = shown;
    for (at = 0; at < kept;) {
        plain = owi_utf8_plain(text + at, length - at);
        if (plain) {
            memcpy(out, text + at, plain);
            out += plain;
            at += plain;
        } else {
            out += sprintf(out, "\\x%02x", (unsigned char)text[at++]);
        }
    }
    strcpy(out, at < length ? "..." : "");
    return shown;
}

const char *owi_shown(owi_arena *arena, const char *text) {
    return escape(arena, text, SHOWN_BYTES);
}

const char *owi_escaped(owi_arena *arena, const char *text) {
    return escape(arena, text, SIZE_MAX);
}
