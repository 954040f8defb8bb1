/* onnx_winit.h: the initializer that ONNX lacks.
 *
 * Reads an exported architecture, understands from the graph what each tensor is for, and fills it
 * with the scheme that fits.
 *
 *     owi_model *model = NULL;
 *     const owi_plan *plan = NULL;
 *     owi_options options = OWI_OPTIONS_INIT;
 *     owi_error error;
 *     if (owi_model_open("model.onnx", &model, &error) == OWI_OK &&
 *         owi_plan_make(model, &options, &plan, &error) == OWI_OK &&
 *         owi_plan_apply(plan, "init.onnx", NULL, &error) == OWI_OK) {
 *         printf("%zu tensors\n", owi_plan_summary(plan)->filled);
 *     } else {
 *         fprintf(stderr, "%s\n", error.text);
 *     }
 *     owi_model_close(model);
 *
 * Ownership: whatever is reached from a model (its plans, their rows, every string) lives until
 * owi_model_close. Nothing else is to be freed.
 *
 * Errors: each function that can fail returns a status and, unless `error` is NULL, leaves one line
 * there that says what, where and what was expected. The library never prints, exits or aborts.
 *
 * Threads: different models may be used from different threads at once; one model may not.
 *
 * One file, though a long one: it is the whole interface, and the program itself knows no other.
 */
#ifndef ONNX_WINIT_H
#define ONNX_WINIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define OWI_API __attribute__((visibility("default")))
#else
#define OWI_API
#endif

#define OWI_VERSION "0.1.0"

/* ---- statuses ------------------------------------------------------------------------------ */

/* The values are the program's exit codes. */
typedef enum owi_status {
    OWI_OK = 0,
    OWI_INTERNAL = 1,    /* our own fault */
    OWI_USAGE = 2,       /* an option, a pattern or a rule that makes no sense */
    OWI_INPUT = 3,       /* the model is damaged, hostile or not ONNX */
    OWI_UNSUPPORTED = 4, /* valid, but not supported */
    OWI_SYSTEM = 5,      /* memory, disk, permission */
    OWI_DEVIATION = 6    /* asked to judge, and found a deviation */
} owi_status;

typedef struct owi_error {
    owi_status status;
    char text[1024]; /* one line, without a newline, safe to print */
} owi_error;

/* What a status means, in a few words. */
OWI_API const char *owi_status_text(owi_status status);

/* "onnx-winit" version, as OWI_VERSION of the library at run time. */
OWI_API const char *owi_version(void);

/* Receives bytes piece by piece, in order; returns false to stop. */
typedef bool (*owi_sink)(void *context, const char *bytes, size_t length);

/* ---- models -------------------------------------------------------------------------------- */

typedef struct owi_model owi_model;

/* Opens and analyses the graph of a model file. Weights are not read, and external data need not
 * exist. On failure *model is NULL. Fails with OWI_INPUT for whatever is not one whole, valid
 * model, OWI_SYSTEM when the file cannot be read. */
OWI_API owi_status owi_model_open(const char *path, owi_model **model, owi_error *error);

/* The same for a model in memory: `length` bytes, which are not copied and must stay as they are
 * until owi_model_close. Messages call it "memory". External data is not found: OWI_INPUT where it
 * is needed. */
OWI_API owi_status owi_model_open_memory(const void *bytes, size_t length, owi_model **model,
                                         owi_error *error);

/* The same for a model that comes through an open file, a pipe for example, which is read from
 * where it stands to its end and not closed; a copy without a name is kept meanwhile, on the disk.
 * `name` stands for the path in reports and errors. Such a model has no folder, so its external
 * data is missing. */
OWI_API owi_status owi_model_read(int file, const char *name, owi_model **model, owi_error *error);

/* Whether a path is the model's own file or one that holds values of it: not to be written to.
 * owi_plan_apply sees to this by itself. */
OWI_API bool owi_model_reads(const owi_model *model, const char *path);

/* Releases the model and all that was reached from it. NULL is allowed. */
OWI_API void owi_model_close(owi_model *model);

typedef struct owi_opset {
    const char *domain; /* "" is the standard's own */
    int64_t version;
} owi_opset;

/* What a file says about itself. */
typedef struct owi_model_info {
    const char *file;
    int64_t ir_version;
    const owi_opset *opsets;
    size_t opset_count;
    const char *producer; /* name and version, "" when the file has none */
    uint64_t nodes;       /* of the main graph and the subgraphs in it */
    uint64_t bytes;       /* of the file */
} owi_model_info;

