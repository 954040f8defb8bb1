// values.h: the values of a tensor as its raw_data would hold them, wherever the file keeps them:
// in raw_data, in a typed array (packed or not), or in an external file, which is opened here and
// nowhere else (external.h). Never mapped, never more than a window in memory.
#ifndef OWI_MODEL_VALUES_H
#define OWI_MODEL_VALUES_H

#include "base/dtype.h"
#include "model/model.h"

typedef struct owi_values {
    const owi_source *source;
    const owi_tensor_record *record;
    size_t size;       // bytes of an element
    uint64_t elements; // of the tensor
    int external;      // the open file, or -1
    uint64_t offset;   // of the first element in the external file
    size_t width;      // bytes of an entry of the file; 0: a varint
    uint64_t next;     // the element that the place below stands before
    size_t span;       // the current span ...
    uint64_t at;       // ... and the next byte in it to load
    uint8_t window[4096];
    size_t begin, end; // the loaded bytes that are still to be read
} owi_values;

// Opens the values of a tensor of a float or integer type of at least 8 bits, or of booleans. False
// when the file does not hold them. To be closed, also after false.
bool owi_values_open(owi_values *values, const owi_model *model, const Onnx__TensorProto *tensor);

// Reads elements [first, first + count), little-endian. From a typed array that is not laid out as
// raw_data is, going back starts anew. False when they cannot be read, or there are fewer.
bool owi_values_read(owi_values *values, uint64_t first, uint64_t count, void *bytes);

void owi_values_close(owi_values *values);

#endif
