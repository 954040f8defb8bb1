// known.c: contents that are known without data: shapes, and what exporters compute from them.
// An element that does not follow is unknown and stays so through arithmetic.
#include "graph/graph.h"

#include <math.h>
#include <string.h>

typedef struct context {
    owi_arena *arena;
    const owi_node *node;
    owi_value *output;
} context;

static const owi_known *input_known(const context *at, size_t input) {
    const owi_value *value = owi_input(at->node, input);
    return value ? value->known : NULL;
}

static int64_t *set_integers(const context *at, size_t count) {
    owi_known *known = owi_new(at->arena, owi_known, 1);
    int64_t *integers = owi_new(at->arena, int64_t, count);
    *known = (owi_known){count, NULL, integers};
    at->output->known = known;
    return integers;
}

static double *set_reals(const context *at, size_t count) {
    owi_known *known = owi_new(at->arena, owi_known, 1);
    double *reals = owi_new(at->arena, double, count);
    *known = (owi_known){count, reals, NULL};
    at->output->known = known;
    return reals;
}

static double combine_reals(owi_value_rule rule, double a, double b) {
    switch (rule) {
    case OWI_VALUE_ADD: return a + b;
    case OWI_VALUE_SUB: return a - b;
    case OWI_VALUE_MUL: return a * b;
    case OWI_VALUE_DIV: return a / b;
    case OWI_VALUE_MAX: return a > b ? a : b;
    case OWI_VALUE_MIN: return a < b ? a : b;
    case OWI_VALUE_NEG: return -a;
    case OWI_VALUE_SQRT: return sqrt(a);
    case OWI_VALUE_RECIPROCAL: return 1 / a;
    case OWI_VALUE_FLOOR: return floor(a);
    case OWI_VALUE_EQUAL: return isnan(a) || isnan(b) ? NAN : a == b;
    default: return NAN;
    }
}

static int64_t combine_integers(owi_value_rule rule, int64_t a, int64_t b) {
    int64_t result = OWI_UNKNOWN;
    bool overflow = false;
    if (a == OWI_UNKNOWN || b == OWI_UNKNOWN) {
        return OWI_UNKNOWN;
    }
    switch (rule) {
    case OWI_VALUE_ADD: overflow = __builtin_add_overflow(a, b, &result); break;
    case OWI_VALUE_SUB: overflow = __builtin_sub_overflow(a, b, &result); break;
    case OWI_VALUE_MUL: overflow = __builtin_mul_overflow(a, b, &result); break;
    case OWI_VALUE_DIV: result = b ? a / b : OWI_UNKNOWN; break; // a == INT64_MIN was unknown
    case OWI_VALUE_MAX: result = a > b ? a : b; break;
    case OWI_VALUE_MIN: result = a < b ? a : b; break;
    case OWI_VALUE_NEG: result = -a; break;
    case OWI_VALUE_FLOOR: result = a; break;
    case OWI_VALUE_EQUAL: result = a == b; break;
    default: break;
    }
    return overflow ? OWI_UNKNOWN : result;
}

// Element by element, a single one against many.
static void combine(const context *at, owi_value_rule rule) {
    const owi_known *a = input_known(at, 0),
                    *b = at->node->input_count > 1 ? input_known(at, 1) : a;
    if (!a || !b || (a->count != b->count && a->count != 1 && b->count != 1)) {
        return;
    }
    size_t count = a->count > b->count ? a->count : b->count;
    if (!a->count || !b->count) {
        return;
    }
    if (a->integers && b->integers) {
        int64_t *out = set_integers(at, count);
        for (size_t i = 0; i < count; i++) {
            out[i] = combine_integers(rule, a->integers[a->count == 1 ? 0 : i],
                                      b->integers[b->count == 1 ? 0 : i]);
        }
    } else if (a->reals && b->reals) {
        double *out = set_reals(at, count);
        for (size_t i = 0; i < count; i++) {
            out[i] = combine_reals(rule, a->reals[a->count == 1 ? 0 : i],
                                   b->reals[b->count == 1 ? 0 : i]);
        }
    }
}

