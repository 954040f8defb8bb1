// ops.h: what the tool knows about operators: the rows of tables/ops.def and tables/slots.def.
#ifndef OWI_GRAPH_OPS_H
#define OWI_GRAPH_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum owi_op_id {
    OWI_OP_UNKNOWN,
#define OP(id, domain, name, signal, view, shape, value) OWI_OP_##id,
#include "tables/ops.def"
#undef OP
    OWI_OP_COUNT
} owi_op_id;

typedef enum owi_activation {
#define ACTIVATION(id, ...) OWI_ACTIVATION_##id,
#include "tables/activations.def"
#undef ACTIVATION
    OWI_ACTIVATION_COUNT
} owi_activation;

typedef enum owi_role {
#define ROLE(id, name, trainable, meaning) OWI_ROLE_##id,
#include "tables/roles.def"
#undef ROLE
    OWI_ROLE_COUNT
} owi_role;

// What an op does to a signal; see the head of ops.def.
typedef enum owi_signal {
    OWI_SIGNAL_STOP,
    OWI_SIGNAL_SHAPE,
    OWI_SIGNAL_PASS,
    OWI_SIGNAL_JOIN,
    OWI_SIGNAL_SELECT,
    OWI_SIGNAL_NORM,
    OWI_SIGNAL_ADD,
    OWI_SIGNAL_MUL,
    OWI_SIGNAL_DIV,
    OWI_SIGNAL_WEIGHTED,
    OWI_SIGNAL_PRODUCT,
    OWI_SIGNAL_RECURRENT,
    OWI_SIGNAL_LOOKUP,
    OWI_SIGNAL_ATTENTION,
    OWI_SIGNAL_QUANTIZED,
    OWI_SIGNAL_FUNCTION,
    OWI_SIGNAL_ACTIVATION // OWI_SIGNAL_ACTIVATION + an owi_activation
} owi_signal;

typedef enum owi_view_rule {
    OWI_VIEW_NONE,
    OWI_VIEW_IDENTITY,
    OWI_VIEW_TRANSPOSE,
    OWI_VIEW_REGROUP,
    OWI_VIEW_SLICE,
    OWI_VIEW_SPLIT,
    OWI_VIEW_CONCAT,
    OWI_VIEW_EXPAND,
    OWI_VIEW_GATHER,
    OWI_VIEW_SCALE,
    OWI_VIEW_SHIFT
} owi_view_rule;

typedef enum owi_shape_rule {
    OWI_SHAPE_UNKNOWN,
    OWI_SHAPE_SAME,
    OWI_SHAPE_SECOND,
    OWI_SHAPE_RANK,
    OWI_SHAPE_PAD,
    OWI_SHAPE_BROADCAST,
    OWI_SHAPE_CONV,
    OWI_SHAPE_CONV_TRANSPOSE,
    OWI_SHAPE_POOL,
    OWI_SHAPE_GLOBAL_POOL,
    OWI_SHAPE_GEMM,
    OWI_SHAPE_MATMUL,
    OWI_SHAPE_EINSUM,
    OWI_SHAPE_RECURRENT,
    OWI_SHAPE_GATHER,
    OWI_SHAPE_TRANSPOSE,
    OWI_SHAPE_RESHAPE,
    OWI_SHAPE_FLATTEN,
    OWI_SHAPE_SQUEEZE,
    OWI_SHAPE_UNSQUEEZE,
    OWI_SHAPE_SLICE,
    OWI_SHAPE_SPLIT,
    OWI_SHAPE_CONCAT,
    OWI_SHAPE_EXPAND,
    OWI_SHAPE_REDUCE,
    OWI_SHAPE_SHAPE,
    OWI_SHAPE_CONSTANT,
    OWI_SHAPE_FROM_INPUT,
    OWI_SHAPE_RANGE
} owi_shape_rule;

typedef enum owi_value_rule {
    OWI_VALUE_NONE,
    OWI_VALUE_COPY,
    OWI_VALUE_CAST,
    OWI_VALUE_ADD,
    OWI_VALUE_SUB,
    OWI_VALUE_MUL,
    OWI_VALUE_DIV,
    OWI_VALUE_MAX,
    OWI_VALUE_MIN,
    OWI_VALUE_NEG,
    OWI_VALUE_SQRT,
    OWI_VALUE_RECIPROCAL,
    OWI_VALUE_FLOOR,
    OWI_VALUE_EQUAL,
    OWI_VALUE_WHERE,
    OWI_VALUE_GATHER,
    OWI_VALUE_SLICE,
    OWI_VALUE_CONCAT,
    OWI_VALUE_PROD,
    OWI_VALUE_SHAPE,
    OWI_VALUE_CONSTANT,
    OWI_VALUE_FILL,
    OWI_VALUE_RANGE
} owi_value_rule;

// Layouts of weights in their slots; see infer/layout.h.
typedef enum owi_layout_rule {
#define LAYOUT(id, shape, fan_in, fan_out) OWI_LAYOUT_##id,
#include "tables/layouts.def"
#undef LAYOUT
} owi_layout_rule;

typedef struct owi_op {
    owi_op_id id;
    const char *domain, *name;
    unsigned signal; // owi_signal, or OWI_SIGNAL_ACTIVATION + owi_activation
    owi_view_rule view;
    owi_shape_rule shape;
    owi_value_rule value;
} owi_op;

typedef struct owi_slot {
    owi_op_id op;
    unsigned input;
    owi_role role;
    owi_layout_rule layout;
} owi_slot;

// The row of an operator; never NULL: the row OWI_OP_UNKNOWN stands for all without one.
const owi_op *owi_op_find(const char *domain, const char *name);

const owi_op *owi_op_row(owi_op_id id);

// The row of an op's input, or NULL.
const owi_slot *owi_slot_find(owi_op_id op, size_t input);

// The activation an op is, or OWI_ACTIVATION_none.
owi_activation owi_op_activation(const owi_op *op);

// Names as reports print them.
const char *owi_role_name(owi_role role);
const char *owi_activation_name(owi_activation activation);

// The activation of that name, or OWI_ACTIVATION_COUNT.
owi_activation owi_activation_find(const char *name);

bool owi_role_trainable(owi_role role);

#endif
