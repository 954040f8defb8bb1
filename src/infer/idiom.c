#include "infer/idiom.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef enum term_kind {
    TERM_OP,       // Op(a, b, ...)
    TERM_SCALE,    // Scale(a, f)
    TERM_PART,     // @id
    TERM_X,        // x
    TERM_NUMBER,   // a constant of this value
    TERM_SCALAR,   // c
    TERM_CONSTANT, // k
    TERM_ANYTHING  // _
} term_kind;

enum { MOST_OPERANDS = 3, MOST_NODES = 32, MOST_STRIPPED = 16 };

typedef struct term {
    term_kind kind;
    owi_op_id op;
    const char *part;
    double number;
    const struct term *operands[MOST_OPERANDS];
    size_t operand_count;
} term;

static const struct {
    owi_idiom_kind kind;
    const char *id, *pattern;
} rows[] = {
#define IDIOM(kind, id, pattern) {OWI_IDIOM_##kind, #id, pattern},
#include "tables/idioms.def"
#undef IDIOM
};

enum { ROW_COUNT = sizeof rows / sizeof *rows };
_Static_assert(ROW_COUNT <= 64, "owi_idiom.rows has a bit for each row");

// Constants agree when they are this close: exporters round sqrt(1/2) and its like to float16.
static const double TOLERANCE = 2e-3;

// What a match in progress has bound; copied before a try, put back when the try fails.
typedef struct binding {
    const owi_value *x;
    double scalar;
    const owi_node *nodes[MOST_NODES];
    size_t node_count;
    uint64_t rows; // of the table that took part, as bits
} binding;

typedef struct matcher {
    owi_arena *arena;
    const term *terms[ROW_COUNT];
    const owi_value **bare; // by value index: what strip found, or NULL
} matcher;

// ---- reading patterns

static void skip(const char **text) {
    while (**text == ' ' || **text == ',') {
        (*text)++;
    }
}

static const term *parse(owi_arena *arena, const char **text) {
    term *parsed = owi_new(arena, term, 1);
    skip(text);
    if (isdigit((unsigned char)**text) || **text == '-') {
        char *end;
        parsed->kind = TERM_NUMBER;
        parsed->number = strtod(*text, &end);
        *text = end;
        return parsed;
    }
    const char *name = *text + (**text == '@'), *end = name;
    while (isalnum((unsigned char)*end) || *end == '_') {
        end++;
    }
    const char *word = owi_arena_copy(arena, name, (size_t)(end - name));
    bool part = **text == '@';
    *text = end;
    if (part) {
        parsed->kind = TERM_PART;
        parsed->part = word;
        return parsed;
    }
    if (**text != '(') {
        parsed->kind = *word == 'x'   ? TERM_X
                       : *word == 'c' ? TERM_SCALAR
                       : *word == 'k' ? TERM_CONSTANT
                                      : TERM_ANYTHING;
        return parsed;
    }
    parsed->op = owi_op_find("", word)->id;
    parsed->kind = parsed->op == OWI_OP_UNKNOWN ? TERM_SCALE : TERM_OP;
    for ((*text)++, skip(text); **text != ')'; skip(text)) {
        parsed->operands[parsed->operand_count++] = parse(arena, text);
    }
    (*text)++;
    return parsed;
}

// ---- matching

static bool match(const matcher *with, const term *wanted, const owi_value *value, binding *bound);

// Cast and Identity do not count, nor does a factor of 1, nor the shape of a parameter.
static bool is_immaterial(const owi_node *node) {
    double factor;
    switch (node->op->view) {
    case OWI_VIEW_IDENTITY: return true;
    case OWI_VIEW_REGROUP: return !node->outputs[0]->depends_on_input;
    case OWI_VIEW_SCALE: return owi_known_scalar(owi_input(node, 1), &factor) && factor == 1;
    default: return false;
    }
}

static const owi_value *strip(const matcher *with, const owi_value *value) {
    const owi_value *bare = value;
    if (value && with->bare[value->index]) {
        return with->bare[value->index];
    }
    for (size_t step = 0; step < MOST_STRIPPED && bare && bare->producer && bare->output == 0 &&
                          owi_input(bare->producer, 0) && is_immaterial(bare->producer);
         step++) {
        bare = bare->producer->inputs[0];
    }
    if (value) {
        with->bare[value->index] = bare;
    }
    return bare;
}

static bool close_to(double a, double b) {
    return fabs(a - b) <= TOLERANCE * fabs(b) + 1e-12;
}

static bool commutes(owi_op_id op) {
    return op == OWI_OP_Add || op == OWI_OP_Mul || op == OWI_OP_Max || op == OWI_OP_Min;
}

// Clip had its bounds as attributes before opset 11.
static bool match_attribute(const owi_node *node, const term *wanted, size_t operand) {
    static const char *const bounds[] = {"", "min", "max"};
    const Onnx__AttributeProto *attribute =
        node->op->id == OWI_OP_Clip ? owi_attribute(node, bounds[operand]) : NULL;
    return wanted->kind == TERM_ANYTHING || (attribute && wanted->kind == TERM_NUMBER &&
                                             close_to((double)attribute->f, wanted->number));
}

