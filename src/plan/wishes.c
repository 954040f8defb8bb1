#include "plan/wishes.h"

#include "plan/presets.h"

owi_status owi_wishes_read(owi_arena *arena, const owi_options *options, owi_wishes *wishes,
                           owi_error *error) {
    OWI_TRY(
        owi_names_new(arena, "--keep", options->keep, options->keep_count, &wishes->keep, error));
    OWI_TRY(owi_names_new(arena, "--freeze", options->freeze, options->freeze_count,
                          &wishes->freeze, error));
    OWI_TRY(owi_names_new(arena, "--promote", options->promote, options->promote_count,
                          &wishes->promote, error));
    if (options->only_count) {
        OWI_TRY(owi_names_new(arena, "--only", options->only, options->only_count, &wishes->only,
                              error));
    }
    wishes->only_missing = options->only_missing;
    if (options->residual_scale) {
        OWI_TRY(owi_residual_scale_read(arena, options->residual_scale, &wishes->residual_scale,
                                        error));
    }
    for (size_t i = 0; i < options->rule_count; i++) {
        OWI_TRY(owi_rule_option_read(arena, options->rule[i], i + 1, &wishes->rules, error));
    }
    for (size_t i = 0; i < options->rules_count; i++) {
        owi_rule_file file = {.rules = &wishes->rules};
        OWI_TRY(owi_rule_file_read(arena, options->rules[i], options->rules[i], &file, error));
    }
    return options->preset ? owi_preset_read(arena, options->preset, options->preset_folder,
                                             &wishes->rules, error)
                           : OWI_OK;
}
