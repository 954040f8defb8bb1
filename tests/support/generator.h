// generator.h: made-up tensor bytes, and saving with them.
#ifndef TESTS_SUPPORT_GENERATOR_H
#define TESTS_SUPPORT_GENERATOR_H

#include "model/save.h"
#include "support/bytes.h"

enum { FAKE_WHOLE = 1000 }; // tensors from this number on are made as a whole

// Byte `index` of tensor `number`.
uint8_t fake_byte(size_t number, uint64_t index);

// A generator of fake bytes. It checks that offsets keep to the grain.
extern const owi_generator fake_generator;

// `length` fake bytes of a tensor as a field of raw_data.
void put_fake(bytes *tensor, size_t number, size_t length);

// The tensor is filled with `length` made-up bytes, as raw_data.
void splice_fill(owi_splice *splice, const owi_record *tensor, uint64_t length, size_t number);

#endif
