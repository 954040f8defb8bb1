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

bool owi_name_suggests(const char *name, owi_suggestion what) {
    for (size_t i = 0; i < sizeof fragments / sizeof *fragments; i++) {
        if (fragments[i].suggests == what && strstr(name, fragments[i].text)) {
            return true;
        }
    }
    return false;
}