static bool match_operands(const matcher *with, const term *wanted, const owi_node *node,
                           bool swapped, binding *bound) {
    for (size_t i = 0; i < wanted->operand_count; i++) {
        const owi_value *operand = owi_input(node, swapped ? 1 - i : i);
        bool matched = operand ? match(with, wanted->operands[i], operand, bound)
                               : match_attribute(node, wanted->operands[i], i);
        if (!matched) {
            return false;
        }
    }
    return true;
}

static bool match_node(const matcher *with, const term *wanted, const owi_node *node,
                       binding *bound) {
    if (node->op->id != wanted->op || bound->node_count == MOST_NODES) {
        return false;
    }
    bound->nodes[bound->node_count++] = node;
    binding before = *bound;
    if (match_operands(with, wanted, node, false, bound)) {
        return true;
    }
    *bound = before;
    return commutes(wanted->op) && wanted->operand_count == 2 && node->input_count == 2 &&
           match_operands(with, wanted, node, true, bound);
}

// Scale(a, f): a * f, f * a or a / (1 / f). f is a number or c.
static bool match_scale(const matcher *with, const term *wanted, const owi_node *node,
                        binding *bound) {
    if ((node->op->id != OWI_OP_Mul && node->op->id != OWI_OP_Div) || node->input_count != 2 ||
        bound->node_count == MOST_NODES) {
        return false;
    }
    for (size_t i = 0; i < (node->op->id == OWI_OP_Mul ? 2 : 1); i++) {
        double factor;
        if (!owi_known_scalar(strip(with, owi_input(node, 1 - i)), &factor)) {
            continue;
        }
        factor = node->op->id == OWI_OP_Mul ? factor : 1 / factor;
        const term *asked = wanted->operands[1];
        if (asked->kind == TERM_NUMBER && !close_to(factor, asked->number)) {
            continue;
        }
        bound->scalar = asked->kind == TERM_SCALAR ? factor : bound->scalar;
        bound->nodes[bound->node_count++] = node;
        return match(with, wanted->operands[0], owi_input(node, i), bound);
    }
    return false;
}

static bool match_part(const matcher *with, const char *id, const owi_value *value,
                       binding *bound) {
    binding before = *bound;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == OWI_IDIOM_PART && strcmp(rows[i].id, id) == 0) {
            if (match(with, with->terms[i], value, bound)) {
                bound->rows |= (uint64_t)1 << i;
                return true;
            }
            *bound = before;
        }
    }
    return false;
}

static bool match(const matcher *with, const term *wanted, const owi_value *value, binding *bound) {
    const owi_value *bare = strip(with, value);
    double scalar;
    if (!bare) {
        return wanted->kind == TERM_ANYTHING;
    }
    switch (wanted->kind) {
    case TERM_ANYTHING: return true;
    case TERM_CONSTANT: return !bare->depends_on_input;
    case TERM_SCALAR: return owi_known_scalar(bare, &scalar);
    case TERM_NUMBER: return owi_known_scalar(bare, &scalar) && close_to(scalar, wanted->number);
    case TERM_X:
        bound->x = bound->x ? bound->x : bare;
        return bound->x == bare && !bare->known && !bare->becomes_weight;
    case TERM_PART: return match_part(with, wanted->part, bare, bound);
    case TERM_OP: return bare->producer && match_node(with, wanted, bare->producer, bound);
    case TERM_SCALE: return bare->producer && match_scale(with, wanted, bare->producer, bound);
    }
    return false;
}

static bool may_end_at(const term *wanted, owi_op_id op) {
    return wanted->kind == TERM_SCALE ? op == OWI_OP_Mul || op == OWI_OP_Div : op == wanted->op;
}

// The first row of the table whose pattern ends at this node.
static owi_idiom *match_root(const matcher *with, const owi_node *node, binding *bound) {
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == OWI_IDIOM_PART || !may_end_at(with->terms[i], node->op->id)) {
            continue;
        }
        *bound = (binding){0};
        bool matched =
            (with->terms[i]->kind == TERM_SCALE ? match_scale(with, with->terms[i], node, bound)
                                                : match_node(with, with->terms[i], node, bound));
        if (matched && bound->x) {
            owi_idiom *idiom = owi_new(with->arena, owi_idiom, 1);
            *idiom = (owi_idiom){.kind = rows[i].kind,
                                 .id = rows[i].id,
                                 .x = bound->x,
                                 .root = node,
                                 .slope = bound->scalar,
                                 .rows = bound->rows | (uint64_t)1 << i};
            if (idiom->kind == OWI_IDIOM_ACTIVATION) {
                idiom->activation = owi_activation_find(rows[i].id);
            }
            return idiom;
        }
    }
    return NULL;
}

const owi_idiom *const *owi_idioms_find(const owi_graph *graph) {
    owi_arena *arena = &graph->model->arena;
    matcher with = {.arena = arena, .bare = owi_new(arena, const owi_value *, graph->values.count)};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        const char *text = rows[i].pattern;
        with.terms[i] = parse(arena, &text);
    }
    const owi_idiom **part_of = owi_new(arena, const owi_idiom *, graph->nodes.count);
    for (size_t i = graph->nodes.count; i-- > 0;) {
        binding bound;
        const owi_node *node = graph->nodes.items[i];
        owi_idiom *idiom = part_of[i] ? NULL : match_root(&with, node, &bound);
        for (size_t k = 0; idiom && k < bound.node_count; k++) {
            const owi_idiom **taken = &part_of[bound.nodes[k]->index];
            *taken = *taken ? *taken : idiom;
        }
    }
    return part_of;
}
