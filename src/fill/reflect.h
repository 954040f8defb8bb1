// reflect.h: the steps that apply a block of Householder reflectors, for REAL. Part of
// kernels_build.h, once for each type.
//
// Vectors run along the columns and sums along the rows (product) or the reflectors (update), so
// each element is summed in one scalar order whatever the vector's width. The chunk of 32 rows,
// which stays in the first-level cache, is part of that order.

#define VECTOR     TYPED(vector)
#define COLUMNS    (VECTOR_BYTES / sizeof(REAL)) // of one vector
#define accumulate TYPED(accumulate)

typedef REAL VECTOR __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));

// sum[i][j] = sum over k of a[k * a_step + i * a_skip] b[k * b_step + j], for 4 rows i and `tile`
// vectors of columns j.
INLINE void accumulate(const REAL *a, size_t a_step, size_t a_skip, const REAL *b, size_t b_step,
                       size_t count, int tile, VECTOR sum[4][TILE]) {
    for (int i = 0; i < 4; i++) {
        for (int j = 0; j < tile; j++) {
            sum[i][j] = (VECTOR){0};
        }
    }
    for (size_t k = 0; k < count; k++, a += a_step, b += b_step) {
        const VECTOR *row = (const VECTOR *)b;
        for (size_t i = 0; i < 4; i++) {
            for (int j = 0; j < tile; j++) {
                sum[i][j] += a[i * a_skip] * row[j];
            }
        }
    }
}

INLINE void TYPED(product_tile)(const REAL *v, size_t reflectors, const REAL *c, size_t width,
                                size_t rows, int tile, REAL *w) {
    VECTOR sum[4][TILE];
    accumulate(v, reflectors, 1, c, width, rows, tile, sum);
    for (size_t i = 0; i < 4; i++) {
        VECTOR *row = (VECTOR *)(w + i * width);
        for (int j = 0; j < tile; j++) {
            row[j] += sum[i][j];
        }
    }
}

static void TYPED(product)(const REAL *v, size_t reflectors, const REAL *c, size_t width,
                           size_t rows, REAL *w) {
    const size_t full = TILE * COLUMNS;
    for (size_t chunk; rows > 0; rows -= chunk, v += chunk * reflectors, c += chunk * width) {
        chunk = rows < 32 ? rows : 32;
        for (size_t i = 0; i < reflectors; i += 4) {
            REAL *into = w + i * width;
            size_t j = 0;
            for (; width - j >= full; j += full) {
                TYPED(product_tile)(v + i, reflectors, c + j, width, chunk, TILE, into + j);
            }
            for (; j < width; j += COLUMNS) {
                TYPED(product_tile)(v + i, reflectors, c + j, width, chunk, 1, into + j);
            }
        }
    }
}

// A step of columns at a time, whose sums stay in registers.
static void TYPED(solve)(const double *t, size_t reflectors, REAL *y, size_t width) {
    enum { STEP = OWI_COLUMN_STEP, VECTORS = STEP * 8 / VECTOR_BYTES };
    union {
        double number[STEP];
        wide_vector vector[VECTORS];
    } x[OWI_REFLECTORS];
    for (size_t left = 0; left < width; left += STEP) {
        for (size_t i = reflectors; i-- > 0;) {
            REAL *row = y + i * width + left;
            for (size_t j = 0; j < STEP; j++) {
                x[i].number[j] = (double)row[j];
            }
            wide_vector sum[VECTORS];
            memcpy(sum, x[i].vector, sizeof sum);
            for (size_t k = i + 1; k < reflectors; k++) {
                for (size_t n = 0; n < VECTORS; n++) {
                    sum[n] -= t[i * reflectors + k] * x[k].vector[n];
                }
            }
            for (size_t n = 0; n < VECTORS; n++) {
                x[i].vector[n] = sum[n] * t[i * reflectors + i];
            }
            for (size_t j = 0; j < STEP; j++) {
                row[j] = (REAL)x[i].number[j];
            }
        }
    }
}

INLINE void TYPED(update_tile)(const REAL *v, size_t reflectors, const REAL *y, size_t width,
                               int tile, REAL *c) {
    VECTOR sum[4][TILE];
    accumulate(v, 1, reflectors, y, width, reflectors, tile, sum);
    for (size_t i = 0; i < 4; i++) {
        VECTOR *row = (VECTOR *)(c + i * width);
        for (int j = 0; j < tile; j++) {
            row[j] -= sum[i][j];
        }
    }
}

static void TYPED(update)(const REAL *v, size_t reflectors, const REAL *y, size_t width,
                          size_t rows, REAL *c) {
    const size_t full = TILE * COLUMNS;
    for (; rows > 0; rows -= 4, v += 4 * reflectors, c += 4 * width) {
        size_t j = 0;
        for (; width - j >= full; j += full) {
            TYPED(update_tile)(v, reflectors, y + j, width, TILE, c + j);
        }
        for (; j < width; j += COLUMNS) {
            TYPED(update_tile)(v, reflectors, y + j, width, 1, c + j);
        }
    }
}

#undef VECTOR
#undef COLUMNS
#undef accumulate
