// json.c: the report that scripts read. One line a tensor, so that two reports can be compared line
// by line and the whole is never in memory.
#include "report/report.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>

enum { DUMP_FLAGS = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9) };

static json_t *json_TEXT(const char *text) {
    return text ? json_string(text) : json_null();
}

static json_t *json_COUNT(int64_t value) {
    return json_integer(value);
}

static json_t *json_NUMBER(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *json_FLAG(bool value) {
    return json_boolean(value);
}

// Takes over `array` and `item`; NULL when either is NULL or memory runs out.
static json_t *append(json_t *array, json_t *item) {
    if (json_array_append_new(array, item) != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static json_t *set(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *json_SIZES(const int64_t *sizes, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; i++) {
        array = append(array, json_integer(sizes[i]));
    }
    return array;
}

static json_t *text_array(const char *const *texts, size_t count) {
    json_t *array = json_array();
    for (size_t i = 0; i < count && array; i++) {
        array = append(array, json_string(texts[i]));
    }
    return array;
}

static json_t *measured_object(const owi_measured *measured) {
    json_t *object = json_object();
#define MEASURED_FIELD(key, kind, ...) object = set(object, #key, json_##kind(__VA_ARGS__));
#include "tables/report_fields.def"
    return object;
}

static json_t *block_object(const owi_row *row, const owi_block *block) {
    json_t *object = json_object();
#define BLOCK_FIELD(key, kind, ...) object = set(object, #key, json_##kind(__VA_ARGS__));
#include "tables/report_fields.def"
    return object;
}

static json_t *json_BLOCKS(const owi_row *row) {
    json_t *array = json_array();
    for (size_t i = 0; i < row->block_count && array; i++) {
        array = append(array, block_object(row, &row->blocks[i]));
    }
    return array;
}

// Puts what was measured of the parts into the objects of the parts.
static json_t *measure_blocks(json_t *object, const owi_finding *finding) {
    json_t *blocks = json_object_get(object, "blocks");
    for (size_t i = 0; object && i < json_array_size(blocks); i++) {
        json_t *measured = measured_object(&finding->blocks[i]);
        if (json_object_set_new(json_array_get(blocks, i), "measured", measured) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static json_t *difference_object(const owi_difference *difference) {
    json_t *object = json_object();
#define DIFFERENCE_FIELD(key, kind, ...) object = set(object, #key, json_##kind(__VA_ARGS__));
#include "tables/report_fields.def"
    return object;
}

static json_t *add_finding(json_t *object, const owi_finding *finding) {
    if (finding->has_values) {
        object = measure_blocks(object, finding);
    }
    object = set(object, "measured",
                 finding->has_values ? measured_object(&finding->measured) : json_null());
#define FINDING_FIELD(key, kind, ...) object = set(object, #key, json_##kind(__VA_ARGS__));
#include "tables/report_fields.def"
    object = set(object, "fits", text_array(finding->fits, finding->fit_count));
    return finding->difference.change
               ? set(object, "difference", difference_object(&finding->difference))
               : object;
}

static json_t *row_object(const owi_row *row) {
    json_t *object = json_object();
#define ROW_FIELD(key, kind, ...)   object = set(object, #key, json_##kind(__VA_ARGS__));
#define ROW_LIST(key, texts, count) object = set(object, #key, text_array(texts, count));
#include "tables/report_fields.def"
    return object;
}

static json_t *model_object(const owi_view *view) {
    const owi_model_info *model = &view->model;
    json_t *opset = json_object(), *object = json_object();
    for (size_t i = 0; i < model->opset_count; i++) {
        opset = set(opset, model->opsets[i].domain, json_integer(model->opsets[i].version));
    }
    object = set(object, "file", json_string(model->file));
    object = set(object, "ir_version", json_integer(model->ir_version));
    object = set(object, "opset", opset);
    object = set(object, "producer", json_string(model->producer));
    object = set(object, "nodes", json_integer((json_int_t)model->nodes));
    object = set(object, "parameters", json_integer((json_int_t)view->parameters));
    return set(object, "bytes", json_integer((json_int_t)model->bytes));
}

static json_t *profile_object(const owi_summary *summary) {
    json_t *object = set(json_object(), "name", json_TEXT(summary->profile));
    return set(object, "reason", json_TEXT(summary->profile_reason));
}

static json_t *summary_object(const owi_view *view) {
    const owi_summary *summary = &view->summary;
    json_t *object = set(json_object(), "filled", json_integer((json_int_t)summary->filled));
    object = set(object, "kept", json_integer((json_int_t)summary->kept));
    object = set(object, "unknown", json_integer((json_int_t)summary->unknown));
    object = set(object, "elements_filled", json_integer((json_int_t)summary->elements_filled));
    object = set(object, "bytes_filled", json_integer((json_int_t)summary->bytes_filled));
    object = set(object, "operations", json_NUMBER(summary->operations));
    return set(object, "warnings", json_integer((json_int_t)view->warnings));
}

static json_t *audit_object(const owi_audit *audit) {
    const owi_audit_summary *summary = owi_audit_result(audit);
    json_t *counts = json_object();
    for (owi_verdict verdict = OWI_VERDICT_OK; verdict <= OWI_VERDICT_UNKNOWN; verdict++) {
        counts = set(counts, owi_verdict_text(verdict),
                     json_integer((json_int_t)summary->counts[verdict]));
    }
    json_t *object = set(json_object(), "verdict", json_TEXT(owi_verdict_text(summary->verdict)));
    object = set(object, "deviations", json_integer((json_int_t)summary->deviations));
    object = set(object, "tensors", counts);
    object = set(object, "values", json_integer((json_int_t)summary->values));
    object = set(object, "bits_same", json_integer((json_int_t)summary->same));
    object = set(object, "bits_changed", json_integer((json_int_t)summary->changed));
    object = set(object, "gone", text_array(summary->gone, summary->gone_count));
    if (summary->other) {
        object = set(object, "other", json_TEXT(summary->other));
        object = set(object, "different", json_integer((json_int_t)summary->different));
        object = set(object, "absent", text_array(summary->absent, summary->absent_count));
    }
    return object;
}

static int to_sink(const char *bytes, size_t length, void *context) {
    owi_writer *writer = context;
    writer->stopped = writer->stopped || !writer->sink(writer->context, bytes, length);
    return 0;
}

// Writes the value between the two texts and releases it. False when there was no memory for it.
static bool dump(owi_writer *writer, const char *before, json_t *value, const char *after) {
    owi_write(writer, before);
    bool done = value && json_dump_callback(value, to_sink, writer, DUMP_FLAGS) == 0;
    json_decref(value);
    owi_write(writer, after);
    return done;
}

static bool dump_all(const owi_view *view, owi_writer *writer) {
    owi_write(writer, "{\"format\":\"onnx-winit-report\",\"version\":1,\n");
    bool done = dump(writer, "\"model\":", model_object(view), ",\n");
    owi_writef(writer, "\"seed\":%" PRIu64, view->seed);
    done = done && dump(writer, ",\"profile\":", profile_object(&view->summary), ",\n") &&
           dump(writer, "\"summary\":", summary_object(view), ",\n");
    if (view->audit) {
        done = done && dump(writer, "\"audit\":", audit_object(view->audit), ",\n");
    }
    owi_write(writer, "\"tensors\":[");
    for (size_t i = 0; i < view->count && done; i++) {
        json_t *row = row_object(&view->rows[i]);
        if (view->audit) {
            row = add_finding(row, owi_audit_finding(view->audit, i));
        }
        done = dump(writer, i ? ",\n" : "\n", row, "");
    }
    json_t *warnings = text_array(view->summary.warnings, view->summary.warning_count);
    return dump(writer, "],\n\"warnings\":", warnings, "}\n") && done;
}

owi_status owi_report_json(const owi_view *view, owi_writer *writer, owi_error *error) {
    return dump_all(view, writer)
               ? OWI_OK
               : owi_fail(error, OWI_SYSTEM, "out of memory while the report was made");
}
