// fuzz_load.c: from bytes to a model, all its tensors visited and read. The bytes are in memory, so
// that no time goes into system calls; the pipeline reads files.
#include "fuzz/fuzz.h"
#include "model/guard.h"
#include "model/model.h"

// Every tensor has a record; what has data can be read, within its elements.
static void read_tensor(void *context, const Onnx__TensorProto *tensor) {
    const owi_model *model = context;
    double values[4];
    int64_t integers[4];
    uint64_t elements = owi_tensor_elements(tensor), count = elements < 4 ? elements : 4;
    const owi_record *record = owi_record_of(model, &tensor->base);
    if (!record || record->type != OWI_MESSAGE_TENSOR) {
        fuzz_fail("a tensor", "has no record");
    }
    if (count && tensor->data_location != ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL) {
        owi_tensor_read(model, tensor, elements - count, count, values);
        owi_tensor_read_integers(model, tensor, elements - count, count, integers);
    }
}

static owi_status load(owi_model *model, const uint8_t *data, size_t size, owi_error *error) {
    OWI_GUARD(&model->arena, error);
    owi_status status = owi_load_memory(model, data, size, error);
    if (status == OWI_OK) {
        owi_tensors_visit(model, read_tensor, model);
    }
    OWI_UNGUARD(&model->arena);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    owi_model model = {.source.fd = -1};
    owi_error error;
    owi_status status = load(&model, data, size, &error);
    if (status != OWI_OK) {
        fuzz_check_error(status, &error, "memory: ");
    }
    owi_unload(&model);
    return 0;
}
