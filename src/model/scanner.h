// scanner.h: the state of a scan, shared by scan.c (messages and fields), scan_tensor.c (values)
// and skeleton.c (what protobuf-c will see).
#ifndef OWI_MODEL_SCANNER_H
#define OWI_MODEL_SCANNER_H

#include "base/dtype.h"
#include "base/strmap.h"
#include "model/schema.h"

#define OWI_NO_RECORD UINT32_MAX

// A message that is being scanned.
typedef struct owi_frame {
    owi_schema schema;
    uint64_t offset; // of its tag
    uint64_t end;
    owi_fields seen;
    uint32_t field;   // its number in the message around it
    uint32_t record;  // or OWI_NO_RECORD
    size_t length_at; // where its length stands in the skeleton; 0: nowhere
    owi_strmap names; // of a graph: its initializers
} owi_frame;

// A field as it stands in the file.
typedef struct owi_field {
    const ProtobufCFieldDescriptor *known; // NULL: not in the schema
    uint32_t number;
    unsigned wire;
    uint64_t offset;  // of the tag
    uint64_t content; // of the value, behind tag and length
    uint64_t end;
    uint64_t value; // of a varint
} owi_field;

typedef struct owi_spans {
    owi_span *items;
    size_t count, capacity;
} owi_spans;

// What is known so far of the tensor being scanned; tensors do not nest.
typedef struct owi_tensor_scan {
    const char *name;
    uint64_t data_type, location; // fields of the same names
    size_t rank;
    uint64_t elements; // product of the dims that are not 0
    bool empty;        // some dim is 0
    bool negative, overflow;
    const char *carrier, *second; // fields that hold values; a second one is one too many
    bool mixed;                   // packed and not
    owi_tensor_record found;
    uint64_t bytes; // of the values
    owi_spans carriers, values;
} owi_tensor_scan;

typedef struct owi_scanner {
    owi_source *source;
    owi_arena *arena;
    owi_error *error; // never NULL
    uint64_t at;      // the next byte to look at
    owi_frame frames[OWI_LIMIT_DEPTH + 1];
    size_t depth; // frames in use
    owi_tensor_scan tensor;
    uint64_t messages, nodes, functions, ir_version;
    bool is_location; // the entry being scanned has the key "location" ...
    const char *text; // ... and this value
    owi_strmap seen_locations;
    struct {
        const char **items;
        size_t count, capacity;
    } locations;
    struct {
        owi_record *items;
        size_t count, capacity;
    } records;
    struct {
        uint8_t *items;
        size_t count, capacity;
    } skeleton;
} owi_scanner;

// OWI_INPUT: "path: damaged or not an ONNX model, byte N: ...".
owi_status owi_scan_damaged(const owi_scanner *scanner, uint64_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// The innermost message.
static inline owi_frame *owi_scan_top(owi_scanner *scanner) {
    return &scanner->frames[scanner->depth - 1];
}

// Reads the next field of the innermost message: its tag and the extent of its value.
owi_status owi_scan_read_field(owi_scanner *scanner, owi_field *field);

// Checks a known field: its wire type is the schema's, and what is not repeated comes once.
owi_status owi_scan_check_field(owi_scanner *scanner, const owi_field *field);

// Checks a field that is not a message, and puts it into the skeleton or leaves it out.
owi_status owi_scan_keep_field(owi_scanner *scanner, const owi_field *field);

// Adds bytes to the skeleton: given ones, tag and length of a field, or a stretch of the file.
void owi_skeleton_put(owi_scanner *scanner, const void *bytes, size_t length);
void owi_skeleton_put_head(owi_scanner *scanner, uint32_t field, uint64_t length);
owi_status owi_skeleton_copy(owi_scanner *scanner, owi_span span);

// Starts a message of the skeleton; ends it, with the number of its record inside.
void owi_skeleton_open(owi_scanner *scanner, owi_frame *frame);
void owi_skeleton_close(owi_scanner *scanner, const owi_frame *frame);

void owi_scan_tensor_begin(owi_scanner *scanner);

// Notes a field of the tensor on top of the frames.
owi_status owi_scan_tensor_field(owi_scanner *scanner, const owi_field *field);

// Checks the tensor as a whole, completes its record, puts a small payload into the skeleton.
owi_status owi_scan_tensor_end(owi_scanner *scanner);

// Checks a packed field and counts its numbers.
owi_status owi_scan_packed(owi_scanner *scanner, const owi_field *field, uint64_t *count);

#endif
