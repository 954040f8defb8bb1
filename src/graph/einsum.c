#include "graph/graph.h"

#include <ctype.h>
#include <string.h>

// The output without "->": labels that occur once, in alphabetical order (ONNX, Einsum).
static const char *implied_output(owi_arena *arena, const owi_equation *equation) {
    char *output = owi_arena_array(arena, 2 * 26 + 1, 1);
    size_t length = 0;
    for (int label = 'A'; label <= 'z'; label++) {
        size_t count = 0;
        for (size_t i = 0; i < equation->operand_count; i++) {
            for (const char *at = equation->operand[i]; *at; at++) {
                count += *at == label;
            }
        }
        if (count == 1) {
            output[length++] = (char)label;
        }
    }
    return output;
}

bool owi_einsum_equation(owi_arena *arena, const owi_node *node, owi_equation *equation) {
    const Onnx__AttributeProto *attribute = owi_attribute(node, "equation");
    *equation = (owi_equation){{NULL}, 0, NULL};
    if (!attribute || !attribute->has_s) {
        return false;
    }
    char *text = owi_arena_array(arena, attribute->s.len + 1, 1), *to = text;
    for (size_t i = 0; i < attribute->s.len; i++) {
        char byte = (char)attribute->s.data[i];
        if (byte != ' ') {
            *to++ = byte;
        }
    }
    char *arrow = strstr(text, "->");
    if (arrow) {
        *arrow = '\0';
        equation->output = arrow + 2;
    }
    for (char *at = text; at && equation->operand_count < 4;) {
        char *comma = strchr(at, ',');
        equation->operand[equation->operand_count++] = at;
        at = comma ? comma + 1 : NULL;
        if (comma) {
            *comma = '\0';
        }
    }
    if (!equation->output) {
        equation->output = implied_output(arena, equation);
    }
    for (size_t i = 0; i <= equation->operand_count; i++) {
        const char *labels = i ? equation->operand[i - 1] : equation->output;
        for (; *labels; labels++) {
            if (!isalpha((unsigned char)*labels)) {
                return false;
            }
        }
    }
    return equation->operand_count == node->input_count;
}
