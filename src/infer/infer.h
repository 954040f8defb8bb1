// infer.h: what each float tensor of a model is for, from where it arrives in the graph. Names only
// break ties.
#ifndef OWI_INFER_INFER_H
#define OWI_INFER_INFER_H

#include "infer/layout.h"
#include "infer/residual.h"
#include "infer/signal.h"
#include "infer/trace.h"

// A part of a tensor with fans of its own, in the tensor's own coordinates.
typedef struct owi_fact_part {
    const char *label;
    owi_box box;
    double fan_in, fan_out;
    owi_follow follow;
    bool forget; // the forget gate's input bias
} owi_fact_part;

typedef struct owi_fact {
    owi_tensor *tensor;
    owi_role role;
    owi_role tied_role;   // the role of another use of the same matrix, or UNKNOWN
    const owi_node *node; // where it arrives, or NULL
    size_t input;
    const char *const *path;
    size_t path_count;
    owi_follow follow;
    owi_activation before;
    double fan_in, fan_out;       // 0 where fans mean nothing
    double op_fan_in, op_fan_out; // of a bias: those of its op's weight; else 0
    double factor, shift;         // seen by the op: factor * tensor + shift
    const owi_fact_part *parts;   // never empty for a role with fans; boxes cover the tensor
    size_t part_count;
    const char *const *tied_with; // names of the other nodes it arrives at
    size_t tied_count;
    const owi_tensor *magnitude_of; // a scale: the weight whose norm it stands for, or NULL
    size_t magnitude_axis;          // the axis of that weight along which it varies
    const owi_tensor *copy_of;      // the weight it holds the same values as, or NULL
    bool promoted;                  // a graph input that is a parameter
    bool output_unit;               // its op makes the model's output, up to an activation
    const char *attention;          // "q", "k", "v", "qkv" or "o", or NULL
    const owi_residual *residual;   // what its op is for a residual branch, or NULL
    const char *reason;             // why this role, in words
    const char *warning;            // or NULL
} owi_fact;

typedef struct owi_facts {
    owi_fact *items; // one for each float tensor, in file order
    size_t count, capacity;
    owi_signals signals;
    owi_residuals residuals;
    bool has_gradients; // whoever trains the graph feeds its parameters
} owi_facts;

// Decides for every tensor of the graph. is_promoted tells of a graph input whether the user wants
// it to be a parameter (NULL: none).
owi_facts owi_infer(owi_graph *graph, bool (*is_promoted)(void *context, const char *name),
                    void *context);

// ---- parts of the stage

// The role of an arrival that the slot table leaves open: the company it keeps (context.c).
owi_role owi_context_role(const owi_signals *signals, const owi_tensor *tensor,
                          const owi_arrival *arrival, const char **reason);

// What a name may suggest, by the pieces in tables/fragments.def (names.c).
typedef enum owi_suggestion { OWI_SUGGESTS_PARAMETER, OWI_SUGGESTS_BUFFER } owi_suggestion;

bool owi_name_suggests(const char *name, owi_suggestion what);

// The tensor that a weighted op multiplies its signal by, through views, or NULL (ties.c).
const owi_tensor *owi_matrix_of(const owi_node *node);

// The tensor v where the arrival multiplies v / ||v|| (weight normalisation), or NULL (context.c).
const owi_tensor *owi_magnitude_source(const owi_arrival *arrival);

// The weight that is divided by what this arrival goes into and has as many elements: an exporter
// that folded the view between the two stored the weight twice (spectral normalisation). Or NULL.
const owi_tensor *owi_copied_weight(const owi_tensor *tensor, const owi_arrival *arrival);

// Whether these look like numbers that somebody wrote down, not like trained ones (written.c).
bool owi_is_written(const double *values, size_t count, owi_dtype dtype);

// Whether a tensor of one element is a learned factor (where: MUL) or addend (ADD), not a setting.
// Its value tells, unless there is none or the name does (written.c).
bool owi_is_learned_scalar(const owi_tensor *tensor, owi_signal where);

// Why the uses of a tensor that has its values, or is an input, show it to be a constant; or NULL
// (constants.c).
const char *owi_constant_by_uses(owi_arena *arena, const owi_signals *signals,
                                 const owi_tensor *tensor, const owi_arrivals *arrivals);

// At most this many values of a tensor are read as evidence.
enum { OWI_EVIDENCE_VALUES = 32 * 1024 };

// Room to read values in, and what was found in those of the last tensor: promotion asks about the
// first weight, and inference once more.
typedef struct owi_reading {
    double *values; // OWI_EVIDENCE_VALUES
    const owi_tensor *tensor;
    owi_role role;
    const char *structure;
} owi_reading;

// Why the values are no weights (a sinusoid, a mask, ...), or NULL (evidence.c).
const char *owi_evidence(const owi_model *model, const owi_tensor *tensor, owi_role role,
                         owi_reading *reading);

// The role of one arrival, from the slot table or the context (role.c).
owi_role owi_arrival_role(const owi_signals *signals, const owi_tensor *tensor,
                          const owi_arrival *arrival, const char **reason);

// Whether the graph computes gradients of weights that are inputs (promote.c).
bool owi_has_gradients(owi_graph *graph);

// Decides which graph inputs are parameters and marks what depends on the others (promote.c).
// Returns by value index whether the input is promoted.
const bool *owi_promote(owi_graph *graph, owi_reading *reading,
                        bool (*is_promoted)(void *context, const char *name), void *context);

// The role of a tensor that weights and norms see as their signal: learned queries and relative
// positions have a row for each; an input of that form is data (role.c).
owi_role owi_entering_role(const owi_tensor *tensor, const char **reason);

// Which of a tensor's uses were never meant to share it (ties.c): by use of its value, the class it
// belongs to, 0 for those that keep the tensor. NULL: all keep it.
const size_t *owi_ties_split(owi_arena *arena, const owi_signals *signals, const owi_tensor *tensor,
                             const owi_arrivals *arrivals, size_t *class_count);

// Whether both hold data and one is the other transposed, judged by the table's first row. scratch
// has room for OWI_EVIDENCE_VALUES.
bool owi_is_transposed_copy(const owi_model *model, const owi_tensor *table,
                            const owi_tensor *matrix, double *scratch);

// Gives each bias the fans of its op's weight (biases.c).
void owi_biases_join(owi_arena *arena, const owi_graph *graph, owi_facts *facts);

// Fills fans and parts of a fact whose role and arrivals are known (parts.c).
void owi_parts_find(owi_arena *arena, const owi_signals *signals, owi_fact *fact,
                    const owi_arrivals *arrivals);

// Whether the node's output is the model's, up to activations, sums and views (units.c).
bool owi_is_output_unit(const owi_node *node);

// Whether the node is the output projection of attention.
bool owi_is_attention_output(const owi_signals *signals, const owi_node *node);

#endif
