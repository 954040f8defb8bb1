// graph.h: the index of a model: for each value in each scope its producer, consumers and carrier.
//
// Bodies of If, Loop and Scan and the bodies of local functions are indexed in place, a function
// once for each call: a value captured from an outer scope or passed as an argument is the same
// owi_value, so a walk crosses these boundaries without noticing them.
#ifndef OWI_GRAPH_GRAPH_H
#define OWI_GRAPH_GRAPH_H

#include "base/dtype.h"
#include "graph/ops.h"
#include "model/model.h"

typedef struct owi_node owi_node;
typedef struct owi_value owi_value;
typedef struct owi_tensor owi_tensor;

enum { OWI_KNOWN_COUNT = 1024 }; // contents of more elements are not followed

// What a node, a value, following a use and reading a tensor cost in all that is done with them, in
// steps (base/arena.h).
enum { OWI_COST_NODE = 300, OWI_COST_VALUE = 20, OWI_COST_USE = 20, OWI_COST_READ = 100 };

#define OWI_UNKNOWN INT64_MIN // an integer or a dim that is not known

// Contents of a value, as far as they are known. Reals hold NAN, integers OWI_UNKNOWN where not.
typedef struct owi_known {
    size_t count;
    const double *reals;     // of float types
    const int64_t *integers; // of integer types and bool
} owi_known;

typedef struct owi_use {
    owi_node *node;
    size_t input;
} owi_use;

typedef struct owi_uses {
    owi_use *items;
    size_t count, capacity;
} owi_uses;

struct owi_value {
    const char *name;
    size_t index; // in owi_graph.values
    owi_node *producer;
    size_t output; // which of the producer's outputs
    owi_uses uses;
    owi_tensor *tensor; // what carries it, when it is a tensor of the file
    owi_dtype dtype;
    bool ranked; // whether the rank is known
    size_t rank;
    const int64_t *dims; // OWI_UNKNOWN where not known
    const owi_known *known;
    bool is_input, is_output; // of the main graph
    bool depends_on_input;    // on the contents of an input of the main graph, not just its shape
    bool becomes_weight;      // does not, and is made into a weight
    bool is_learned_signal;   // does neither, and is the output of a weight or a norm
};

// A call of a local function: where its attributes come from.
typedef struct owi_call {
    const owi_node *node; // the calling node
    const Onnx__FunctionProto *function;
} owi_call;

struct owi_node {
    const Onnx__NodeProto *proto; // NULL for a link between a body and the node around it
    const owi_op *op;
    size_t index;  // in owi_graph.nodes
    int64_t opset; // of the op's domain
    const char *scope;
    const struct owi_call *call; // the function call it was indexed for, or NULL
    owi_value **inputs;          // NULL where an optional input is absent
    size_t input_count;
    owi_value **outputs; // NULL where absent, but never the first
    size_t output_count;
};

typedef enum owi_carrier {
    OWI_CARRIER_INITIALIZER,
    OWI_CARRIER_INPUT, // graph input without initializer
    OWI_CARRIER_CONSTANT,
    OWI_CARRIER_CONSTANT_OF_SHAPE,
    OWI_CARRIER_RANDOM,
    OWI_CARRIER_SPARSE,
    OWI_CARRIER_COPY // of an initializer that ties what was never tied; not in the file yet
} owi_carrier;

// Something in the file that holds, or should hold, a tensor.
struct owi_tensor {
    owi_carrier carrier;
    const char *name;
    const char *scope;               // "main", or the path of the body it lives in
    const Onnx__TensorProto *proto;  // NULL for inputs and generators
    const ProtobufCMessage *message; // initializer, value info or node
    const ProtobufCMessage *graph;   // the GraphProto where an initializer for it would go
    owi_dtype dtype;
    size_t rank;
    const int64_t *dims;
    uint64_t elements;
    bool has_data;
    bool ours;          // an earlier run filled it: its values are no evidence of anything
    bool also_input;    // an initializer that is listed as graph input too
    owi_value **values; // one for each call of the function it lives in; else one
    size_t value_count, value_capacity;
    const owi_use *uses; // COPY: the uses of the original's value that it takes over
    size_t use_count;
};

