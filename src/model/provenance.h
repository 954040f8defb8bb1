// provenance.h: what a run leaves in the file about itself: one entry of the model's
// metadata_props, in plain lines:
//
//     onnx-winit 0.1.0
//     seed 42
//     profile vision                       the options that were given, one to a line
//     keep head[.].*
//     rule {role: bias, scheme: 'zeros'}   those of files and presets, too: a line needs no file
//     plan 8f2c...                         digest of what was planned (plan/digest.h)
//     filled conv1.weight                  every tensor that was filled ...
//     in /loop/body                        ... from here on, those of this body or function
//     filled w
//
// Text is escaped as in reports, so a line is a line. In a pattern that changes nothing: PCRE2
// reads \x0a as the character that it stands for.
#ifndef OWI_MODEL_PROVENANCE_H
#define OWI_MODEL_PROVENANCE_H

#include "base/strmap.h"
#include "model/model.h"

#define OWI_PROVENANCE_KEY "onnx_winit"

enum { OWI_DIGEST_LENGTH = 32 }; // hexadecimal digits

typedef struct owi_filled {
    const char *scope, *name; // escaped
} owi_filled;

typedef struct owi_provenance {
    const char *version;
    owi_options options;
    const char *digest;
    struct {
        owi_filled *items;
        size_t count, capacity;
    } filled; // in the order of the entry
    owi_strmap index;
} owi_provenance;

// What the model's entry says, in its arena; NULL when there is none or it makes no sense.
const owi_provenance *owi_provenance_read(owi_model *model);

// Whether the run that the entry tells of filled this tensor. `provenance` may be NULL.
bool owi_provenance_names(const owi_provenance *provenance, owi_arena *arena, const char *scope,
                          const char *name);

// The entry as text. `filled` is all that need be set of `provenance` besides options and digest;
// names are escaped here.
const char *owi_provenance_text(owi_arena *arena, const owi_provenance *provenance);

#endif
