#include "plan/listing.h"

#include "model/guard.h"
#include "plan/policy.h"
#include "plan/presets.h"

#include <string.h>

#define PRINT(text, ...) ((text) = owi_arena_printf(arena, "%s" __VA_ARGS__))

static const char *head(owi_arena *arena) {
    const char *text = "# The built-in policy of onnx-winit " OWI_VERSION
                       " as rules: the first rule that fits and has a\n"
                       "# scheme (or keep) decides. Load with --rules.\n#\n"
                       "# What a rule may ask for; all must hold. A list means any of them.\n";
#define MATCH(id, kind, meaning) PRINT(text, "#   %-15s %s\n", text, #id, meaning);
#include "tables/rule_fields.def"
#undef MATCH
    PRINT(text, "# `when` takes these; of a list, all must hold:\n", text);
#define CONDITION(id, name, meaning) PRINT(text, "#   %-20s %s\n", text, name, meaning);
#include "tables/conditions.def"
#undef CONDITION
    PRINT(text, "# What a rule does:\n", text);
#define ACTION(id, kind, meaning) PRINT(text, "#   %-15s %s\n", text, #id, meaning);
#include "tables/rule_actions.def"
#undef ACTION
    return PRINT(text,
                 "\nabout: the built-in policy\n"
                 "policy: true          # beliefs: a rule that fits nothing is no mistake\n"
                 "residual_scale: auto  # for rules that do not say\n"
                 "rules:\n",
                 text);
}

static owi_status list_rules(owi_arena *arena, const char **text, owi_error *error) {
    owi_rules rules = {0};
    OWI_TRY(owi_policy_read(arena, &rules, error));
    *text = head(arena);
    for (size_t i = 0; i < rules.count; i++) {
        owi_rule *rule = &rules.items[i];
        rule->residual_scale = OWI_RESIDUAL_UNSAID; // the head says both
        rule->policy = false;
        PRINT(*text, "  - %s\n", *text, owi_rule_mapping(arena, rule, "\n    "));
    }
    return OWI_OK;
}

static owi_status list_presets(owi_arena *arena, const char *folder, const char **text,
                               owi_error *error) {
    owi_presets presets = {0};
    OWI_TRY(owi_presets_find(arena, folder, &presets, error));
    *text = owi_arena_printf(arena, "%-16s  %s\n", "PRESET", "WHAT IT IS");
    for (size_t i = 0; i < presets.count; i++) {
        PRINT(*text, "%-16s  %s\n", *text, owi_escaped(arena, presets.items[i].name),
              owi_escaped(arena, presets.items[i].about));
    }
    return OWI_OK;
}

static owi_status guarded_rules(owi_arena *arena, const char **text, owi_error *error) {
    OWI_GUARD(arena, error);
    owi_status status = list_rules(arena, text, error);
    OWI_UNGUARD(arena);
    return status;
}

static owi_status guarded_presets(owi_arena *arena, const char *folder, const char **text,
                                  owi_error *error) {
    OWI_GUARD(arena, error);
    owi_status status = list_presets(arena, folder, text, error);
    OWI_UNGUARD(arena);
    return status;
}

// Hands the text over and releases it.
static owi_status hand_over(owi_status status, const char *text, owi_arena *arena, owi_sink sink,
                            void *context, owi_error *error) {
    if (status == OWI_OK && !sink(context, text, strlen(text))) {
        status = owi_fail(error, OWI_SYSTEM, "the list could not be written");
    }
    owi_arena_free(arena);
    return status;
}

owi_status owi_policy_write(owi_sink sink, void *context, owi_error *error) {
    owi_arena arena = {0};
    const char *text = "";
    owi_status status = guarded_rules(&arena, &text, error);
    return hand_over(status, text, &arena, sink, context, error);
}

owi_status owi_list_presets(const char *folder, owi_sink sink, void *context, owi_error *error) {
    owi_arena arena = {0};
    const char *text = "";
    owi_status status = guarded_presets(&arena, folder, &text, error);
    return hand_over(status, text, &arena, sink, context, error);
}
