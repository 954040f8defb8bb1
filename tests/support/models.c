#include "support/models.h"

#include "base/dtype.h"

bytes make_entry(const char *key, const char *value) {
    bytes run = {0};
    put_text(&run, 1, key);
    put_text(&run, 2, value);
    return run;
}

bytes make_tensor(const char *name) {
    bytes run = {0};
    put_number(&run, 1, 2);
    put_number(&run, 1, 3);
    put_number(&run, 2, OWI_DTYPE_FLOAT);
    if (name) {
        put_text(&run, 8, name);
    }
    return run;
}

bytes make_typed(int dtype, uint64_t dim) {
    bytes run = {0};
    put_number(&run, 1, dim);
    put_number(&run, 2, (uint64_t)dtype);
    put_text(&run, 8, "t");
    return run;
}

bytes graph_with(uint32_t field, bytes *message) {
    bytes run = {0};
    put_message(&run, field, message);
    return run;
}

bytes model_of(bytes *graph) {
    bytes run = {0}, opset = {0};
    put_number(&opset, 2, 17);
    put_number(&run, 1, 8);
    put_message(&run, 7, graph);
    put_message(&run, 8, &opset);
    return run;
}

bytes with_initializer(bytes tensor) {
    bytes graph = graph_with(5, &tensor);
    return model_of(&graph);
}

bytes with_node(bytes node) {
    bytes graph = graph_with(1, &node);
    return model_of(&graph);
}

owi_status open_bytes(const bytes *file, owi_model **model, owi_error *error) {
    const char *path = test_path("model.onnx");
    write_file(path, file->data, file->length);
    return owi_model_open(path, model, error);
}