static void cast(const context *at) {
    const owi_known *x = input_known(at, 0);
    if (!x) {
        return;
    }
    bool to_real =
        owi_dtype_trainable((owi_dtype)owi_attribute_integer(at->node, "to", OWI_DTYPE_UNDEFINED));
    if (to_real == (x->reals != NULL)) {
        at->output->known = x;
    } else if (to_real) {
        double *out = set_reals(at, x->count);
        for (size_t i = 0; i < x->count; i++) {
            out[i] = x->integers[i] == OWI_UNKNOWN ? NAN : (double)x->integers[i];
        }
    } else {
        int64_t *out = set_integers(at, x->count);
        for (size_t i = 0; i < x->count; i++) {
            out[i] = fabs(x->reals[i]) < 9e18 ? (int64_t)x->reals[i] : OWI_UNKNOWN; // NAN too
        }
    }
}

static void where(const context *at) {
    const owi_known *condition = input_known(at, 0), *a = input_known(at, 1),
                    *b = input_known(at, 2);
    if (!condition || !a || !b || !condition->integers || !a->integers || !b->integers ||
        (a->count != 1 && a->count != condition->count) ||
        (b->count != 1 && b->count != condition->count)) {
        return;
    }
    int64_t *out = set_integers(at, condition->count);
    for (size_t i = 0; i < condition->count; i++) {
        int64_t yes = a->integers[a->count == 1 ? 0 : i], no = b->integers[b->count == 1 ? 0 : i];
        out[i] = condition->integers[i] == OWI_UNKNOWN ? OWI_UNKNOWN
                 : condition->integers[i]              ? yes
                                                       : no;
    }
}

static void gather(const context *at) {
    const owi_known *data = input_known(at, 0), *indices = input_known(at, 1);
    const owi_value *source = owi_input(at->node, 0);
    if (!data || !indices || !data->integers || !indices->integers || !source->ranked ||
        source->rank != 1) {
        return;
    }
    int64_t *out = set_integers(at, indices->count);
    for (size_t i = 0; i < indices->count; i++) {
        int64_t from = indices->integers[i] == OWI_UNKNOWN
                           ? OWI_UNKNOWN
                           : owi_axis(indices->integers[i], data->count);
        out[i] = from == OWI_UNKNOWN ? OWI_UNKNOWN : data->integers[from];
    }
}

static void slice(const context *at) {
    const owi_known *data = input_known(at, 0);
    const owi_value *source = owi_input(at->node, 0);
    int64_t start, step, length;
    if (!data || !data->integers || !source->ranked || source->rank != 1 ||
        owi_slice_count(at->node) != 1 || owi_slice_axis(at->node, 0, 1) != 0 ||
        !owi_slice_bounds(at->node, 0, (int64_t)data->count, &start, &step, &length)) {
        return;
    }
    int64_t *out = set_integers(at, (size_t)length);
    for (int64_t i = 0; i < length; i++) {
        out[i] = data->integers[start + i * step];
    }
}

static void concat(const context *at) {
    size_t count = 0;
    for (size_t i = 0; i < at->node->input_count; i++) {
        const owi_value *part = owi_input(at->node, i);
        if (!part || !part->ranked || part->rank != 1) {
            return;
        }
        int64_t length =
            part->known && part->known->integers ? (int64_t)part->known->count : part->dims[0];
        if (length < 0 || length > OWI_KNOWN_COUNT) {
            return;
        }
        count += (size_t)length;
    }
    if (count > OWI_KNOWN_COUNT) {
        return;
    }
    int64_t *out = set_integers(at, count);
    for (size_t i = 0; i < at->node->input_count; i++) {
        const owi_value *part = at->node->inputs[i];
        bool known = part->known && part->known->integers;
        size_t length = known ? part->known->count : (size_t)part->dims[0];
        for (size_t k = 0; k < length; k++) {
            *out++ = known ? part->known->integers[k] : OWI_UNKNOWN;
        }
    }
}

static void product(const context *at) {
    const owi_known *x = input_known(at, 0);
    if (!x || !x->integers) {
        return;
    }
    int64_t result = 1;
    for (size_t i = 0; i < x->count; i++) {
        result = combine_integers(OWI_VALUE_MUL, result, x->integers[i]);
    }
    *set_integers(at, 1) = result;
}

