#include "cli/audit.h"

#include "cli/checks.h"
#include "cli/files.h"
#include "cli/messages.h"
#include "cli/planning.h"
#include "cli/show.h"

owi_status plan_as_written(const cli *options, owi_model *model, const owi_options *how,
                           const owi_plan **plan, owi_error *error) {
    owi_provenance_info run;
    bool recorded = options->action == AUDIT && !planning_asked(options) &&
                    owi_model_provenance(model, &run);
    return owi_plan_make(model, recorded ? &run.options : how, plan, error);
}

// Whether there is something to verify, and the plan is the one that was carried out.
static owi_status check_record(const cli *options, owi_model *model, const owi_plan *plan) {
    owi_provenance_info run;
    if (!options->verify) {
        return OWI_OK;
    }
    if (!owi_model_provenance(model, &run)) {
        print_error("%s: tells of no run of onnx-winit: there is nothing to verify",
                    options->model);
        return OWI_DEVIATION;
    }
    if (!owi_plan_is_recorded(plan)) {
        print_warning("%s: its plan is not the one that onnx-winit %s carried out", options->model,
                      run.version);
    }
    return OWI_OK;
}

static owi_status judge(const cli *options, const owi_audit *audit) {
    const owi_audit_summary *result = owi_audit_result(audit);
    if ((options->check || options->against) && result->deviations) {
        print_error("%s: %zu deviation%s; the model %s", options->model, result->deviations,
                    result->deviations == 1 ? "" : "s",
                    result->verdict == OWI_VERDICT_OK ? "is ok" : owi_verdict_text(result->verdict));
        return OWI_DEVIATION;
    }
    if (options->verify && result->changed + result->gone_count) {
        print_error("%s: %zu of %zu tensors changed since they were written, %zu gone",
                    options->model, result->changed, result->changed + result->same,
                    result->gone_count);
        return OWI_DEVIATION;
    }
    return OWI_OK;
}

owi_status audit_model(const cli *options, owi_model *model, const owi_plan *plan) {
    owi_audit_options how = {.against = options->against,
                             .verify = options->verify,
                             .threads = (unsigned)options->threads};
    const owi_audit *audit = NULL;
    owi_error error;
    owi_status status = check_record(options, model, plan);
    if (status == OWI_OK && owi_audit_make(plan, &how, &audit, &error) != OWI_OK) {
        status = print_failure(&error);
    }
    if (status == OWI_OK) {
        status = write_reports(options, plan, audit);
    }
    if (status == OWI_OK && !options->quiet) {
        status = print_report(options, plan, audit, OWI_TABLE);
    }
    return status == OWI_OK ? judge(options, audit) : status;
}
