// lists.c: the built-in tables as text, straight from the rows they are made of.
#include "graph/ops.h"
#include "plan/listing.h"
#include "report/report.h"

#include <stdio.h>
#include <string.h>

// A line of columns, each padded to its width; the last runs free.
static void line(owi_writer *to, const int *widths, const char *const *cells, size_t count) {
    for (size_t i = 0; i + 1 < count; i++) {
        owi_writef(to, "%-*s  ", widths[i], cells[i]);
    }
    owi_writef(to, "%s\n", cells[count - 1]);
}

#define LINE(to, widths, ...)                                                                      \
    line(to, widths, (const char *const[]){__VA_ARGS__},                                           \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

// What is known of an op's inputs: "1 conv.weight, 2 bias".
static const char *slots_of(owi_op_id op, char *text, size_t size) {
    size_t length = 0;
    text[0] = '\0';
    for (unsigned input = 0; input < 16 && length < size; input++) {
        const owi_slot *slot = owi_slot_find(op, input);
        if (slot) {
            int added = snprintf(text + length, size - length, "%s%u %s", length ? ", " : "", input,
                                 owi_role_name(slot->role));
            length += added > 0 ? (size_t)added : 0;
        }
    }
    return text;
}

static void list_ops(owi_writer *to) {
    static const int widths[] = {32, 14, 12, 9};
    char slots[256];
    LINE(to, widths, "OP", "DOMAIN", "SIGNAL", "VIEW", "INPUTS");
#define OP(id, domain, name, signal, view, shape, value)                                           \
    LINE(to, widths, name, *domain ? domain : "ai.onnx", #signal, #view,                           \
         slots_of(OWI_OP_##id, slots, sizeof slots));
#include "tables/ops.def"
#undef OP
}

static void list_roles(owi_writer *to) {
    static const int widths[] = {22, 9};
    LINE(to, widths, "ROLE", "TRAINABLE", "WHAT IT IS");
#define ROLE(id, name, trainable, meaning)                                                         \
    LINE(to, widths, name, trainable ? "yes" : "no", meaning);
#include "tables/roles.def"
#undef ROLE
}

static void list_activations(owi_writer *to) {
    static const int widths[] = {14, 16, 18, 18};
    LINE(to, widths, "ACTIVATION", "FAMILY", "GAIN", "EXACT GAIN", "WHAT IT IS");
#define ACTIVATION(id, family, gain, exact, note)                                                  \
    LINE(to, widths, #id, #family, #gain, #exact, note);
#include "tables/activations.def"
#undef ACTIVATION
}

static void list_schemes(owi_writer *to) {
    static const int widths[] = {18, 50};
    LINE(to, widths, "SCHEME", "ARGUMENTS", "WHAT IT DOES");
#define SCHEME(id, distribution, fan, arguments, note) LINE(to, widths, #id, arguments, note);
#include "tables/schemes.def"
#undef SCHEME
}

static void list_profiles(owi_writer *to) {
    static const int widths[] = {18};
    LINE(to, widths, "PROFILE", "WHAT IT IS");
#define PROFILE(id, name, meaning) LINE(to, widths, name, meaning);
#include "tables/profiles.def"
#undef PROFILE
}

static void list_policy(owi_writer *to) {
    static const int widths[] = {22, 18, 20, 16, 26};
    LINE(to, widths, "ROLE", "PROFILE", "CONDITION", "FAMILY", "SCHEME", "WHY");
#define POLICY(role, profile, condition, family, scheme, why)                                      \
    LINE(to, widths, #role, #profile, #condition, #family, scheme, why);
#include "tables/policy.def"
#undef POLICY
}

static const struct {
    const char *name;
    void (*print)(owi_writer *to);
} lists[] = {
    {"ops", list_ops},           {"activations", list_activations}, {"schemes", list_schemes},
    {"profiles", list_profiles}, {"policy", list_policy},           {"roles", list_roles},
    {"build", owi_build_list},
};

owi_status owi_list(const char *table, owi_sink sink, void *context, owi_error *error) {
    if (strcmp(table, "rules") == 0) {
        return owi_policy_write(sink, context, error);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].name, table) == 0) {
            owi_writer to = {sink, context, false};
            lists[i].print(&to);
            return to.stopped ? owi_fail(error, OWI_SYSTEM, "the list could not be written")
                              : OWI_OK;
        }
    }
    return owi_fail(error, OWI_USAGE, "there is no list '%s'", table);
}
