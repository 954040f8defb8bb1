// presets.h: rules files that come with the program.
#ifndef OWI_PLAN_PRESETS_H
#define OWI_PLAN_PRESETS_H

#include "plan/rule_file.h"

// Appends the rules of a preset: NAME.yaml in the folder (NULL: where they are installed), or the
// file itself when `name` has a slash or ends in .yaml or .json. OWI_USAGE for a name that no
// preset has, with the nearest one.
owi_status owi_preset_read(owi_arena *arena, const char *name, const char *folder, owi_rules *rules,
                           owi_error *error);

typedef struct owi_preset {
    const char *name, *about;
} owi_preset;

typedef struct owi_presets {
    owi_preset *items;
    size_t count, capacity;
} owi_presets;

// All presets of the folder, by name. OWI_SYSTEM when the folder cannot be read.
owi_status owi_presets_find(owi_arena *arena, const char *folder, owi_presets *presets,
                            owi_error *error);

#endif