/* Describes an open model. Texts are as they stand in the file: not escaped. */
OWI_API owi_status owi_model_describe(owi_model *model, owi_model_info *info, owi_error *error);

/* ---- plans --------------------------------------------------------------------------------- */

/* How to plan. Start from OWI_OPTIONS_INIT; strings and arrays need live only for the call. */
typedef struct owi_options {
    uint64_t seed;
    const char *profile;     /* a name of owi_list("profiles"), NULL: found from the graph */
    const char *attention;   /* "xavier" or "orthogonal", NULL: "xavier" */
    const char *const *keep; /* PCRE2 patterns on whole names: these tensors stay as they are */
    size_t keep_count;
    const char *const *promote; /* patterns: these graph inputs are parameters */
    size_t promote_count;
    const char *const *freeze; /* patterns: filled, but listed as frozen */
    size_t freeze_count;
    const char *const *only; /* patterns: everything else stays as it is; none: all are filled */
    size_t only_count;
    bool only_missing;       /* fill only tensors without data, or all zero */
    const char *const *rule; /* "PATTERN=scheme(arguments)", or "{...}" as in a rules file; the
                                first rule that matches decides */
    size_t rule_count;
    const char *const *rules; /* rules files, YAML or JSON; they come after `rule` */
    size_t rules_count;
    const char *preset; /* a preset's name, or the path of a rules file; comes after `rules` */
    const char *preset_folder;  /* where presets are, NULL: where they were installed */
    const char *residual_scale; /* of the last projections of residual branches, by 1/sqrt(L):
                                   "auto" (where no norm stands in the branch), "always", "never";
                                   NULL: as the rule that decides says, the policy "auto" */
    bool zero_init_residual;    /* residual branches start at 0 */
} owi_options;

#define OWI_OPTIONS_INIT                                                                           \
    { 0 }

typedef struct owi_plan owi_plan;

/* A part of a packed tensor (a gate, a direction, one of q, k, v) that has fans of its own. */
typedef struct owi_block {
    const char *label;
    unsigned axis;         /* the axis along which the parts of the tensor lie ... */
    int64_t start, length; /* ... and this part's place on it */
    const int64_t *offset; /* the exact box: one offset and one extent for each axis */
    const int64_t *extent;
    double fan_in, fan_out;
    const char *activation;
    double gain;
    const char *scheme;
    double std;   /* planned standard deviation */
    double value; /* of a constant scheme, else NAN */
} owi_block;

/* Where a training runtime keeps a tensor. Both lists hold initializers of the output's main graph
 * that a node there uses, and nothing else: a runtime knows no other parameters. */
typedef enum owi_training {
    OWI_TRAINING_NONE,     /* in the graph: constants, and what the runtime could not find */
    OWI_TRAINING_GRADIENT, /* among the parameters that are trained */
    OWI_TRAINING_FROZEN    /* among those that are not: statistics of norms, and by wish */
} owi_training;

/* The decision for one tensor. Numbers that do not apply are NAN, texts NULL. */
typedef struct owi_row {
    const char *name;
    const char *graph;   /* "main", or the path of the subgraph or function it lives in */
    const char *carrier; /* "initializer", "input", "Constant", ... */
    const int64_t *shape;
    size_t rank;
    const char *dtype;
    uint64_t elements;
    bool fill;        /* false: stays as it is */
    const char *role; /* "conv.weight", ..., "constant", "unknown" */
    const char *op;   /* where it arrives: operator, node name, input slot */
    const char *node;
    int slot;                /* -1: nowhere */
    const char *const *path; /* the views between tensor and slot, operator by operator */
    size_t path_count;
    const char *activation;        /* that follows the op */
    const char *activation_before; /* that made the op's input */
    double fan_in, fan_out;        /* of the slot; of the first block when there are blocks */
    double gain;
    const char *scheme;
    double std, low, high, value;
    const owi_block *blocks;
    size_t block_count;
    bool trainable; /* by its role and your wishes */
    owi_training training;
    const char *const *tied_with; /* other uses of the same tensor, by node name */
    size_t tied_count;
    const char *reason;
    const char *rule; /* the user's rule that decided ("--rule 1", "rules.yaml:12"), or NULL */
    const char *const *warnings;
    size_t warning_count;
} owi_row;

typedef struct owi_summary {
    size_t filled, kept, unknown;
    uint64_t elements_filled, bytes_filled;
    double operations; /* floating-point operations of the orthogonal matrices, about */
    const char *profile, *profile_reason;
    const char *const *warnings; /* of the model as a whole */
    size_t warning_count;
    size_t
        unused_rules; /* the user's rules and patterns that decided nothing; each has a warning */
} owi_summary;