typedef struct owi_graph {
    owi_model *model;
    struct {
        owi_node **items;
        size_t count, capacity;
    } nodes; // in topological order
    struct {
        owi_value **items;
        size_t count, capacity;
    } values;
    struct {
        owi_tensor **items;
        size_t count, capacity;
    } tensors; // in file order
    struct {
        owi_value **items;
        size_t count, capacity;
    } inputs;
} owi_graph;

// Builds the index into model->graph, with shapes and known contents. OWI_INPUT for a graph that
// is not well formed: a name defined twice or used before it is defined, a call without end.
owi_status owi_graph_build(owi_model *model, owi_error *error);

// Marks every value that depends on the contents of an input of the main graph for which
// is_source[input's value index] holds; NULL: of any input. Of the rest, marks what becomes a
// weight and what is made of learned tokens, queries and states (dependence.c).
void owi_graph_mark_dependence(owi_graph *graph, const bool *is_source);

// ---- attributes of a node (attributes.c)

const Onnx__AttributeProto *owi_attribute(const owi_node *node, const char *name);
int64_t owi_attribute_integer(const owi_node *node, const char *name, int64_t otherwise);
double owi_attribute_real(const owi_node *node, const char *name, double otherwise);
// The activation that a text names, as an op ("Relu") or in lower case; COUNT for none.
owi_activation owi_attribute_activation(const owi_node *node, const char *name);
// The same of one text of a list.
owi_activation owi_attribute_activation_at(const owi_node *node, const char *name, size_t index);
// The list, or NULL; *count tells its length.
const int64_t *owi_attribute_integers(const owi_node *node, const char *name, size_t *count);

// Integers that older opsets have as an attribute and newer ones as input; NULL when absent or not
// known in full.
const int64_t *owi_parameter_integers(const owi_node *node, size_t input, const char *name,
                                      size_t *count);

// ---- values (values.c)

// The value of an input, or NULL.
owi_value *owi_input(const owi_node *node, size_t input);

// A known scalar (one element, any rank) of a float or integer value; false when it is not one.
bool owi_known_scalar(const owi_value *value, double *scalar);

// Whether a value is a signal: it depends on an input, or weights and norms made it of something
// learned.
bool owi_is_signal(const owi_value *value);

// The known integers of a value, all of them; else NULL.
const int64_t *owi_known_integers(const owi_value *value, size_t *count);

// The axis counted from the front, or OWI_UNKNOWN when it is out of range.
int64_t owi_axis(int64_t axis, size_t rank);

// Product of dims [from, to), or OWI_UNKNOWN.
int64_t owi_extent(const int64_t *dims, size_t from, size_t to);

// ---- the equation of an Einsum (einsum.c)

typedef struct owi_equation {
    const char *operand[4]; // labels of each operand, NUL-terminated, blanks removed
    size_t operand_count;
    const char *output;
} owi_equation;

// Reads it; false for an equation with an ellipsis or of an unusual form.
bool owi_einsum_equation(owi_arena *arena, const owi_node *node, owi_equation *equation);

// ---- bounds of Slice and Split (slices.c); sizes may be OWI_UNKNOWN

// How many axes a Slice cuts; 0 when not known.
size_t owi_slice_count(const owi_node *node);

// The index-th axis that a Slice cuts, or OWI_UNKNOWN.
int64_t owi_slice_axis(const owi_node *node, size_t index, size_t rank);

// What a Slice takes from an axis of that size; false when that is not known.
bool owi_slice_bounds(const owi_node *node, size_t index, int64_t size, int64_t *start,
                      int64_t *step, int64_t *length);

// What an output of Split takes from an axis of that size; false when that is not known.
bool owi_split_bounds(const owi_node *node, size_t output, int64_t size, int64_t *start,
                      int64_t *length);

// ---- passes over one node, in topological order

void owi_shape_infer(owi_graph *graph, owi_node *node);   // shape.c
void owi_known_compute(owi_graph *graph, owi_node *node); // known.c

#endif
