// test_coverage.c: every belief in the tables has a case in tests/cases that meets it. A slot
// counts when a tensor that the case makes a claim about arrives in it; an operator when it stands
// in a model with claims; a policy, a structure of values and a profile when they decided about a
// row.
#include "infer/idiom.h"
#include "infer/infer.h"
#include "infer/profile.h"
#include "infer/trace.h"
#include "model/model.h"
#include "support/case.h"
#include "support/temp.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// ---- the tables

static const char *const structures[] = {
#define STRUCTURE(id, fewest, what) what,
#include "tables/structures.def"
#undef STRUCTURE
};

static const struct {
    owi_op_id op;
    unsigned input;
    const char *name;
} slots[] = {
#define SLOT(op, input, role, layout) {OWI_OP_##op, input, #op " " #input},
#include "tables/slots.def"
#undef SLOT
};

static const struct {
    const char *op, *signal, *view;
} ops[] = {
    {"unknown", "STOP", "NONE"},
#define OP(id, domain, name, signal, view, shape, value) {#id, #signal, #view},
#include "tables/ops.def"
#undef OP
};

static const char *const idioms[] = {
#define IDIOM(kind, id, pattern) #id " " pattern,
#include "tables/idioms.def"
#undef IDIOM
};

static const struct {
    const char *role, *profile, *scheme, *why;
} policies[] = {
#define POLICY(role, profile, when, after, scheme, why) {#role, #profile, scheme, why},
#include "tables/policy.def"
#undef POLICY
};

static const char *const roles[] = {
#define ROLE(id, name, trainable, meaning) #id,
#include "tables/roles.def"
#undef ROLE
};

static const char *const fragments[] = {
#define FRAGMENT(what, text) text,
#include "tables/fragments.def"
#undef FRAGMENT
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

// What the cases met.
static struct {
    bool op[COUNT(ops)], slot[COUNT(slots)], policy[COUNT(policies)];
    bool structure[COUNT(structures)], activation[OWI_ACTIVATION_COUNT], profile[OWI_PROFILE_COUNT];
    bool fragment[COUNT(fragments)];
    uint64_t idioms;
} met;

// ---- what one case meets

static bool claims_about(const test_case *given, const char *name) {
    size_t length = strlen(name);
    for (const char *line = given->expected; line; line = strchr(line, '\n')) {
        line += strspn(line, "\n\"");
        if (strncmp(line, name, length) == 0 && strchr(":[\"", line[length])) {
            return true;
        }
    }
    return false;
}

static void meet_slots(owi_model *model, const test_case *given, const owi_tensor *tensor) {
    owi_arrivals arrivals = owi_trace(&model->arena, tensor);
    for (size_t i = 0; i < arrivals.count && claims_about(given, tensor->name); i++) {
        for (size_t k = 0; k < COUNT(slots); k++) {
            met.slot[k] |= slots[k].op == arrivals.items[i].node->op->id &&
                           slots[k].input == arrivals.items[i].input;
        }
    }
}

// Rows of the policy name roles of weights together.
static bool is_role(const char *wanted, const char *role) {
    owi_role found = 0;
    while (found < OWI_ROLE_COUNT && strcmp(roles[found], wanted) != 0) {
        found++;
    }
    return strcmp(wanted, "ANY") == 0 ||
           (strcmp(wanted, "WEIGHT") == 0 && strstr(role, ".weight")) ||
           (found < OWI_ROLE_COUNT && strcmp(owi_role_name(found), role) == 0);
}

static bool is_profile(const char *wanted, const char *profile) {
    owi_profile found = owi_profile_find(profile);
    static const char *const ids[] = {
#define PROFILE(id, name, meaning) #id,
#include "tables/profiles.def"
#undef PROFILE
    };
    return strcmp(wanted, "ANY") == 0 || (found < COUNT(ids) && strcmp(ids[found], wanted) == 0);
}

// Schemes of the policy come with arguments.
static bool is_scheme(const char *wanted, const char *scheme) {
    size_t length = strcspn(wanted, "(");
    return strncmp(wanted, scheme, length) == 0 && !scheme[length];
}

static bool decided(const owi_row *row, size_t policy, const char *profile) {
    const char *scheme = policies[policy].scheme;
    bool by_part = false;
    bool by_row = strstr(row->reason, policies[policy].why) && is_scheme(scheme, row->scheme);
    for (size_t i = 0; i < row->block_count; i++) {
        by_part |= is_scheme(scheme, row->blocks[i].scheme);
    }
    bool kept = strcmp(policies[policy].role, "ANY") == 0 && !row->fill;
    return (by_part || by_row || kept) && is_role(policies[policy].role, row->role) &&
           is_profile(policies[policy].profile, profile);
}

static void meet_row(const owi_row *row, const char *profile) {
    for (size_t i = 0; i < COUNT(policies); i++) {
        met.policy[i] |= decided(row, i, profile);
    }
    for (size_t i = 0; i < COUNT(structures); i++) {
        met.structure[i] |= strcmp(row->reason, structures[i]) == 0;
    }
    for (size_t i = 0; i < COUNT(fragments); i++) {
        met.fragment[i] |= strstr(row->name, fragments[i]) != NULL;
    }
    met.activation[owi_activation_find(row->activation)] |= row->fill;
}

static void meet_model(owi_model *model, const test_case *given) {
    const owi_graph *graph = model->graph;
    const owi_idiom *const *found = owi_idioms_find(graph);
    for (size_t i = 0; i < graph->nodes.count; i++) {
        met.op[graph->nodes.items[i]->op->id] = true;
        met.idioms |= found[i] ? found[i]->rows : 0;
    }
    for (size_t i = 0; i < graph->tensors.count; i++) {
        meet_slots(model, given, graph->tensors.items[i]);
    }
}

static void meet_case(const char *path) {
    test_case given;
    owi_arena arena = {0};
    owi_model *model = NULL;
    const owi_plan *plan = NULL;
    owi_error error;
    buffer problem = {0};
    if (case_read(path, &arena, &given, &problem) && !given.failure) {
        temp folder = temp_make();
        char *file = temp_file(&folder, "model.onnx", given.model, given.model_length);
        if (owi_model_open(file, &model, &error) == OWI_OK &&
            owi_plan_make(model, &given.options, &plan, &error) == OWI_OK) {
            const owi_summary *summary = owi_plan_summary(plan);
            meet_model(model, &given);
            met.profile[owi_profile_find(summary->profile)] = true;
            for (size_t i = 0; i < owi_plan_count(plan); i++) {
                meet_row(owi_plan_row(plan, i), summary->profile);
            }
        }
        owi_model_close(model);
        free(file);
        temp_remove(&folder);
    }
    buffer_free(&problem);
    owi_arena_free(&arena);
}

static int meet_cases(void **state) {
    (void)state;
    DIR *folder = opendir("tests/cases");
    char path[512];
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        if (strstr(entry->d_name, ".case")) {
            snprintf(path, sizeof path, "tests/cases/%s", entry->d_name);
            meet_case(path);
        }
    }
    return folder ? closedir(folder) : -1;
}

