// fuzz_scan.c: the wire scanner alone, beside protobuf-c: what the scanner accepts, protobuf-c
// unpacks, the whole file as well as the skeleton, and every record lies where it says.
#define _GNU_SOURCE
#include "fuzz/fuzz.h"
#include "model/model.h"

#include <fcntl.h>
#include <string.h>

static void check_records(const owi_scan *scan, size_t size) {
    for (size_t i = 0; i < scan->record_count; i++) {
        const owi_record *record = &scan->records[i], *parent = &scan->records[record->parent];
        uint64_t end = record->content.offset + record->content.length;
        if (record->parent > i || end > size || record->content.offset < record->whole.offset ||
            end != record->whole.offset + record->whole.length ||
            record->whole.offset < parent->whole.offset ||
            end > parent->whole.offset + parent->whole.length) {
            fuzz_fail("a record", "lies outside of its parent");
        }
    }
}

static void check_unpacks(const uint8_t *bytes, size_t length, const char *what) {
    Onnx__ModelProto *proto = onnx__model_proto__unpack(NULL, length, bytes);
    if (!proto || !proto->graph) {
        fuzz_fail("protobuf-c refuses", what);
    }
    onnx__model_proto__free_unpacked(proto, NULL);
}

static owi_status scan_all(owi_source *source, owi_arena *arena, owi_scan *scan, owi_error *error) {
    jmp_buf exhausted;
    if (setjmp(exhausted)) {
        return owi_exhausted(arena, error);
    }
    arena->exhausted = &exhausted;
    return owi_scan_source(source, arena, scan, error);
}

// A source whose window holds the whole file, so that no time goes into system calls; larger ones
// are read.
static owi_source source_of(const uint8_t *data, size_t size) {
    static uint8_t window[OWI_WINDOW];
    owi_source source = {.path = "/proc/self/fd/-", .fd = -1, .size = size, .window = window};
    if (size > sizeof window) {
        source.fd = open(fuzz_file(data, size), O_RDONLY | O_CLOEXEC);
    } else if (size) {
        memcpy(window, data, size);
        source.window_length = size;
    }
    return source;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    owi_source source = source_of(data, size);
    owi_arena arena = {.limit = (size_t)OWI_LIMIT_MEMORY << 20, .subject = source.path};
    owi_scan scan = {0};
    owi_error error;
    owi_status status = scan_all(&source, &arena, &scan, &error);
    if (status != OWI_OK) {
        fuzz_check_error(status, &error, "/proc/self/fd/");
    } else {
        check_records(&scan, size);
        check_unpacks(data, size, "the file");
        check_unpacks(scan.skeleton, scan.skeleton_length, "the skeleton");
    }
    owi_source_close(&source);
    owi_arena_free(&arena);
    return 0;
}
