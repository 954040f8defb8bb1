#include "plan/presets.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PRESETS = 64, LONGEST_NAME = 64 };

typedef char preset_name[LONGEST_NAME];

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool is_path(const char *name) {
    return strchr(name, '/') || ends_with(name, ".yaml") || ends_with(name, ".json");
}

static int by_name(const void *a, const void *b) {
    return strcmp(a, b);
}

// The names of the presets in a folder, sorted.
static owi_status list_names(owi_arena *arena, const char *folder, preset_name **names,
                             size_t *count, owi_error *error) {
    *names = owi_new(arena, preset_name, MOST_PRESETS); // first: the folder is not the arena's
    *count = 0;
    DIR *open = opendir(folder);
    if (!open) {
        return owi_fail(error, OWI_SYSTEM, "presets in %s: %s", folder, strerror(errno));
    }
    for (struct dirent *entry; *count < MOST_PRESETS && (entry = readdir(open));) {
        size_t length = strlen(entry->d_name);
        if (ends_with(entry->d_name, ".yaml") && length - 5 < LONGEST_NAME) {
            memcpy((*names)[(*count)++], entry->d_name, length - 5);
        }
    }
    closedir(open);
    qsort(*names, *count, sizeof **names, by_name);
    return OWI_OK;
}

static owi_status no_such_preset(owi_arena *arena, const char *name, const char *folder,
                                 owi_error *error) {
    preset_name *found;
    size_t count;
    OWI_TRY(list_names(arena, folder, &found, &count, error));
    const char **names = owi_new(arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        names[i] = found[i];
    }
    return owi_unknown(arena, "preset", name, names, error);
}

static const char *path_of(owi_arena *arena, const char *folder, const char *name) {
    return owi_arena_printf(arena, "%s/%s.yaml", folder, name);
}

owi_status owi_preset_read(owi_arena *arena, const char *name, const char *folder, owi_rules *rules,
                           owi_error *error) {
    owi_rule_file file = {.rules = rules};
    if (is_path(name)) {
        return owi_rule_file_read(arena, name, name, &file, error);
    }
    folder = folder ? folder : OWI_PRESETS;
    const char *path = path_of(arena, folder, name);
    if (access(path, F_OK) != 0) {
        return no_such_preset(arena, name, folder, error);
    }
    return owi_rule_file_read(arena, path, owi_arena_printf(arena, "preset %s", name), &file,
                              error);
}

owi_status owi_presets_find(owi_arena *arena, const char *folder, owi_presets *presets,
                            owi_error *error) {
    preset_name *names;
    size_t count;
    folder = folder ? folder : OWI_PRESETS;
    OWI_TRY(list_names(arena, folder, &names, &count, error));
    for (size_t i = 0; i < count; i++) {
        owi_rules rules = {0};
        owi_rule_file file = {.rules = &rules};
        OWI_TRY(
            owi_rule_file_read(arena, path_of(arena, folder, names[i]), names[i], &file, error));
        *owi_push(arena, presets) = (owi_preset){names[i], file.about ? file.about : ""};
    }
    return OWI_OK;
}