/* Decides for every float tensor of the model: one row each, in the order of the file. OWI_USAGE
 * for an option that makes no sense. */
OWI_API owi_status owi_plan_make(owi_model *model, const owi_options *options,
                                 const owi_plan **plan, owi_error *error);

OWI_API size_t owi_plan_count(const owi_plan *plan);

/* Row `index`, or NULL past the end. */
OWI_API const owi_row *owi_plan_row(const owi_plan *plan, size_t index);

OWI_API const owi_summary *owi_plan_summary(const owi_plan *plan);

/* Flags of owi_write_options. */
enum {
    OWI_REPLACE = 1, /* an existing output is replaced; else it is refused */
    OWI_SYNC = 2     /* the output is flushed to the disk before the call returns */
};

/* Where values stand: in the model file, or in a data file beside it as external data. */
typedef enum owi_external_form {
    OWI_EXTERNAL_AUTO,   /* as in the input; outside when the model would pass 2 GiB */
    OWI_EXTERNAL_ALWAYS, /* outside, but for values of less than 1 KiB */
    OWI_EXTERNAL_NEVER   /* inside */
} owi_external_form;

/* How far a run is. */
typedef struct owi_progress {
    uint64_t bytes, bytes_total;
    double share; /* of all the work, from 0 to 1; orthogonal matrices count by their arithmetic */
} owi_progress;

/* Is called by one thread at a time, not always the same, at most ten times a second. */
typedef void owi_progress_function(void *context, const owi_progress *progress);

/* How to write. Start from OWI_WRITE_INIT. */
typedef struct owi_write_options {
    unsigned flags;
    unsigned threads; /* 0: one for each processor; the bytes do not depend on it */
    const char *cpu;  /* "baseline", "avx2" or "avx512": the instructions to fill with, from here on
                         in the whole process; NULL: the machine's best; the bytes do not depend on
                         it; OWI_USAGE for a level that is unknown or that this machine lacks */
    owi_external_form external;
    unsigned shard, shard_count; /* write only this part, from 0, of so many; 0 of 0: everything */
    owi_progress_function *progress; /* NULL: none */
    void *progress_context;
} owi_write_options;

#define OWI_WRITE_INIT                                                                             \
    { 0, 0, NULL, OWI_EXTERNAL_AUTO, 0, 0, NULL, NULL }

/* Writes the model with every planned tensor filled. The output is absent, old, or new and whole at
 * every moment; the input is never modified. `options` may be NULL: OWI_WRITE_INIT.
 *
 * The data file of a model "out.onnx" is "out.onnx.data"; it gets its name first. It is always a
 * new file: when a model is replaced, with the first number that makes the name new
 * ("out.onnx.2.data"), so that the old model never refers to new bytes. External values that are
 * kept are copied into it. A device or pipe takes one file: values stand inside.
 *
 * Shards are written by as many processes, on one machine or on several that share the folder, in
 * any order and at any time. They meet in the folder "out.onnx.shards"; the one that finds all
 * others done puts the files in their place and removes it. A shard that failed is simply written
 * again. What is planned, the input and the version must be the same in all; OWI_USAGE where they
 * are not.
 *
 * Fails with OWI_UNSUPPORTED, naming it, for an initializer that has neither data nor a role,
 * for any other tensor without values, and for a model that would pass 2 GiB; OWI_INPUT or
 * OWI_SYSTEM for external values that must be copied and cannot be read. */
OWI_API owi_status owi_plan_apply(const owi_plan *plan, const char *path,
                                  const owi_write_options *options, owi_error *error);

/* The same into a sink, from the calling thread: one file, all values inside. OWI_SYSTEM when the
 * sink stops; flags do not matter, and there are no shards (OWI_USAGE). */
OWI_API owi_status owi_plan_write(const owi_plan *plan, owi_sink sink, void *context,
                                  const owi_write_options *options, owi_error *error);

/* Takes away what unfinished outputs of this process have left in their folders (where the system
 * has files without a name, nothing). For a signal handler that ends the process afterwards: it is
 * async-signal-safe, and no output is finished after it. */
OWI_API void owi_abandon(void);

/* ---- audits -------------------------------------------------------------------------------- */

enum { OWI_HISTOGRAM_BINS = 40 };

/* What a tensor, or a part of it, holds. Everything but the first three counts finite values only;
 * NAN where there are none. */
