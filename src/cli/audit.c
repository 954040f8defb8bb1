#define _GNU_SOURCE
#include "cli/audit.h"

#include "cli/checks.h"
#include "cli/files.h"
#include "cli/messages.h"
#include "cli/planning.h"
#include "cli/show.h"

#include <string.h>
#include <sys/stat.h>

// What the run that wrote the file was asked for, unless something else is asked for now.
static bool read_run(const cli *options, owi_model *model, owi_provenance_info *run) {
    return options->action == AUDIT && !planning_asked(options) && owi_model_provenance(model, run);
}

owi_status plan_as_written(const cli *options, owi_model *model, const owi_options *how,
                           const owi_plan **plan, owi_error *error) {
    owi_provenance_info run;
    return owi_plan_make(model, read_run(options, model, &run) ? &run.options : how, plan, error);
}

// Whether there is a record to verify by, and the plan is the one that was carried out.
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
    if (owi_plan_is_recorded(plan)) {
        return OWI_OK;
    }
    if (read_run(options, model, &run) && strcmp(run.version, owi_version()) == 0) {
        print_error("%s: what it tells of its run is not what that run did: graph or record were "
                    "edited",
                    options->model);
        return OWI_DEVIATION;
    }
    print_warning("%s: its plan is not the one that onnx-winit %s carried out", options->model,
                  run.version);
    return OWI_OK;
}

static owi_status judge(const cli *options, const owi_audit_summary *result) {
    if ((options->check || options->against) && result->deviations) {
        print_error("%s: %zu deviation%s from the plan; verdict: %s", options->model,
                    result->deviations, result->deviations == 1 ? "" : "s",
                    owi_verdict_text(result->verdict));
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

// The model to compare with, planned as it was written; none of it without --diff.
static owi_status open_other(const cli *options, owi_model **other, const owi_plan **plan) {
    static const owi_options usual = OWI_OPTIONS_INIT;
    owi_error error;
    if (options->diff && (owi_model_open(options->diff, other, &error) != OWI_OK ||
                          plan_as_written(options, *other, &usual, plan, &error) != OWI_OK)) {
        return print_failure(&error);
    }
    return options->diff ? check_reports(options, *other) : OWI_OK;
}

// What is found, once everything is there to look at.
static owi_status show_audit(const cli *options, const owi_plan *plan, const owi_audit_options *how,
                             const owi_audit **audit) {
    owi_error error;
    if (owi_audit_make(plan, how, audit, &error) != OWI_OK) {
        return print_failure(&error);
    }
    owi_status status = write_reports(options, plan, *audit);
    if (status == OWI_OK && !options->quiet) {
        status = print_report(options, plan, *audit, OWI_TABLE);
    }
    return status;
}

owi_status audit_model(const cli *options, owi_model *model, const owi_plan *plan) {
    owi_model *other = NULL;
    const owi_plan *other_plan = NULL;
    const owi_audit *audit = NULL;
    owi_status status = open_other(options, &other, &other_plan);
    if (status == OWI_OK) {
        owi_audit_options how = {.against = options->against,
                                 .diff = other_plan,
                                 .verify = options->verify && owi_model_provenance(model, NULL),
                                 .threads = (unsigned)options->threads};
        status = show_audit(options, plan, &how, &audit);
    }
    if (status == OWI_OK) {
        status = check_record(options, model, plan);
    }
    if (status == OWI_OK) {
        status = judge(options, owi_audit_result(audit));
    }
    owi_model_close(other);
    return status;
}

static bool is_for_people(const char *report) {
    owi_format format;
    return report_format(report, &format) && (format == OWI_HTML || format == OWI_MARKDOWN);
}

static bool wants_audit(const cli *options) {
    struct stat status;
    bool wanted = false;
    for (size_t i = 0; i < options->report.count; i++) {
        wanted = wanted || is_for_people(options->report.items[i]);
    }
    return wanted && !options->shard && stat(options->output, &status) == 0 &&
           S_ISREG(status.st_mode);
}

owi_status report_run(const cli *options, const owi_options *how, const owi_plan *plan) {
    owi_audit_options with = {.threads = (unsigned)options->threads};
    owi_provenance_info run;
    owi_model *model = NULL;
    const owi_plan *written = NULL;
    const owi_audit *audit = NULL;
    owi_error error;
    owi_status status = OWI_OK;
    if (wants_audit(options) &&
        (owi_model_open(options->output, &model, &error) != OWI_OK ||
         owi_plan_make(model, owi_model_provenance(model, &run) ? &run.options : how, &written,
                       &error) != OWI_OK ||
         owi_audit_make(written, &with, &audit, &error) != OWI_OK)) {
        status = print_failure(&error);
    }
    for (size_t i = 0; i < options->report.count && status == OWI_OK; i++) {
        const char *path = options->report.items[i];
        const bool audited = audit && is_for_people(path);
        status = write_one_report(audited ? written : plan, audited ? audit : NULL, path);
    }
    owi_model_close(model);
    return status == OWI_OK ? write_lists(options, plan) : status;
}
