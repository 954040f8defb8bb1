#include "onnx_winit.h"

#include <string.h>

enum { LONGEST_WORD = 64 };

// Edits (insert, delete, replace, swap neighbours) that turn one word into the other.
static size_t distance(const char *a, const char *b) {
    size_t rows[3][LONGEST_WORD + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2], width = strlen(b);
    for (size_t j = 0; j <= width; j++) {
        above[j] = j;
    }
    for (size_t i = 1; a[i - 1]; i++) {
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                before[j - 2] + 1 < best) {
                best = before[j - 2] + 1;
            }
            row[j] = best;
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[width];
}

const char *owi_nearest_name(const char *word, const char *const *names) {
    const char *nearest = NULL;
    size_t least = SIZE_MAX, length = strlen(word);
    for (size_t i = 0; names[i] && length <= LONGEST_WORD; i++) {
        size_t edits = strlen(names[i]) <= LONGEST_WORD ? distance(word, names[i]) : SIZE_MAX;
        if (edits < least) {
            least = edits;
            nearest = names[i];
        }
    }
    return least <= 1 + length / 4 ? nearest : NULL; // one letter in four may be wrong
}
