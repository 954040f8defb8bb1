// The draws of a tensor depend on seed, scope, name and shape alone: whatever else stands in the
// model, in whatever order.
#include "model/model.h"
#include "support/bytes.h"
#include "support/model_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// Two models that share the tensors of `shared`. Everything else differs: the order of nodes and
// initializers, and the neighbours, of which one is smaller than a superblock of the generator and
// one has the shape of a shared tensor. The branches' tensors differ in their scope alone.
static const char before[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "net (float[T,N,8] x, bool c) => (float[T,N,24] y, float[T,1,N,16] h)\n"
    "<float[24,8] w, float[1,64,8] in, float[1,64,16] again, float[24] b, float[3,8] gone> {\n"
    "    [choice] y = If(c) <\n"
    "        then_branch = one () => (float[T,N,24] p) <float[8,24] v> { p = MatMul(x, v) },\n"
    "        else_branch = two () => (float[T,N,24] q) <float[8,24] v, float[8,3] u> {\n"
    "            q = MatMul(x, v) small = MatMul(x, u)\n"
    "        }>\n"
    "    wt = Transpose<perm = [1, 0]>(w) m = MatMul(x, wt) z = Add(m, b) r = Relu(z)\n"
    "    h = LSTM<hidden_size = 16>(x, in, again)\n"
    "    gt = Transpose<perm = [1, 0]>(gone) g = MatMul(x, gt)\n"
    "}\n";

static const char after[] =
    "<ir_version: 8, opset_import: [\"\" : 17]>\n"
    "net (float[T,N,8] x, bool c) => (float[T,N,24] y, float[T,1,N,16] h)\n"
    "<float[8,5] new, float[1,64,16] again, float[24] b, float[24,8] twin, float[24,8] w,\n"
    " float[1,64,8] in> {\n"
    "    n = MatMul(x, new) o = Relu(n)\n"
    "    h = LSTM<hidden_size = 16>(x, in, again)\n"
    "    tt = Transpose<perm = [1, 0]>(twin) tm = MatMul(x, tt) tr = Relu(tm)\n"
    "    wt = Transpose<perm = [1, 0]>(w) m = MatMul(x, wt) z = Add(m, b) r = Relu(z)\n"
    "    [choice] y = If(c) <\n"
    "        then_branch = one () => (float[T,N,24] p) <float[8,3] other, float[8,24] v> {\n"
    "            odd = MatMul(x, other) p = MatMul(x, v)\n"
    "        },\n"
    "        else_branch = two () => (float[T,N,24] q) <float[8,24] v> { q = MatMul(x, v) }>\n"
    "}\n";

static const char *const shared[] = {"w", "in", "again"};
static const char *const branches[] = {"then_branch", "else_branch"};

static owi_status initialise(const char *text, const char *name, const owi_write_options *how,
                             owi_error *error) {
    owi_arena arena = {0};
    owi_model *model;
    const owi_plan *plan = NULL;
    owi_options options = OWI_OPTIONS_INIT;
    uint8_t *made;
    size_t length;
    char reason[READER_ERROR];
    options.seed = 7;
    if (!model_text_parse(text, &arena, &made, &length, reason)) {
        fail_msg("%s", reason);
    }
    write_file(test_path("model.onnx"), made, length);
    owi_arena_free(&arena);
    owi_status status = owi_model_open(test_path("model.onnx"), &model, error);
    if (status == OWI_OK) {
        status = owi_plan_make(model, &options, &plan, error);
    }
    if (status == OWI_OK) {
        status = owi_plan_apply(plan, test_path(name), how, error);
    }
    owi_model_close(model);
    return status;
}

static Onnx__ModelProto *initialised(const char *text, const char *name) {
    owi_error error;
    if (initialise(text, name, NULL, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    bytes file = read_file(test_path(name));
    Onnx__ModelProto *model = onnx__model_proto__unpack(NULL, file.length, file.data);
    assert_non_null(model);
    bytes_free(&file);
    return model;
}

static const Onnx__TensorProto *find(const Onnx__GraphProto *graph, const char *name) {
    for (size_t i = 0; i < graph->n_initializer; i++) {
        if (strcmp(graph->initializer[i]->name, name) == 0) {
            return graph->initializer[i];
        }
    }
    fail_msg("no initializer %s", name);
    return NULL;
}

// A branch of the one If of the model.
static const Onnx__GraphProto *branch(const Onnx__ModelProto *model, const char *name) {
    for (size_t i = 0; i < model->graph->n_node; i++) {
        const Onnx__NodeProto *node = model->graph->node[i];
        for (size_t j = 0; j < node->n_attribute; j++) {
            if (strcmp(node->attribute[j]->name, name) == 0) {
                return node->attribute[j]->g;
            }
        }
    }
    fail_msg("no %s", name);
    return NULL;
}

static bool is_equal(const Onnx__TensorProto *a, const Onnx__TensorProto *b) {
    assert_true(a->raw_data.len > 0);
    assert_int_equal(a->raw_data.len, b->raw_data.len);
    return memcmp(a->raw_data.data, b->raw_data.data, a->raw_data.len) == 0;
}

static void test_neighbours_change_nothing(void **state) {
    (void)state;
    Onnx__ModelProto *old = initialised(before, "old.onnx");
    Onnx__ModelProto *new = initialised(after, "new.onnx");
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (!is_equal(find(old->graph, shared[i]), find(new->graph, shared[i]))) {
            fail_msg("%s changed with its neighbours", shared[i]);
        }
    }
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++) {
        assert_true(
            is_equal(find(branch(old, branches[i]), "v"), find(branch(new, branches[i]), "v")));
    }
    onnx__model_proto__free_unpacked(old, NULL);
    onnx__model_proto__free_unpacked(new, NULL);
}

// Tensors that differ in nothing but name or scope share no draws.
static void test_names_and_scopes_tell_apart(void **state) {
    (void)state;
    Onnx__ModelProto *model = initialised(after, "apart.onnx");
    assert_false(is_equal(find(model->graph, "w"), find(model->graph, "twin")));
    assert_false(
        is_equal(find(branch(model, "then_branch"), "v"), find(branch(model, "else_branch"), "v")));
    onnx__model_proto__free_unpacked(model, NULL);
}

static void test_unknown_cpu(void **state) {
    (void)state;
    owi_write_options how = OWI_WRITE_INIT;
    owi_error error;
    how.cpu = "sse9";
    assert_int_equal(initialise(before, "never.onnx", &how, &error), OWI_USAGE);
    assert_non_null(strstr(error.text, "this build has baseline"));
    how.cpu = "baseline";
    assert_int_equal(initialise(before, "baseline.onnx", &how, &error), OWI_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours_change_nothing),
        cmocka_unit_test(test_names_and_scopes_tell_apart),
        cmocka_unit_test(test_unknown_cpu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
