// limits.h: what an input may hold and cost. The numbers stand in tables/limits.def, with the units
// that SECURITY.md shows.
#ifndef OWI_BASE_LIMITS_H
#define OWI_BASE_LIMITS_H

#include <stdint.h>

enum {
#define LIMIT(id, number, what, shown, beyond) OWI_LIMIT_##id = number,
#include "tables/limits.def"
#undef LIMIT
};

// Elements of a tensor, and the largest dim: beyond any file, and far from every overflow.
#define OWI_LIMIT_ELEMENTS ((int64_t)1 << OWI_LIMIT_ELEMENT_BITS)

#endif