typedef struct owi_measured {
    uint64_t count;
    uint64_t zeros;
    uint64_t nonfinite; /* NaN or infinite */
    double mean, std, min, max;
    double skew, kurtosis; /* 0 and 3 for a normal law; NAN for a constant */
    double defect;         /* of a matrix: |Q'Q - I| over the root of its shorter side, NAN: none */
    double low, high;      /* of the histogram: five std at most to both sides of the mean */
    double histogram[OWI_HISTOGRAM_BINS]; /* the share of the values in each bin */
} owi_measured;

typedef enum owi_verdict {
    OWI_VERDICT_OK,        /* holds what is planned */
    OWI_VERDICT_DEVIATES,  /* does not */
    OWI_VERDICT_SYMMETRIC, /* all zero or equal rows: cannot learn */
    OWI_VERDICT_VANISHING, /* a spread so small, with those before it, that the signal dies */
    OWI_VERDICT_EXPLODING, /* so large that it explodes */
    OWI_VERDICT_NONFINITE, /* holds a NaN or an infinity */
    OWI_VERDICT_KEPT,      /* not judged */
    OWI_VERDICT_UNKNOWN    /* nothing is known about its use */
} owi_verdict;

/* "ok", "deviates", ... as in reports. */
OWI_API const char *owi_verdict_text(owi_verdict verdict);

typedef enum owi_bits {
    OWI_BITS_UNCHECKED, /* not asked for, or not filled */
    OWI_BITS_SAME,      /* exactly what the run wrote */
    OWI_BITS_CHANGED
} owi_bits;

/* "same" or "changed"; NULL for what was not checked. */
OWI_API const char *owi_bits_text(owi_bits bits);

typedef enum owi_change {
    OWI_CHANGE_UNASKED, /* not compared */
    OWI_CHANGE_NONE,
    OWI_CHANGE_VALUES,
    OWI_CHANGE_SHAPE,  /* another shape: not compared */
    OWI_CHANGE_MISSING /* one of the two has no such tensor, or no values for it */
} owi_change;

/* "none", "values", "shape" or "missing"; NULL for what was not compared. */
OWI_API const char *owi_change_text(owi_change change);

/* How the tensor of another file differs. Types may: it is numbers that are compared. */
typedef struct owi_difference {
    owi_change change;
    uint64_t changed; /* values that are not equal */
    double rms;       /* root of the mean square of the differences; NAN: not compared */
    double relative;  /* root of their sum of squares, over that of this file's values */
    double largest;   /* by magnitude */
} owi_difference;

/* What was found out about one tensor: the row of the plan, and what is in the file. */
typedef struct owi_finding {
    const owi_row *row;
    bool has_values;            /* else nothing is measured */
    owi_measured measured;      /* all of it */
    const owi_measured *blocks; /* its parts, one for each of row->blocks */
    const double *expected; /* the share that is planned for each bin of measured.histogram; NULL
                               where no random law is planned */
    owi_verdict verdict;
    const char *detail; /* what is wrong, in words; NULL when nothing is */
    double factor;      /* measured spread over the planned one; NAN */
    double probability; /* of values at least as odd if they came from the plan; NAN: not judged */
    const char *fit;    /* the scheme they may come from, "several fit", "trained or other"; NULL:
                           not asked */
    const char *const *fits; /* the schemes that fit, by name (tables/candidates.def) */
    size_t fit_count;
    owi_bits bits;
    owi_difference difference; /* from the other file */
} owi_finding;

typedef struct owi_audit_summary {
    owi_verdict verdict;                    /* of the model: the worst of its tensors */
    size_t counts[OWI_VERDICT_UNKNOWN + 1]; /* tensors by verdict */
    size_t deviations;       /* judged and not ok, and bits that changed or are gone */
    uint64_t values;         /* read */
    size_t same, changed;    /* bits, when asked for */
    const char *const *gone; /* tensors that the run filled and the file has no more */
    size_t gone_count;
    const char *other;         /* the file that it was compared with, or NULL */
    size_t different;          /* tensors that differ there, or are not there */
    const char *const *absent; /* tensors that are only there */
    size_t absent_count;
} owi_audit_summary;

/* How to audit. Start from OWI_AUDIT_INIT. */
typedef struct owi_audit_options {
    const char *against;  /* a report in JSON: judge by this plan; NULL: by the given one */
    const owi_plan *diff; /* compare values with those of this plan's model, which must stay open
                             as long as the audit is used; NULL: with none */
    bool verify;          /* compare bits with what the plan would write */
    unsigned threads;     /* 0: one for each processor; the findings do not depend on it */
} owi_audit_options;

