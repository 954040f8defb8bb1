// fuzz_load.c: from bytes to the index of a graph.
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    owi_model *model = NULL;
    owi_model_info info;
    owi_error error;
    owi_status status = owi_model_open(fuzz_file(data, size), &model, &error);
    if (status != OWI_OK) {
        fuzz_check_error(status, &error);
    } else if (owi_model_describe(model, &info, &error) != OWI_OK || info.bytes != size) {
        fuzz_fail("description", "is not that of the file");
    }
    owi_model_close(model);
    return 0;
}
