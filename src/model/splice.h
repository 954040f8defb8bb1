// splice.h: the output as a list of segments: copy these input bytes, these literal bytes, fill
// tensor T here. Every length is known before the first byte is written. Whatever no edit touches
// is copied, so a splice without edits is the input, byte for byte.
//
// Edits may come in any order; those inside a message that is removed have no effect. A splice and
// its layout live in the model's arena.
#ifndef OWI_MODEL_SPLICE_H
#define OWI_MODEL_SPLICE_H

#include "base/dtype.h"
#include "model/carriage.h"
#include "model/model.h"

typedef struct owi_splice owi_splice;

owi_splice *owi_splice_new(owi_model *model);

// The tensor's value becomes this one; its other carriers go, the rest of the message stays. The
// new fields stand where the first old carrier stood, else at the end. Once for each tensor.
void owi_splice_carry(owi_splice *splice, const owi_record *tensor, const owi_carriage *carriage);

// A new initializer, at the end of the graph message.
void owi_splice_add_initializer(owi_splice *splice, const owi_record *graph, const char *name,
                                owi_dtype dtype, const int64_t *dims, size_t rank,
                                const owi_carriage *carriage);

// The message goes, tag and all. Once for each message, and not for a carrier of a filled tensor.
void owi_splice_remove(owi_splice *splice, const owi_record *message);

// The node's input number `input` gets another name. OWI_INPUT when the file no longer holds what
// the scan saw.
owi_status owi_splice_rename_input(owi_splice *splice, const owi_record *node, size_t input,
                                   const char *name, owi_error *error);

// Bytes (whole fields) that come at the end of the message's content. They are copied.
void owi_splice_append(owi_splice *splice, const owi_record *message, const uint8_t *bytes,
                       size_t length);

// Resolves all edits and the lengths of every enclosing message. OWI_UNSUPPORTED when the output
// would pass `limit` bytes, OWI_INTERNAL when edits contradict each other.
owi_status owi_splice_layout(owi_splice *splice, uint64_t limit, owi_layout *layout,
                             owi_error *error);

#endif