#define OWI_AUDIT_INIT                                                                             \
    { NULL, NULL, false, 0 }

typedef struct owi_audit owi_audit;

/* Reads every tensor of the plan's model once and judges it. A tensor is ok when its values are not
 * rejected at a level of 1e-6 for the model as a whole. OWI_USAGE for a saved plan that is none. */
OWI_API owi_status owi_audit_make(const owi_plan *plan, const owi_audit_options *options,
                                  const owi_audit **audit, owi_error *error);

/* One finding for each row of the plan, in its order; NULL past the end. */
OWI_API const owi_finding *owi_audit_finding(const owi_audit *audit, size_t index);

OWI_API const owi_audit_summary *owi_audit_result(const owi_audit *audit);

/* What the run that wrote a file has left in it. */
typedef struct owi_provenance_info {
    const char *version;
    owi_options options;
    const char *digest; /* of its plan */
    size_t filled;
} owi_provenance_info;

/* False when the model does not tell of a run. `info` may be NULL. */
OWI_API bool owi_model_provenance(const owi_model *model, owi_provenance_info *info);

/* Whether the run planned, and filled, what this plan does; false when the model does not tell of
 * one. */
OWI_API bool owi_plan_is_recorded(const owi_plan *plan);

/* ---- reports ------------------------------------------------------------------------------- */

typedef enum owi_format {
    OWI_TABLE,          /* a line for each tensor that is filled or unknown, summary, warnings */
    OWI_SUMMARY,        /* about ten lines: totals, profile, counts by role and scheme */
    OWI_WARNINGS,       /* a line for each warning */
    OWI_JSON,           /* everything, one line a tensor */
    OWI_CSV,            /* everything but lists, one line a tensor (RFC 4180) */
    OWI_MARKDOWN,       /* the table and the summary, for pages that people write */
    OWI_HTML,           /* one page with pictures, without scripts */
    OWI_TRAINABLE,      /* {"requires_grad": [...], "frozen_params": [...]}, the arguments of
                           onnxruntime.training.artifacts.generate_artifacts; names are not escaped,
                           OWI_UNSUPPORTED where one is not UTF-8 */
    OWI_TRAINABLE_NAMES /* the names in requires_grad, a line each; OWI_UNSUPPORTED for a name of
                           several lines */
} owi_format;

/* How to report. Start from OWI_REPORT_INIT. All but `format` concerns tables. */
typedef struct owi_report_options {
    owi_format format;
    unsigned width;         /* columns of the terminal; 0: as many as the longest names need */
    bool all;               /* list the tensors that are kept, too */
    bool color;             /* headings in bold */
    const owi_audit *audit; /* of the same plan: what was measured comes along; may be NULL */
} owi_report_options;

#define OWI_REPORT_INIT                                                                            \
    { OWI_TABLE, 0, false, false, NULL }

/* Writes the plan; `options` may be NULL: OWI_REPORT_INIT. Text from the model is escaped. Numbers
 * do not depend on the locale. OWI_SYSTEM when memory runs out or the sink stops. */
OWI_API owi_status owi_report(const owi_plan *plan, const owi_report_options *options,
                              owi_sink sink, void *context, owi_error *error);

/* Why a tensor gets what it gets, in lines for people: where it goes, the activation that follows,
 * its fans with their formula, the rules that were asked and why they did not fit. OWI_USAGE, with
 * the nearest name, for a tensor that has no row. */
OWI_API owi_status owi_explain(const owi_plan *plan, const char *tensor, owi_sink sink,
                               void *context, owi_error *error);

/* One of the built-in tables as text: "ops", "activations", "schemes", "policy", "profiles",
 * "roles", "build" (compiler, CPU level, libraries), or "rules": the policy as a rules file.
 * OWI_USAGE for another name. */
OWI_API owi_status owi_list(const char *table, owi_sink sink, void *context, owi_error *error);

/* The presets in a folder (NULL: where they were installed), a line each. OWI_SYSTEM when the
 * folder cannot be read. */
OWI_API owi_status owi_list_presets(const char *folder, owi_sink sink, void *context,
                                    owi_error *error);

/* The name of the NULL-terminated list that was probably meant by a word that is not in it, or NULL
 * when none is near. */
OWI_API const char *owi_nearest_name(const char *word, const char *const *names);

#ifdef __cplusplus
}
#endif

#endif
