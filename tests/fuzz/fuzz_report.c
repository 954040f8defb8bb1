// fuzz_report.c: every report of a plan. JSON parses; no report brings a control character of the
// model to a terminal.
#include "fuzz/fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct text {
    char *bytes;
    size_t length, room;
} text;

static bool take(void *context, const char *bytes, size_t length) {
    text *all = context;
    if (all->length + length >= all->room) {
        all->room = 2 * (all->length + length) + 4096;
        all->bytes = realloc(all->bytes, all->room);
    }
    if (!all->bytes) {
        fuzz_fail("the report", "is too long");
    }
    memcpy(all->bytes + all->length, bytes, length);
    all->length += length;
    all->bytes[all->length] = '\0';
    return true;
}

static void check_text(const text *all, owi_format format) {
    for (size_t i = 0; i < all->length; i++) {
        unsigned char byte = (unsigned char)all->bytes[i];
        bool line_end = byte == '\n' || (byte == '\r' && format == OWI_CSV);
        if ((byte < 0x20 && !line_end) || byte == 0x7f) {
            fuzz_fail("a report holds a control character", all->bytes);
        }
    }
    if (format == OWI_JSON) {
        json_error_t error;
        json_t *value = json_loadb(all->bytes, all->length, 0, &error);
        if (!value) {
            fuzz_fail(error.text, all->bytes);
        }
        json_decref(value);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const owi_format formats[] = {OWI_TABLE, OWI_SUMMARY, OWI_WARNINGS, OWI_JSON, OWI_CSV};
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    owi_error error;
    owi_status status = owi_model_open(fuzz_file(data, size), &model, &error);
    if (status == OWI_OK) {
        status = owi_plan_make(model, NULL, &plan, &error);
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats && status == OWI_OK; i++) {
        text all = {0};
        owi_report_options options = OWI_REPORT_INIT;
        options.format = formats[i];
        if (owi_report(plan, &options, take, &all, &error) != OWI_OK) {
            fuzz_fail("a report fails", error.text);
        }
        check_text(&all, formats[i]);
        free(all.bytes);
    }
    if (status != OWI_OK) {
        fuzz_check_error(status, &error, "/proc/self/fd/");
    }
    owi_model_close(model);
    return 0;
}
