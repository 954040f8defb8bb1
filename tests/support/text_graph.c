#include "support/text_parts.h"

#include <string.h>

enum { DEEPEST = 200 }; // graphs in graphs

typedef Onnx__AttributeProto__AttributeType attribute_type;
#define ATTRIBUTE(type) ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__##type

static attribute_type named_type(reader *p) {
    static const struct {
        const char *name;
        attribute_type type;
    } types[] = {{"float", ATTRIBUTE(FLOAT)},     {"int", ATTRIBUTE(INT)},
                 {"string", ATTRIBUTE(STRING)},   {"tensor", ATTRIBUTE(TENSOR)},
                 {"graph", ATTRIBUTE(GRAPH)},     {"floats", ATTRIBUTE(FLOATS)},
                 {"ints", ATTRIBUTE(INTS)},       {"strings", ATTRIBUTE(STRINGS)},
                 {"tensors", ATTRIBUTE(TENSORS)}, {"graphs", ATTRIBUTE(GRAPHS)}};
    const char *word = reader_identifier(p);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, word) == 0) {
            return types[i].type;
        }
    }
    reader_fail(p, "expected the type of an attribute before this");
}

// One value into the singular fields of the attribute; returns its type.
static attribute_type single(reader *p, Onnx__AttributeProto *into) {
    double real;
    char next = reader_peek(p);
    if (next == '"') {
        into->s = text_bytes(reader_quoted(p));
        return ATTRIBUTE(STRING);
    }
    if (text_is_type_next(p)) {
        const Onnx__TypeProto *of = text_type(p);
        char *called =
            reader_peek(p) == '"' || reader_is_letter(reader_peek(p)) ? reader_name(p) : NULL;
        reader_accept(p, "=");
        into->t = text_tensor(p, of, called);
        return ATTRIBUTE(TENSOR);
    }
    if (reader_is_letter(next) && strncmp(p->at, "nan", 3) != 0 && strncmp(p->at, "inf", 3) != 0) {
        into->g = text_graph(p);
        return ATTRIBUTE(GRAPH);
    }
    bool whole = reader_number(p, &into->i, &real);
    into->f = (float)real;
    return whole ? ATTRIBUTE(INT) : ATTRIBUTE(FLOAT);
}

static attribute_type one_of_list(reader *p, Onnx__AttributeProto *list, bool floats) {
    Onnx__AttributeProto item = ONNX__ATTRIBUTE_PROTO__INIT;
    switch (single(p, &item)) {
    case ATTRIBUTE(STRING): ADD(p, list, strings, item.s); return ATTRIBUTE(STRINGS);
    case ATTRIBUTE(TENSOR): ADD(p, list, tensors, item.t); return ATTRIBUTE(TENSORS);
    case ATTRIBUTE(GRAPH): ADD(p, list, graphs, item.g); return ATTRIBUTE(GRAPHS);
    case ATTRIBUTE(INT):
        if (!floats) {
            ADD(p, list, ints, item.i);
            return ATTRIBUTE(INTS);
        }
        // fall through
    default: ADD(p, list, floats, item.f); return ATTRIBUTE(FLOATS);
    }
}

static void list(reader *p, Onnx__AttributeProto *attribute) {
    attribute_type declared = attribute->type, got = declared;
    if (!reader_accept(p, "]")) {
        do {
            got = one_of_list(p, attribute, declared == ATTRIBUTE(FLOATS));
            declared = declared ? declared : got;
            if (got != declared) {
                reader_fail(p, "expected a list of one type before this");
            }
        } while (reader_accept(p, ","));
        reader_expect(p, "]");
    }
    if (!declared) {
        reader_fail(p, "expected a type for an empty list");
    }
    attribute->type = declared;
}

Onnx__AttributeProto *text_attribute(reader *p, char *called) {
    NEW(p, AttributeProto, ATTRIBUTE_PROTO, made);
    made->name = called;
    made->has_type = 1;
    made->type = reader_accept(p, ":") ? named_type(p) : ATTRIBUTE(UNDEFINED);
    reader_expect(p, "=");
    if (reader_accept(p, "[")) {
        list(p, made);
        return made;
    }
    if (reader_accept(p, "@")) {
        made->ref_attr_name = reader_name(p);
        return made;
    }
    attribute_type got = single(p, made), declared = made->type ? made->type : got;
    if (got != declared && !(got == ATTRIBUTE(INT) && declared == ATTRIBUTE(FLOAT))) {
        reader_fail(p, "expected a value of the declared type before this");
    }
    made->type = declared;
    made->has_i = declared == ATTRIBUTE(INT);
    made->has_f = declared == ATTRIBUTE(FLOAT);
    made->has_s = declared == ATTRIBUTE(STRING);
    return made;
}

