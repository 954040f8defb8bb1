// wire.h: the encoding of protobuf, as far as a scanner and a splicer need it.
#ifndef OWI_MODEL_WIRE_H
#define OWI_MODEL_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { OWI_WIRE_VARINT = 0, OWI_WIRE_FIXED64 = 1, OWI_WIRE_BYTES = 2, OWI_WIRE_FIXED32 = 5 };

enum { OWI_VARINT_MOST = 10 };

// Reads a varint from up to length bytes. Returns how many it took; 0 when it does not end there,
// is longer than OWI_VARINT_MOST or does not fit 64 bits.
size_t owi_varint_read(const uint8_t *bytes, size_t length, uint64_t *value);

// Writes the shortest form, at most OWI_VARINT_MOST bytes; returns how many.
size_t owi_varint_write(uint8_t *bytes, uint64_t value);

// Writes a field's tag; returns how many bytes.
size_t owi_tag_write(uint8_t *bytes, uint32_t field, unsigned wire);

#endif
