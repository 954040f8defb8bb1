#include "plan/layouts.h"

#include "model/external.h"
#include "plan/edits.h"

#include <string.h>

typedef struct placer {
    const owi_plan *plan;
    owi_model *model;
    const owi_layout_options *options;
    owi_layouts *layouts;
    owi_splice *splice;
    bool everything; // whatever may leave the .onnx does
    bool *settled;   // by record: the value is made, or missing and the user keeps it so
    owi_error *error;
    owi_status status; // of a visit
} placer;

static bool is_initializer(const owi_model *model, const owi_record *tensor) {
    return model->scan.records[tensor->parent].type == OWI_MESSAGE_GRAPH;
}

// ---- one value ----

// Where a value goes. `old` is the tensor's record, NULL for a new initializer.
static bool goes_out(const placer *at, const owi_record *old, uint64_t bytes) {
    if (at->options->form == OWI_EXTERNAL_NEVER || bytes == 0) {
        return false;
    }
    return (old && old->tensor->payload == OWI_PAYLOAD_EXTERNAL) ||
           (at->everything && bytes >= OWI_EXTERNAL_LEAST &&
            (!old || is_initializer(at->model, old)));
}

static owi_carriage place(const placer *at, const owi_record *old, owi_segment value) {
    owi_carriage carriage = {.value = value};
    if (goes_out(at, old, value.length)) {
        owi_layout_align(&at->model->arena, &at->layouts->data, OWI_EXTERNAL_ALIGNMENT);
        carriage.location = at->options->data_name;
        carriage.offset = at->layouts->data.length;
        owi_layout_put(&at->model->arena, &at->layouts->data, value);
    }
    return carriage;
}

// The user may keep a tensor whose values are not there; then it stays as it is.
static bool is_left(const owi_target *target) {
    return target->kept_by_user && !target->tensor->has_data;
}

static owi_status place_filled(placer *at) {
    for (size_t i = 0; i < at->plan->count; i++) {
        const owi_tensor *tensor = at->plan->targets[i].tensor;
        const owi_record *old =
            tensor->proto ? owi_record_of(at->model, &tensor->proto->base) : NULL;
        if (at->plan->rows[i].fill) {
            owi_segment value = {
                .kind = OWI_SEGMENT_FILL, .length = owi_edit_bytes(tensor), .tensor = i};
            owi_carriage carriage = place(at, old, value);
            OWI_TRY(owi_edit_tensor(at->splice, at->model, tensor, &carriage, at->error));
        }
        if (old) {
            at->settled[old - at->model->scan.records] =
                at->plan->rows[i].fill || is_left(&at->plan->targets[i]);
        }
    }
    return OWI_OK;
}

// ---- values that are kept ----

static owi_status explain(const placer *at, const Onnx__TensorProto *tensor,
                          const owi_error *found) {
    const owi_record *record = owi_record_of(at->model, &tensor->base);
    bool in_main = at->model->scan.records[record->parent].parent == 0;
    return owi_fail(at->error, found->status, "%s: %s \"%s\"%s: %s", at->model->source.path,
                    is_initializer(at->model, record) ? "initializer" : "tensor",
                    tensor->name ? owi_shown(&at->model->arena, tensor->name) : "",
                    in_main ? " (main graph)" : "", found->text);
}

static owi_status find_external(const placer *at, const Onnx__TensorProto *tensor,
                                const owi_external **values) {
    owi_error error = {.status = OWI_INPUT, .text = "values of this type cannot be external"};
    owi_external *found = owi_new(&at->model->arena, owi_external, 1);
    uint64_t bytes;
    *values = found;
    if (!owi_dtype_bytes((owi_dtype)tensor->data_type, owi_tensor_elements(tensor), &bytes) ||
        owi_external_locate(&at->model->source, tensor, bytes, &at->model->arena, found, &error)) {
        return explain(at, tensor, &error);
    }
    return OWI_OK;
}

static owi_status copy_external(placer *at, const Onnx__TensorProto *tensor,
                                const owi_record *record) {
    const owi_external *values;
    owi_segment value = {.kind = OWI_SEGMENT_COPY};
    OWI_TRY(find_external(at, tensor, &values));
    value.external = values;
    value.length = values->length;
    owi_carriage carriage = place(at, record, value);
    owi_splice_carry(at->splice, record, &carriage);
    return OWI_OK;
}

static bool is_kept(const placer *at, const owi_record *record, owi_payload payload) {
    return record && record->tensor->payload == payload &&
           !at->settled[record - at->model->scan.records];
}

static void visit_inline(void *context, const Onnx__TensorProto *tensor) {
    placer *at = context;
    const owi_record *record = owi_record_of(at->model, &tensor->base);
    if (is_kept(at, record, OWI_PAYLOAD_RAW) && record->tensor->value_count == 1 &&
        goes_out(at, record, record->tensor->values[0].length)) {
        owi_span values = record->tensor->values[0];
        owi_carriage carriage = place(at, record, owi_segment_copy(values.offset, values.length));
        owi_splice_carry(at->splice, record, &carriage);
    }
}