// ---- what no case meets

static size_t missing(bool is_met, const char *table, const char *row) {
    if (!is_met) {
        print_message("%s: no case meets %s\n", table, row);
    }
    return !is_met;
}

// What ends a walk, or reads a shape, needs no case unless something can arrive there.
static bool needs_case(size_t op) {
    bool stops = strcmp(ops[op].signal, "STOP") == 0 || strcmp(ops[op].signal, "SHAPE") == 0;
    bool seen = !stops || strcmp(ops[op].view, "NONE") != 0;
    for (size_t i = 0; i < COUNT(slots); i++) {
        seen |= slots[i].op == (owi_op_id)op;
    }
    return seen;
}

static void every_operator_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(ops); i++) {
        count += needs_case(i) ? missing(met.op[i], "ops.def", ops[i].op) : 0;
    }
    assert_int_equal(count, 0);
}

static void every_slot_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(slots); i++) {
        count += missing(met.slot[i], "slots.def", slots[i].name);
    }
    assert_int_equal(count, 0);
}

static void every_activation_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < OWI_ACTIVATION_COUNT; i++) {
        count +=
            missing(met.activation[i], "activations.def", owi_activation_name((owi_activation)i));
    }
    assert_int_equal(count, 0);
}

static void every_idiom_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(idioms); i++) {
        count += missing(met.idioms >> i & 1, "idioms.def", idioms[i]);
    }
    assert_int_equal(count, 0);
}

static void every_policy_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(policies); i++) {
        char row[256];
        snprintf(row, sizeof row, "%s %s %s", policies[i].role, policies[i].profile,
                 policies[i].scheme);
        count += missing(met.policy[i], "policy.def", row);
    }
    assert_int_equal(count, 0);
}

static void every_profile_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = OWI_PROFILE_ANY + 1; i < OWI_PROFILE_COUNT; i++) {
        count += missing(met.profile[i], "profiles.def", owi_profile_name((owi_profile)i));
    }
    assert_int_equal(count, 0);
}

static void every_structure_of_values_has_a_case(void **state) {
    (void)state;
    size_t count = 0;
    for (size_t i = 0; i < COUNT(structures); i++) {
        count += missing(met.structure[i], "structures.def", structures[i]);
    }
    for (size_t i = 0; i < COUNT(fragments); i++) {
        count += missing(met.fragment[i], "fragments.def", fragments[i]);
    }
    assert_int_equal(count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator_has_a_case),
        cmocka_unit_test(every_slot_has_a_case),
        cmocka_unit_test(every_activation_has_a_case),
        cmocka_unit_test(every_idiom_has_a_case),
        cmocka_unit_test(every_policy_has_a_case),
        cmocka_unit_test(every_profile_has_a_case),
        cmocka_unit_test(every_structure_of_values_has_a_case),
    };
    return cmocka_run_group_tests(tests, meet_cases, NULL);
}
