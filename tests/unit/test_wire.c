// Varints at the edges, and the assumption behind the scanner's sets of fields.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/schema.h"
#include "model/wire.h"
#include "onnx.pb-c.h"

static void test_varints(void **state) {
    (void)state;
    static const struct {
        uint64_t value;
        size_t length;
        const char *bytes;
    } rows[] = {
        {0, 1, "\0"},
        {127, 1, "\x7f"},
        {128, 2, "\x80\x01"},
        {16383, 2, "\xff\x7f"},
        {16384, 3, "\x80\x80\x01"},
        {UINT64_MAX, 10, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t bytes[OWI_VARINT_MOST];
        uint64_t value = 1;
        assert_int_equal(owi_varint_write(bytes, rows[i].value), rows[i].length);
        assert_memory_equal(bytes, rows[i].bytes, rows[i].length);
        assert_int_equal(owi_varint_read(bytes, rows[i].length, &value), rows[i].length);
        assert_true(value == rows[i].value);
        assert_int_equal(owi_varint_read(bytes, rows[i].length - 1, &value), 0);
    }
}

static void test_bad_varints(void **state) {
    (void)state;
    uint64_t value;
    const uint8_t padded[] = {0x81, 0x80, 0x00, 0x55};
    assert_int_equal(owi_varint_read(padded, sizeof padded, &value), 3);
    assert_int_equal(value, 1);
    uint8_t large[11];
    memset(large, 0xff, sizeof large);
    large[9] = 2; // a 65th bit
    assert_int_equal(owi_varint_read(large, sizeof large, &value), 0);
    large[9] = 0x81; // an 11th byte
    assert_int_equal(owi_varint_read(large, sizeof large, &value), 0);
}

static void check_message(const ProtobufCMessageDescriptor *message, unsigned depth) {
    for (unsigned i = 0; i < message->n_fields; i++) {
        assert_in_range(message->fields[i].id, 1, 63);
        if (message->fields[i].type == PROTOBUF_C_TYPE_MESSAGE && depth) {
            check_message(message->fields[i].descriptor, depth - 1);
        }
    }
}

static void test_field_numbers(void **state) {
    (void)state;
    check_message(&onnx__model_proto__descriptor, 7); // deep enough to reach every message
    assert_int_equal(owi_schema_of(&onnx__graph_proto__descriptor).type, OWI_MESSAGE_GRAPH);
    assert_int_equal(owi_schema_of(&onnx__type_proto__descriptor).type, OWI_MESSAGE_OTHER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_varints),
        cmocka_unit_test(test_bad_varints),
        cmocka_unit_test(test_field_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