static void visit_external(void *context, const Onnx__TensorProto *tensor) {
    placer *at = context;
    const owi_record *record = owi_record_of(at->model, &tensor->base);
    if (at->status == OWI_OK && is_kept(at, record, OWI_PAYLOAD_EXTERNAL)) {
        at->status = copy_external(at, tensor, record);
    }
}

static owi_status place_kept(placer *at) {
    owi_tensors_visit(at->model, visit_inline, at);
    bool inside = at->options->form == OWI_EXTERNAL_NEVER;
    // A run that fills nothing touches nothing, unless it is told to.
    bool asked = at->plan->summary.filled || at->options->form == OWI_EXTERNAL_ALWAYS;
    bool moves = asked && !at->options->same_folder;
    if (inside || at->layouts->data.count || moves) {
        owi_tensors_visit(at->model, visit_external, at);
    }
    return at->status;
}

// What the plan does not reach may lack values, too: integers, attributes of operators that are not
// known, functions that nothing calls. Every runtime refuses such a model.
static void visit_missing(void *context, const Onnx__TensorProto *tensor) {
    placer *at = context;
    const owi_record *record = owi_record_of(at->model, &tensor->base);
    if (at->status == OWI_OK && is_kept(at, record, OWI_PAYLOAD_NONE) &&
        owi_tensor_elements(tensor) > 0) {
        owi_error missing;
        at->status = owi_fail(&missing, OWI_UNSUPPORTED,
                              "its values (%s) are missing, and it is no weight that gets new ones",
                              owi_dtype_name((owi_dtype)tensor->data_type));
        explain(at, tensor, &missing);
    }
}

// A tensor that is left as it is must not come to refer to the new data file.
static owi_status check_left(const placer *at) {
    for (size_t i = 0; i < at->plan->count; i++) {
        const owi_tensor *tensor = at->plan->targets[i].tensor;
        const Onnx__TensorProto *proto = tensor->proto;
        for (size_t k = 0; proto && is_left(&at->plan->targets[i]) && k < proto->n_external_data;
             k++) {
            const char *value = proto->external_data[k]->value;
            const char *slash = value ? strrchr(value, '/') : NULL;
            if (value && strcmp(slash ? slash + 1 : value, at->options->data_name) == 0) {
                return owi_fail(at->error, OWI_UNSUPPORTED,
                                "%s: initializer \"%s\" is kept, but its values are missing, and "
                                "they would stand in a file called as the new data file, %s",
                                at->model->source.path, owi_shown(&at->model->arena, tensor->name),
                                owi_shown(&at->model->arena, at->options->data_name));
            }
        }
    }
    return OWI_OK;
}

// ---- the whole ----

// A model with a tensor that nothing can fill is not ready for anything.
static owi_status check_complete(const placer *at) {
    for (size_t i = 0; i < at->plan->count; i++) {
        const owi_row *row = &at->plan->rows[i];
        const owi_tensor *tensor = at->plan->targets[i].tensor;
        if (row->fill || at->plan->targets[i].kept_by_user || tensor->has_data ||
            tensor->carrier != OWI_CARRIER_INITIALIZER || tensor->elements == 0) {
            continue;
        }
        const owi_external *values;
        const owi_record *record = owi_record_of(at->model, &tensor->proto->base);
        if (record->tensor->payload == OWI_PAYLOAD_EXTERNAL &&
            find_external(at, tensor->proto, &values) == OWI_INPUT) {
            return OWI_INPUT;
        }
        return owi_fail(at->error, OWI_UNSUPPORTED,
                        "%s: initializer \"%s\" (%s): it has no data, and its role is %s "
                        "(%s); --keep leaves it as it is",
                        at->model->source.path, owi_shown(&at->model->arena, row->name), row->graph,
                        row->role, row->reason);
    }
    return OWI_OK;
}

static owi_status lay_out(placer *at, bool everything) {
    if (strlen(at->options->data_name) > NAME_MAX) {
        return owi_fail(at->error, OWI_USAGE, "%s: is too long a name",
                        owi_shown(&at->model->arena, at->options->data_name));
    }
    *at->layouts = (owi_layouts){0};
    at->splice = owi_splice_new(at->model);
    at->settled = owi_new(&at->model->arena, bool, at->model->scan.record_count);
    at->everything = everything;
    OWI_TRY(place_filled(at));
    OWI_TRY(place_kept(at));
    OWI_TRY(at->layouts->data.count ? check_left(at) : OWI_OK);
    owi_tensors_visit(at->model, visit_missing, at);
    OWI_TRY(at->status);
    if (at->plan->summary.filled) {
        owi_edit_provenance(at->splice, at->plan);
    }
    return owi_splice_layout(at->splice, at->options->limit, &at->layouts->model, at->error);
}

owi_status owi_layouts_make(const owi_plan *plan, const owi_layout_options *options,
                            owi_layouts *layouts, owi_error *error) {
    placer at = {
        .plan = plan, .model = plan->model, .options = options, .layouts = layouts, .error = error};
    OWI_TRY(check_complete(&at));
    owi_status status = lay_out(&at, options->form == OWI_EXTERNAL_ALWAYS);
    if (status == OWI_UNSUPPORTED && options->form == OWI_EXTERNAL_AUTO) {
        status = lay_out(&at, true); // it may pass the limit as it is
    }
    return status;
}