static void attributes(reader *p, Onnx__NodeProto *node) {
    if (reader_accept(p, "<")) {
        do {
            Onnx__AttributeProto *made = text_attribute(p, reader_identifier(p));
            ADD(p, node, attribute, made);
        } while (reader_accept(p, ","));
        reader_expect(p, ">");
    }
}

static void operator_name(reader *p, Onnx__NodeProto *node) {
    node->op_type = reader_identifier(p);
    while (reader_accept(p, ".")) {
        node->domain = node->domain
                           ? owi_arena_printf(p->arena, "%s.%s", node->domain, node->op_type)
                           : node->op_type;
        node->op_type = reader_identifier(p);
    }
}

Onnx__NodeProto *text_node(reader *p) {
    NEW(p, NodeProto, NODE_PROTO, made);
    if (reader_accept(p, "[")) {
        made->name = reader_name(p);
        reader_expect(p, "]");
    }
    do {
        char *output = reader_name(p);
        ADD(p, made, output, output);
    } while (reader_accept(p, ","));
    reader_expect(p, "=");
    operator_name(p, made);
    attributes(p, made);
    reader_expect(p, "(");
    if (!reader_accept(p, ")")) {
        do {
            char *input = reader_name(p);
            ADD(p, made, input, input);
        } while (reader_accept(p, ","));
        reader_expect(p, ")");
    }
    if (!made->n_attribute) {
        attributes(p, made);
    }
    return made;
}

static bool makes(const Onnx__GraphProto *made, const char *value) {
    for (size_t i = 0; i < made->n_node; i++) {
        for (size_t j = 0; j < made->node[i]->n_output; j++) {
            if (strcmp(made->node[i]->output[j], value) == 0) {
                return true;
            }
        }
    }
    return false;
}

typedef struct entry {
    Onnx__ValueInfoProto *info;
    Onnx__TensorProto *tensor; // NULL: no value is given
} entry;

typedef struct entries {
    entry *items;
    size_t count, capacity;
} entries;

static entry read_entry(reader *p) {
    entry made = {text_value_info(p), NULL};
    if (reader_accept(p, "=")) {
        made.tensor = text_tensor(p, made.info->type, made.info->name);
    }
    return made;
}

static void read_entries(reader *p, entries *listed) {
    if (!reader_accept(p, "<") || reader_accept(p, ">")) {
        return;
    }
    do {
        *owi_push(p->arena, listed) = read_entry(p);
    } while (reader_accept(p, ","));
    reader_expect(p, ">");
}

static void settle_entries(reader *p, Onnx__GraphProto *made, const entries *listed) {
    for (size_t i = 0; i < listed->count; i++) {
        entry each = listed->items[i];
        if (!each.tensor && makes(made, each.info->name)) {
            ADD(p, made, value_info, each.info);
            continue;
        }
        if (!each.tensor) {
            each.tensor = text_tensor(p, each.info->type, each.info->name);
        }
        ADD(p, made, initializer, each.tensor);
    }
}

static void inputs(reader *p, Onnx__GraphProto *made) {
    reader_expect(p, "(");
    if (reader_accept(p, ")")) {
        return;
    }
    do {
        entry each = read_entry(p);
        ADD(p, made, input, each.info);
        if (each.tensor) {
            ADD(p, made, initializer, each.tensor);
        }
    } while (reader_accept(p, ","));
    reader_expect(p, ")");
}

static void outputs(reader *p, Onnx__GraphProto *made) {
    reader_expect(p, "(");
    if (reader_accept(p, ")")) {
        return;
    }
    do {
        Onnx__ValueInfoProto *info = text_value_info(p);
        ADD(p, made, output, info);
    } while (reader_accept(p, ","));
    reader_expect(p, ")");
}

Onnx__GraphProto *text_graph(reader *p) {
    NEW(p, GraphProto, GRAPH_PROTO, made);
    entries listed = {0};
    if (++p->depth > DEEPEST) {
        reader_fail(p, "expected fewer graphs in graphs");
    }
    made->name = reader_name(p);
    inputs(p, made);
    reader_expect(p, "=>");
    outputs(p, made);
    read_entries(p, &listed);
    reader_expect(p, "{");
    while (!reader_accept(p, "}")) {
        Onnx__NodeProto *next = text_node(p);
        ADD(p, made, node, next);
    }
    settle_entries(p, made, &listed);
    p->depth--;
    return made;
}
