// test_damage.c: a small model cut at every byte and with every bit turned, through the whole
// pipeline in this process, so that sanitizers see all of it.
#include "onnx_winit.h"
#include "support/bytes.h"
#include "support/model_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char text[] =
    "<ir_version: 8, opset_import: [\"\" : 17, \"f\" : 1]>\n"
    "net (float[1,4] x, bool c) => (float[1,3] y)\n"
    "<float[4,6] w, float[6] b, float[3,6] v, int64[2] k = {1, 6}, float s = {0.5},\n"
    " float[6] g, float[6] h>\n"
    "{\n"
    "    m = MatMul(x, w)\n"
    "    a = Add(m, b)\n"
    "    r = Reshape(a, k)\n"
    "    n = LayerNormalization<axis = -1>(r, g, h)\n"
    "    t = f.act<alpha = 0.1>(n)\n"
    "    i = If(c) <then_branch = p () => (float[1,6] d) { d = Mul(t, s) },\n"
    "               else_branch = q () => (float[1,6] e) { e = Identity(t) }>\n"
    "    y = Gemm<transB = 1>(i, v)\n"
    "}\n"
    "<domain: \"f\", opset_import: [\"\" : 17]> act <alpha> (z) => (u)\n"
    "{ u = LeakyRelu<alpha: float = @alpha>(z) }\n";

static bytes small_model(void) {
    owi_arena arena = {0};
    char error[READER_ERROR];
    uint8_t *made;
    size_t length;
    bytes file = {0};
    if (!model_text_parse(text, &arena, &made, &length, error)) {
        fail_msg("%s", error);
    }
    put_bytes(&file, made, length);
    owi_arena_free(&arena);
    return file;
}

// Opens, plans and writes; what was written must open again.
static owi_status run(const uint8_t *data, size_t length, owi_error *error) {
    const char *input = test_path("damaged.onnx"), *output = test_path("output.onnx");
    const owi_plan *plan = NULL;
    owi_model *model = NULL, *again = NULL;
    write_file(input, data, length);
    unlink(output);
    owi_status status = owi_model_open(input, &model, error);
    if (status == OWI_OK) {
        status = owi_plan_make(model, NULL, &plan, error);
    }
    if (status == OWI_OK) {
        status = owi_plan_apply(plan, output, NULL, error);
    }
    owi_model_close(model);
    assert_int_equal(access(output, F_OK), status == OWI_OK ? 0 : -1);
    if (status == OWI_OK && owi_model_open(output, &again, error) != OWI_OK) {
        fail_msg("the output does not open: %s", error->text);
    }
    owi_model_close(again);
    return status;
}

static void check_status(owi_status status, const owi_error *error, const char *what, size_t at) {
    bool expected = status == OWI_OK || status == OWI_INPUT || status == OWI_UNSUPPORTED;
    if (!expected) {
        fail_msg("%s %zu: status %d: %s", what, at, status, error->text);
    }
    if (status != OWI_OK && (!strstr(error->text, "damaged.onnx: ") || strchr(error->text, '\n'))) {
        fail_msg("%s %zu: \"%s\"", what, at, error->text);
    }
}

static void test_truncation(void **state) {
    (void)state;
    bytes file = small_model();
    owi_error error;
    assert_in_range(file.length, 500, 1200);
    assert_int_equal(run(file.data, file.length, &error), OWI_OK);
    for (size_t length = 0; length < file.length; length++) {
        owi_status status = run(file.data, length, &error);
        check_status(status, &error, "cut at byte", length);
    }
    bytes_free(&file);
}

static void test_bits(void **state) {
    (void)state;
    bytes file = small_model();
    size_t accepted = 0;
    for (size_t bit = 0; bit < 8 * file.length; bit++) {
        owi_error error;
        file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        owi_status status = run(file.data, file.length, &error);
        check_status(status, &error, "bit", bit);
        accepted += status == OWI_OK;
        file.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    // Most bits are in names, where a change is only another name, used nowhere.
    assert_in_range(accepted, file.length / 4, 8 * file.length / 2);
    bytes_free(&file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