static void shape(const context *at) {
    const owi_value *x = owi_input(at->node, 0);
    if (!x || !x->ranked) {
        return;
    }
    int64_t rank = (int64_t)x->rank;
    int64_t start = owi_attribute_integer(at->node, "start", 0);
    int64_t end = owi_attribute_integer(at->node, "end", rank);
    start = start < 0 ? start + rank : start;
    end = end < 0 ? end + rank : end;
    start = start < 0 ? 0 : start;
    end = end > rank ? rank : end;
    size_t count = end > start ? (size_t)(end - start) : 0;
    int64_t *out = set_integers(at, count);
    if (count) {
        memcpy(out, x->dims + start, count * sizeof *out);
    }
}

// The forms of Constant other than a tensor, which tensors.c reads.
static void constant(const context *at) {
    const Onnx__AttributeProto *one = owi_attribute(at->node, "value_int");
    const Onnx__AttributeProto *list = owi_attribute(at->node, "value_ints");
    const Onnx__AttributeProto *real = owi_attribute(at->node, "value_float");
    if (one || list) {
        size_t count = one ? 1 : list->n_ints;
        if (count <= OWI_KNOWN_COUNT) {
            int64_t *out = set_integers(at, count);
            if (count) {
                memcpy(out, one ? &one->i : list->ints, count * sizeof *out);
            }
        }
        at->output->dtype = OWI_DTYPE_INT64;
    } else if (real) {
        *set_reals(at, 1) = (double)real->f;
        at->output->dtype = OWI_DTYPE_FLOAT;
    } else {
        return;
    }
    int64_t *dims = owi_new(at->arena, int64_t, 1);
    dims[0] = list ? (int64_t)list->n_ints : 0;
    at->output->ranked = true;
    at->output->rank = list ? 1 : 0;
    at->output->dims = dims;
}

// ConstantOfShape of integers, as exporters write lists of ones.
static void fill(const context *at) {
    const Onnx__AttributeProto *value = owi_attribute(at->node, "value");
    int64_t count =
        at->output->ranked ? owi_extent(at->output->dims, 0, at->output->rank) : OWI_UNKNOWN;
    if (!value || !value->t || value->t->data_type != OWI_DTYPE_INT64 || count == OWI_UNKNOWN ||
        count > OWI_KNOWN_COUNT) {
        return;
    }
    int64_t element = OWI_UNKNOWN;
    if (value->t->n_int64_data) {
        element = value->t->int64_data[0];
    } else if (value->t->has_raw_data && value->t->raw_data.len >= sizeof element) {
        memcpy(&element, value->t->raw_data.data, sizeof element);
    }
    int64_t *out = set_integers(at, (size_t)count);
    for (int64_t i = 0; i < count; i++) {
        out[i] = element;
    }
}

static void range(const context *at) {
    double start, limit, delta;
    if (!owi_known_scalar(owi_input(at->node, 0), &start) ||
        !owi_known_scalar(owi_input(at->node, 1), &limit) ||
        !owi_known_scalar(owi_input(at->node, 2), &delta) || delta == 0 ||
        !at->node->inputs[0]->known->integers) {
        return;
    }
    double count = ceil((limit - start) / delta);
    if (!(count >= 0 && count <= OWI_KNOWN_COUNT)) {
        return;
    }
    int64_t *out = set_integers(at, (size_t)count);
    for (size_t i = 0; i < (size_t)count; i++) {
        double element = start + (double)i * delta;
        out[i] = fabs(element) < 9e18 ? (int64_t)element : OWI_UNKNOWN;
    }
}

static void apply(const context *at, owi_value_rule rule) {
    switch (rule) {
    case OWI_VALUE_NONE: break;
    case OWI_VALUE_COPY: at->output->known = input_known(at, 0); break;
    case OWI_VALUE_CAST: cast(at); break;
    case OWI_VALUE_WHERE: where(at); break;
    case OWI_VALUE_GATHER: gather(at); break;
    case OWI_VALUE_SLICE: slice(at); break;
    case OWI_VALUE_CONCAT: concat(at); break;
    case OWI_VALUE_PROD: product(at); break;
    case OWI_VALUE_SHAPE: shape(at); break;
    case OWI_VALUE_CONSTANT: constant(at); break;
    case OWI_VALUE_FILL: fill(at); break;
    case OWI_VALUE_RANGE: range(at); break;
    default: combine(at, rule); break;
    }
}

void owi_known_compute(owi_graph *graph, owi_node *node) {
    owi_value *output = node->output_count ? node->outputs[0] : NULL;
    if (output && !output->known && output->producer == node) {
        apply(&(context){&graph->model->arena, node, output}, node->op->value);
    }
}
