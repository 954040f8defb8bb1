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

/* ---- models -------------------------------------------------------------------------------- */

typedef struct owi_model owi_model;

/* Opens and analyses the graph of a model file. Weights are not read, and external data need not
 * exist. On failure *model is NULL. Fails with OWI_INPUT for whatever is not one whole, valid
 * model, OWI_SYSTEM when the file cannot be read. */
OWI_API owi_status owi_model_open(const char *path, owi_model **model, owi_error *error);

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
} owi_options;

#define OWI_OPTIONS_INIT                                                                           \
    { 0, NULL, NULL, NULL, 0, NULL, 0 }

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
    bool trainable;
    const char *const *tied_with; /* other uses of the same tensor, by node name */
    size_t tied_count;
    const char *reason;
    const char *rule; /* the user's rule that decided, or NULL */
    const char *const *warnings;
    size_t warning_count;
} owi_row;

typedef struct owi_summary {
    size_t filled, kept, unknown;
    uint64_t elements_filled;
    const char *profile, *profile_reason;
    const char *const *warnings; /* of the model as a whole */
    size_t warning_count;
} owi_summary;

/* Decides for every float tensor of the model: one row each, in the order of the file. OWI_USAGE for
 * an option that makes no sense. */
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

/* How to write. Start from OWI_WRITE_INIT. */
typedef struct owi_write_options {
    unsigned flags;
    unsigned threads; /* 0: one for each processor; the bytes do not depend on it */
} owi_write_options;

#define OWI_WRITE_INIT                                                                             \
    { 0, 0 }

/* Writes the model with every planned tensor filled. The output is absent, old, or new and whole at
 * every moment; the input is never modified. `options` may be NULL: OWI_WRITE_INIT. Fails with
 * OWI_UNSUPPORTED, naming it, for an initializer that has neither data nor a role, and for an output
 * that would pass the 2 GiB of one file. */
OWI_API owi_status owi_plan_apply(const owi_plan *plan, const char *path,
                                  const owi_write_options *options, owi_error *error);

/* ---- reports ------------------------------------------------------------------------------- */

typedef enum owi_format {
    OWI_TABLE,    /* a line for each tensor that is filled or unknown, summary, warnings */
    OWI_SUMMARY,  /* about ten lines: totals, profile, counts by role and scheme */
    OWI_WARNINGS, /* a line for each warning */
    OWI_JSON,     /* everything, one line a tensor */
    OWI_CSV       /* everything but lists, one line a tensor (RFC 4180) */
} owi_format;

/* How to report. Start from OWI_REPORT_INIT. All but `format` concerns tables. */
typedef struct owi_report_options {
    owi_format format;
    unsigned width; /* columns of the terminal; 0: as many as the longest names need */
    bool all;       /* list the tensors that are kept, too */
    bool color;     /* headings in bold */
} owi_report_options;

#define OWI_REPORT_INIT                                                                            \
    { OWI_TABLE, 0, false, false }

/* Receives the report piece by piece; returns false to stop. */
typedef bool (*owi_sink)(void *context, const char *bytes, size_t length);

/* Writes the plan; `options` may be NULL: OWI_REPORT_INIT. Text from the model is escaped. Numbers
 * do not depend on the locale. OWI_SYSTEM when memory runs out or the sink stops. */
OWI_API owi_status owi_report(const owi_plan *plan, const owi_report_options *options,
                              owi_sink sink, void *context, owi_error *error);

/* One of the built-in tables as text: "ops", "activations", "schemes", "policy", "profiles",
 * "roles". OWI_USAGE for another name. */
OWI_API owi_status owi_list(const char *table, owi_sink sink, void *context, owi_error *error);

#ifdef __cplusplus
}
#endif

#endif
