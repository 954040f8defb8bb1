// fuzz_rules.c: any text as a rules file. A rule that was read is printed as a mapping that reads
// back and prints the same again.
#include "fuzz/fuzz.h"
#include "plan/rule_file.h"

#include <string.h>

static void check_mappings(owi_arena *arena, const owi_rules *rules, owi_error *error) {
    for (size_t i = 0; i < rules->count; i++) {
        owi_rules again = {0};
        const char *text =
            owi_arena_printf(arena, "{%s}", owi_rule_mapping(arena, &rules->items[i], ", "));
        if (owi_rule_mapping_read(arena, text, "again", &again, error) != OWI_OK) {
            fuzz_fail(error->text, text);
        }
        const char *printed =
            owi_arena_printf(arena, "{%s}", owi_rule_mapping(arena, again.items, ", "));
        if (again.count != 1 || strcmp(text, printed) != 0) {
            fuzz_fail(text, printed);
        }
    }
}

static owi_status read_all(owi_arena *arena, const char *path, owi_error *error) {
    owi_rules rules = {0};
    owi_rule_file file = {.rules = &rules};
    jmp_buf exhausted;
    if (setjmp(exhausted)) {
        return owi_exhausted(arena, error);
    }
    arena->exhausted = &exhausted;
    OWI_TRY(owi_rule_file_read(arena, path, "rules.yaml", &file, error));
    check_mappings(arena, &rules, error);
    return OWI_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    owi_arena arena = {.limit = (size_t)64 << 20, .subject = "rules.yaml"};
    owi_error error = {.status = OWI_OK};
    owi_status status = read_all(&arena, fuzz_file(data, size), &error);
    if (status != OWI_OK && (status != OWI_USAGE || strchr(error.text, '\n') ||
                             strncmp(error.text, "rules.yaml:", 11) != 0)) {
        fuzz_fail("a rules file is refused without a place", error.text);
    }
    owi_arena_free(&arena);
    return 0;
}
