#include "infer/infer.h"

#include <string.h>

static const struct {
    owi_suggestion suggests;
    const char *text;
} fragments[] = {
#define FRAGMENT(what, text) {OWI_SUGGESTS_##what, text},
#include "tables/fragments.def"
#undef FRAGMENT
};

owi_suggestion owi_name_suggests(const char *name) {
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        if (strstr(name, fragments[i].text)) {
            return fragments[i].suggests;
        }
    }
    return OWI_SUGGESTS_NOTHING;
}
