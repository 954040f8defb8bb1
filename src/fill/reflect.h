// reflect.h: the steps that apply a block of Householder reflectors, for REAL. Part of
// kernels_build.h, once for each type.
//
// Vectors run along the columns and sums along the rows (product) or the reflectors (update), so
// each element is summed in one scalar order whatever the vector's width. The chunk of 32 rows,
// which stays in the first-level cache, is part of that order.

#define VECTOR       TYPED(vector)
#define COLUMNS      (VECTOR_BYTES / sizeof(REAL)) // of one vector
#define accumulate   TYPED(accumulate)
#define product_tile TYPED(product_tile)
#define update_tile  TYPED(update_tile)

typedef REAL VECTOR __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));

// sum[i][j] = sum over k of a[k * a_step + i * a_skip] b[k * b_step + j], for `high` rows i and
// `wide` vectors of columns j.
INLINE void accumulate(const REAL *a, size_t a_step, size_t a_skip, const REAL *b, size_t b_step,
                       size_t count, size_t high, size_t wide, VECTOR *sum) {
    for (size_t i = 0; i < high * wide; i++) {
        sum[i] = (VECTOR){0};
    }
    for (size_t k = 0; k < count; k++, a += a_step, b += b_step) {
        const VECTOR *row = (const VECTOR *)b;
        for (size_t i = 0; i < high; i++) {
            for (size_t j = 0; j < wide; j++) {
                sum[i * wide + j] += a[i * a_skip] * row[j];
            }
        }
    }
}

INLINE void product_tile(const REAL *v, size_t reflectors, const REAL *c, size_t width, size_t rows,
                         size_t high, size_t wide, REAL *w) {
    VECTOR sum[HIGH * WIDE];
    accumulate(v, reflectors, 1, c, width, rows, high, wide, sum);
    for (size_t i = 0; i < high; i++) {
        VECTOR *row = (VECTOR *)(w + i * width);
        for (size_t j = 0; j < wide; j++) {
            row[j] += sum[i * wide + j];
        }
    }
}

// Four rows of w at a time: whole tiles, and vectors one by one where the columns end.
static void TYPED(product)(const REAL *v, size_t reflectors, const REAL *c, size_t width,
                           size_t rows, REAL *w) {
    const size_t full = WIDE * COLUMNS;
    for (size_t chunk; rows > 0; rows -= chunk, v += chunk * reflectors, c += chunk * width) {
        chunk = rows < 32 ? rows : 32;
        for (size_t i = 0; i < reflectors; i += 4) {
            size_t j = 0;
            for (; width - j >= full; j += full) {
                for (size_t k = i; k < i + 4; k += HIGH) {
                    product_tile(v + k, reflectors, c + j, width, chunk, HIGH, WIDE,
                                 w + k * width + j);
                }
            }
            for (; j < width; j += COLUMNS) {
                product_tile(v + i, reflectors, c + j, width, chunk, 4, 1, w + i * width + j);
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

INLINE void update_tile(const REAL *v, size_t reflectors, const REAL *y, size_t width, size_t high,
                        size_t wide, REAL *c) {
    VECTOR sum[HIGH * WIDE];
    accumulate(v, 1, reflectors, y, width, reflectors, high, wide, sum);
    for (size_t i = 0; i < high; i++) {
        VECTOR *row = (VECTOR *)(c + i * width);
        for (size_t j = 0; j < wide; j++) {
            row[j] -= sum[i * wide + j];
        }
    }
}

static void TYPED(update)(const REAL *v, size_t reflectors, const REAL *y, size_t width,
                          size_t rows, REAL *c) {
    const size_t full = WIDE * COLUMNS;
    for (size_t i = 0; i < rows; i += 4) {
        size_t j = 0;
        for (; width - j >= full; j += full) {
            for (size_t k = i; k < i + 4; k += HIGH) {
                update_tile(v + k * reflectors, reflectors, y + j, width, HIGH, WIDE,
                            c + k * width + j);
            }
        }
        for (; j < width; j += COLUMNS) {
            update_tile(v + i * reflectors, reflectors, y + j, width, 4, 1, c + i * width + j);
        }
    }
}

#undef VECTOR
#undef COLUMNS
#undef accumulate
#undef product_tile
#undef update_tile
