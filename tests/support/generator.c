#include "support/generator.h"

#include <stdlib.h>

uint8_t fake_byte(size_t number, uint64_t index) {
    return (uint8_t)(number * 37 + index * 7 + (index >> 8) * 11 + (index >> 16) * 13);
}

static void range(void *context, size_t number, uint64_t offset, uint64_t length, void *made) {
    (void)context;
    if (offset % OWI_GRAIN != 0 || number >= FAKE_WHOLE) {
        abort();
    }
    for (uint64_t i = 0; i < length; i++) {
        ((uint8_t *)made)[i] = fake_byte(number, offset + i);
    }
}

static bool is_whole(void *context, size_t number) {
    (void)context;
    return number >= FAKE_WHOLE;
}

// The length of a tensor that is made as a whole follows from its number.
static owi_status whole(void *context, size_t number, unsigned threads, void *made,
                        owi_error *error) {
    (void)context;
    (void)threads;
    if (number == FAKE_WHOLE) {
        return owi_fail(error, OWI_SYSTEM, "no such luck");
    }
    for (uint64_t i = 0; i < number; i++) {
        ((uint8_t *)made)[i] = fake_byte(number, i);
    }
    return OWI_OK;
}

static double work(void *context, size_t number) {
    (void)context;
    return (double)number;
}

const owi_generator fake_generator = {NULL, range, is_whole, whole, work};

void put_fake(bytes *tensor, size_t number, size_t length) {
    bytes made = {0};
    for (uint64_t i = 0; i < length; i++) {
        uint8_t byte = fake_byte(number, i);
        put_bytes(&made, &byte, 1);
    }
    put_message(tensor, 9, &made);
}

void splice_fill(owi_splice *splice, const owi_record *tensor, uint64_t length, size_t number) {
    owi_carriage carriage = owi_carriage_fill(length, number);
    owi_splice_carry(splice, tensor, &carriage);
}
