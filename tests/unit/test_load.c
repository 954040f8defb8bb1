// Loading: reading tensor values in every form a file may hold them in, data in other files, and
// running out of memory.
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dtype.h"
#include "model/guard.h"
#include "model/model.h"
#include "support/models.h"

static owi_model *check_opens(bytes file) {
    owi_model *model;
    owi_error error;
    if (open_bytes(&file, &model, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    bytes_free(&file);
    return model;
}

static const Onnx__TensorProto *initializer(const owi_model *model) {
    return model->proto->graph->initializer[0];
}

// ---- values ----

static void test_read_forms(void **state) {
    (void)state;
    static const struct {
        int dtype;
        uint32_t field;
        const char *payload;
        size_t length;
        double values[3];
    } rows[] = {
        {OWI_DTYPE_FLOAT, 9, "\0\0\x80\x3f\0\0\0\xc0\0\0\x80\x7f", 12, {1, -2, 1.0 / 0.0}},
        {OWI_DTYPE_FLOAT, 4, "\0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f", 12, {1, -2, 0.5}},
        {OWI_DTYPE_DOUBLE,
         9,
         "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0\0",
         24,
         {1, -2}},
        {OWI_DTYPE_DOUBLE,
         10,
         "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0\0",
         24,
         {1, -2}},
        {OWI_DTYPE_FLOAT16, 9, "\0\x3c\1\0\xff\xfb", 6, {1, 0x1p-24, -65504}},
        {OWI_DTYPE_FLOAT16, 5, "\x80\x78\x80\x80\x02\xff\xf7\x03", 8, {1, -0.0, -65504}},
        {OWI_DTYPE_BFLOAT16, 9, "\x80\x3f\0\xc0\x49\x40", 6, {1, -2, 3.140625}},
        {OWI_DTYPE_BFLOAT16, 5, "\x80\x7f\x80\x80\x03\0", 6, {1, -2, 0}},
        {OWI_DTYPE_INT8, 9, "\x01\xff\x80", 3, {1, -1, -128}},
        {OWI_DTYPE_UINT8, 9, "\x01\xff\x80", 3, {1, 255, 128}},
        {OWI_DTYPE_INT16, 9, "\x01\0\xff\xff\0\x80", 6, {1, -1, -32768}},
        {OWI_DTYPE_UINT16, 5, "\x01\xff\xff\x03\0", 5, {1, 65535, 0}},
        {OWI_DTYPE_INT32, 9, "\x01\0\0\0\xff\xff\xff\xff\0\0\0\x80", 12, {1, -1, -2147483648.0}},
        {OWI_DTYPE_INT32, 5, "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x07", 12, {1, -1, 7}},
        {OWI_DTYPE_INT64, 7, "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x07", 12, {1, -1, 7}},
        {OWI_DTYPE_UINT32, 11, "\x01\xff\xff\xff\xff\x0f\x07", 7, {1, 4294967295.0, 7}},
        {OWI_DTYPE_BOOL, 9, "\1\0\1", 3, {1, 0, 1}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bytes fields = make_typed(rows[i].dtype, 3);
        put_block(&fields, rows[i].field, rows[i].payload, rows[i].length);
        owi_model *model = check_opens(with_initializer(fields));
        double all[3], one;
        int64_t integers[3];
        assert_true(owi_tensor_has_data(model, initializer(model)));
        assert_true(owi_tensor_read(model, initializer(model), 0, 3, all));
        assert_memory_equal(all, rows[i].values, sizeof all);
        assert_true(owi_tensor_read(model, initializer(model), 1, 1, &one)); // from within
        assert_memory_equal(&one, &rows[i].values[1], sizeof one);
        assert_false(owi_tensor_read(model, initializer(model), 2, 2, all)); // past the end
        assert_false(owi_tensor_read(model, initializer(model), UINT64_MAX, 1, all));
        bool integer = owi_dtype_integer((owi_dtype)rows[i].dtype);
        assert_int_equal(owi_tensor_read_integers(model, initializer(model), 0, 3, integers),
                         integer);
        for (int k = 0; k < 3 && integer; k++) {
            assert_true((double)integers[k] == rows[i].values[k]);
        }
        owi_model_close(model);
    }
}

static void test_read_nothing(void **state) {
    (void)state;
    double value;
    owi_model *model = check_opens(with_initializer(make_tensor("w")));
    assert_int_equal(owi_tensor_elements(initializer(model)), 6);
    assert_false(owi_tensor_has_data(model, initializer(model)));
    assert_false(owi_tensor_read(model, initializer(model), 0, 1, &value));
    owi_model_close(model);
    bytes text = make_typed(OWI_DTYPE_STRING, 1);
    put_text(&text, 6, "hello");
    model = check_opens(with_initializer(text));
    assert_true(owi_tensor_has_data(model, initializer(model)));
    assert_false(owi_tensor_read(model, initializer(model), 0, 1, &value));
    owi_model_close(model);
    bytes large = make_typed(OWI_DTYPE_UINT64, 1);
    put_block(&large, 9, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    model = check_opens(with_initializer(large));
    int64_t integer;
    assert_true(owi_tensor_read(model, initializer(model), 0, 1, &value));
    assert_true(value == 0x1p64);
    assert_false(owi_tensor_read_integers(model, initializer(model), 0, 1, &integer));
    owi_model_close(model);
}

// Two packed runs, and values longer than any buffer on the way.
static void test_read_long(void **state) {
    (void)state;
    enum { COUNT = 30000 };
    for (int varints = 0; varints < 2; varints++) {
        bytes fields = make_typed(varints ? OWI_DTYPE_INT64 : OWI_DTYPE_FLOAT, COUNT), run = {0};
        for (int i = 0; i < COUNT; i++) {
            if (i == 12345) {
                put_block(&fields, varints ? 7 : 4, run.data, run.length);
                run.length = 0;
            }
            float value = (float)i;
            varints ? put_varint(&run, (uint64_t)i) : put_bytes(&run, &value, 4);
        }
        put_message(&fields, varints ? 7 : 4, &run);
        owi_model *model = check_opens(with_initializer(fields));
        static double values[COUNT];
        assert_true(owi_tensor_read(model, initializer(model), 12000, 1000, values));
        for (int i = 0; i < 1000; i++) {
            assert_true(values[i] == 12000 + i);
        }
        assert_true(owi_tensor_read(model, initializer(model), 0, COUNT, values));
        assert_true(values[12344] == 12344 && values[COUNT - 1] == COUNT - 1);
        owi_model_close(model);
    }
}

// A file that shrinks after it was opened is no evidence, and no crash.
static void test_read_shrunk(void **state) {
    (void)state;
    static float zeros[5000];
    bytes fields = make_typed(OWI_DTYPE_FLOAT, 5000);
    put_block(&fields, 9, zeros, sizeof zeros);
    owi_model *model = check_opens(with_initializer(fields));
    static double values[5000];
    assert_true(owi_tensor_read(model, initializer(model), 0, 5000, values));
    assert_int_equal(truncate(test_path("model.onnx"), 5000), 0);
    assert_false(owi_tensor_read(model, initializer(model), 0, 5000, values));
    owi_error error;
    uint8_t byte;
    assert_int_equal(owi_source_read(&model->source, 5000, &byte, 1, &error), OWI_INPUT);
    assert_non_null(strstr(error.text, "ends at byte 5000 (it changed while it was read)"));
    owi_model_close(model);
}

// ---- external data ----

static bool present(const char *location, const char *offset, const char *length) {
    const char *texts[] = {"location", location, "offset", offset, "length", length};
    bytes fields = make_tensor("w"); // 24 bytes
    for (int i = 0; i < 6; i += 2) {
        if (texts[i + 1]) {
            bytes pair = make_entry(texts[i], texts[i + 1]);
            put_message(&fields, 13, &pair);
        }
    }
    put_number(&fields, 14, 1);
    owi_model *model = check_opens(with_initializer(fields));
    bool there = owi_tensor_has_data(model, initializer(model));
    owi_model_close(model);
    return there;
}

static void test_external(void **state) {
    (void)state;
    static const char data[100];
    write_file(test_path("w.bin"), data, sizeof data);
    assert_true(present("w.bin", NULL, NULL));
    assert_true(present("./w.bin", NULL, NULL));
    assert_true(present("w.bin", "76", "24"));
    assert_false(present("w.bin", "77", "24"));
    assert_false(present("w.bin", "77", NULL));
    assert_false(present("w.bin", "0", "20")); // not what the shape asks for
    assert_false(present("w.bin", "-1", "24"));
    assert_false(present("w.bin", "0x10", "24"));
    assert_false(present("w.bin", "18446744073709551600", "24"));
    assert_false(present("w.bin", "18446744073709551616", "24"));
    assert_false(present("w.bin", "", "24"));
    assert_false(present("missing.bin", NULL, NULL));
    assert_false(present(NULL, NULL, NULL));
    assert_false(present("", NULL, NULL));
    assert_false(present(".", NULL, NULL));
    assert_false(present("..", NULL, NULL));
    assert_false(present(test_path("w.bin"), NULL, NULL)); // absolute
    assert_false(present("w.bin/", NULL, NULL));
}

static void test_external_paths(void **state) {
    (void)state;
    static const char data[100];
    write_file(test_path("w.bin"), data, sizeof data);
    const char *folder = test_path("sub"), *link = test_path("sub/link.bin");
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_int_equal(mkfifo(test_path("sub/fifo"), 0600), 0);
    write_file(test_path("sub/inner.bin"), data, sizeof data);
    assert_int_equal(symlink("../w.bin", link), 0);
    assert_int_equal(symlink("sub", test_path("other")), 0);
    assert_int_equal(symlink("sub/inner.bin", test_path("far.bin")), 0);
    assert_true(present("sub/inner.bin", NULL, NULL));
    assert_true(present("sub//inner.bin", NULL, NULL));
    assert_false(present("sub/../w.bin", NULL, NULL));
    assert_false(present("sub/link.bin", NULL, NULL));
    assert_false(present("other/inner.bin", NULL, NULL));
    assert_false(present("far.bin", NULL, NULL));
    assert_false(present("sub/fifo", NULL, NULL));
    assert_int_equal(unlink(link) | unlink(test_path("sub/fifo")), 0);
    assert_int_equal(unlink(test_path("sub/inner.bin")) | rmdir(folder), 0);
    assert_int_equal(unlink(test_path("other")) | unlink(test_path("far.bin")), 0);
}

// Model and data as links into one folder, as the caches of model hubs have them.
static void test_external_cache(void **state) {
    (void)state;
    static const char data[100];
    bytes fields = make_tensor("w"), pair = make_entry("location", "model.bin");
    put_message(&fields, 13, &pair);
    put_number(&fields, 14, 1);
    bytes file = with_initializer(fields);
    write_file(test_path("blob1"), file.data, file.length);
    write_file(test_path("blob2"), data, sizeof data);
    bytes_free(&file);
    assert_int_equal(mkdir(test_path("snapshot"), 0700), 0);
    assert_int_equal(symlink("../blob1", test_path("snapshot/model.onnx")), 0);
    assert_int_equal(symlink("../blob2", test_path("snapshot/model.bin")), 0);
    owi_model *model;
    assert_int_equal(owi_model_open(test_path("snapshot/model.onnx"), &model, NULL), OWI_OK);
    assert_true(owi_tensor_has_data(model, initializer(model)));
    unlink(test_path("snapshot/model.bin"));
    assert_int_equal(symlink("/etc/hostname", test_path("snapshot/model.bin")), 0);
    assert_false(owi_tensor_has_data(model, initializer(model)));
    owi_model_close(model);
    unlink(test_path("snapshot/model.bin"));
    unlink(test_path("snapshot/model.onnx"));
    rmdir(test_path("snapshot"));
}

// ---- memory ----

static owi_status load_within(owi_model *model, size_t limit, const char *path, owi_error *error) {
    *model = (owi_model){.source = {.fd = -1}, .arena = {.limit = limit}};
    OWI_GUARD(&model->arena, error);
    owi_status status = owi_load(model, path, error);
    OWI_UNGUARD(&model->arena);
    return status;
}

// Whatever the cap, loading fails cleanly or succeeds.
static void test_exhausted(void **state) {
    (void)state;
    bytes node = {0};
    put_text(&node, 4, "Relu");
    bytes file = with_node(node);
    write_file(test_path("cap.onnx"), file.data, file.length);
    bytes_free(&file);
    size_t failures = 0;
    for (size_t limit = 16;; limit += 64) {
        owi_model model;
        owi_error error = {OWI_OK, ""};
        owi_status status = load_within(&model, limit, test_path("cap.onnx"), &error);
        assert_null(model.arena.exhausted);
        owi_unload(&model);
        assert_int_equal(model.source.fd, -1);
        if (status == OWI_OK) {
            break;
        }
        assert_int_equal(status, OWI_UNSUPPORTED);
        assert_non_null(strstr(error.text, "too complex for its size"));
        failures++;
    }
    assert_true(failures > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_forms),     cmocka_unit_test(test_read_nothing),
        cmocka_unit_test(test_read_long),      cmocka_unit_test(test_read_shrunk),
        cmocka_unit_test(test_external),       cmocka_unit_test(test_external_paths),
        cmocka_unit_test(test_external_cache), cmocka_unit_test(test_exhausted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
