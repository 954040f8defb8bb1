#include "model/provenance.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct texts {
    const char **items;
    size_t count, capacity;
} texts;

// Options that may come several times: the word that begins their lines, and where they go.
typedef enum list { KEEP, PROMOTE, FREEZE, ONLY, RULE, LISTS } list;

static const char *const list_names[LISTS] = {"keep", "promote", "freeze", "only", "rule"};

typedef struct reader {
    owi_arena *arena;
    owi_provenance *made;
    texts lists[LISTS];
    const char *scope;
} reader;

static const char *key_of(owi_arena *arena, const char *scope, const char *name) {
    return owi_arena_printf(arena, "%s\n%s", scope, name);
}

static bool is_digest(const char *text) {
    return strlen(text) == OWI_DIGEST_LENGTH &&
           strspn(text, "0123456789abcdef") == OWI_DIGEST_LENGTH;
}

static bool read_seed(reader *at, const char *value) {
    char *end;
    at->made->options.seed = strtoull(value, &end, 10);
    return *value >= '0' && *value <= '9' && *end == '\0';
}

static void read_filled(reader *at, const char *name) {
    owi_filled *filled = owi_push(at->arena, &at->made->filled);
    *filled = (owi_filled){at->scope, name};
    owi_strmap_put(at->arena, &at->made->index, key_of(at->arena, at->scope, name), at->made);
}

static bool read_list(reader *at, const char *key, const char *value) {
    for (size_t i = 0; i < LISTS; i++) {
        if (strcmp(key, list_names[i]) == 0) {
            *owi_push(at->arena, &at->lists[i]) = value;
            return true;
        }
    }
    return false;
}

// False for a line that makes no sense.
static bool read_line(reader *at, const char *key, const char *value) {
    owi_options *options = &at->made->options;
    if (strcmp(key, "onnx-winit") == 0) {
        at->made->version = value;
    } else if (strcmp(key, "seed") == 0) {
        return read_seed(at, value);
    } else if (strcmp(key, "profile") == 0) {
        options->profile = value;
    } else if (strcmp(key, "attention") == 0) {
        options->attention = value;
    } else if (strcmp(key, "residual-scale") == 0) {
        options->residual_scale = value;
    } else if (strcmp(key, "zero-init-residual") == 0) {
        options->zero_init_residual = true;
    } else if (strcmp(key, "only-missing") == 0) {
        options->only_missing = true;
    } else if (strcmp(key, "plan") == 0) {
        at->made->digest = value;
        return is_digest(value);
    } else if (strcmp(key, "in") == 0) {
        at->scope = value;
    } else if (strcmp(key, "filled") == 0) {
        read_filled(at, value);
    } else {
        return read_list(at, key, value);
    }
    return true;
}

static bool read_lines(reader *at, char *text) {
    while (*text) {
        char *line = text, *end = strchr(text, '\n'), *blank = strchr(text, ' ');
        if (!end || !blank || blank > end) {
            return false;
        }
        text = end + 1;
        *end = *blank = '\0';
        if (!read_line(at, line, blank + 1)) {
            return false;
        }
    }
    return at->made->version && at->made->digest;
}

static void set_lists(reader *at) {
    owi_options *options = &at->made->options;
    options->keep = at->lists[KEEP].items;
    options->keep_count = at->lists[KEEP].count;
    options->promote = at->lists[PROMOTE].items;
    options->promote_count = at->lists[PROMOTE].count;
    options->freeze = at->lists[FREEZE].items;
    options->freeze_count = at->lists[FREEZE].count;
    options->only = at->lists[ONLY].items;
    options->only_count = at->lists[ONLY].count;
    options->rule = at->lists[RULE].items;
    options->rule_count = at->lists[RULE].count;
}

static const char *entry_of(const Onnx__ModelProto *proto) {
    for (size_t i = 0; i < proto->n_metadata_props; i++) {
        const Onnx__StringStringEntryProto *entry = proto->metadata_props[i];
        if (entry->key && entry->value && strcmp(entry->key, OWI_PROVENANCE_KEY) == 0) {
            return entry->value;
        }
    }
    return NULL;
}

const owi_provenance *owi_provenance_read(owi_model *model) {
    owi_arena *arena = &model->arena;
    const char *text = entry_of(model->proto);
    if (!text) {
        return NULL;
    }
    reader at = {.arena = arena, .made = owi_new(arena, owi_provenance, 1), .scope = "main"};
    if (!read_lines(&at, owi_arena_copy(arena, text, strlen(text)))) {
        return NULL;
    }
    set_lists(&at);
    return at.made;
}

bool owi_provenance_names(const owi_provenance *provenance, owi_arena *arena, const char *scope,
                          const char *name) {
    return provenance && owi_strmap_get(&provenance->index, key_of(arena, owi_escaped(arena, scope),
                                                                   owi_escaped(arena, name)));
}

// ---- writing

typedef struct text {
    char *items;
    size_t count, capacity;
} text;

static void add(owi_arena *arena, text *out, const char *bytes, size_t length) {
    if (out->capacity - out->count < length) {
        out->items =
            owi_arena_grow(arena, out->items, out->count, &out->capacity, out->count + length, 1);
    }
    memcpy(out->items + out->count, bytes, length);
    out->count += length;
}

static void add_line(owi_arena *arena, text *out, const char *key, const char *value) {
    if (value) {
        const char *shown = owi_escaped(arena, value);
        add(arena, out, key, strlen(key));
        add(arena, out, " ", 1);
        add(arena, out, shown, strlen(shown));
        add(arena, out, "\n", 1);
    }
}

static void add_lines(owi_arena *arena, text *out, list key, const char *const *values,
                      size_t count) {
    for (size_t i = 0; i < count; i++) {
        add_line(arena, out, list_names[key], values[i]);
    }
}

static void add_options(owi_arena *arena, text *out, const owi_options *options) {
    add_line(arena, out, "seed", owi_arena_printf(arena, "%" PRIu64, options->seed));
    add_line(arena, out, "profile", options->profile);
    add_line(arena, out, "attention", options->attention);
    add_line(arena, out, "residual-scale", options->residual_scale);
    add_line(arena, out, "zero-init-residual", options->zero_init_residual ? "yes" : NULL);
    add_line(arena, out, "only-missing", options->only_missing ? "yes" : NULL);
    add_lines(arena, out, KEEP, options->keep, options->keep_count);
    add_lines(arena, out, PROMOTE, options->promote, options->promote_count);
    add_lines(arena, out, FREEZE, options->freeze, options->freeze_count);
    add_lines(arena, out, ONLY, options->only, options->only_count);
    add_lines(arena, out, RULE, options->rule, options->rule_count);
}

const char *owi_provenance_text(owi_arena *arena, const owi_provenance *provenance) {
    const char *scope = "main";
    text out = {NULL, 0, 0};
    add_line(arena, &out, "onnx-winit", OWI_VERSION);
    add_options(arena, &out, &provenance->options);
    add_line(arena, &out, "plan", provenance->digest);
    for (size_t i = 0; i < provenance->filled.count; i++) {
        const owi_filled *filled = &provenance->filled.items[i];
        if (strcmp(scope, filled->scope) != 0) {
            scope = filled->scope;
            add_line(arena, &out, "in", scope);
        }
        add_line(arena, &out, "filled", filled->name);
    }
    add(arena, &out, "", 1);
    return out.items;
}
