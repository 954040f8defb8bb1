// orthogonal_typed.h: the reflectors, blocks and strips of one matrix in REAL arithmetic. Part of
// orthogonal.c, once for each type.

#define MATRIX TYPED(matrix)

// One matrix of m >= n; a wide one is made standing and written lying.
typedef struct MATRIX {
    const target *to;
    size_t m, n, panels;
    size_t rows; // m rounded up for the kernels
    // Panel p holds reflectors from 64 p on as columns, rows from 64 p on: a trapezoid in all.
    REAL *reflectors;
    double *triangles; // 1/T of each panel
    REAL *signs;       // of D, times the gain
    REAL *strips;      // one for each thread: rows x width
    size_t width;      // of a strip
    atomic_size_t next_panel, next_strip, next_thread;
} MATRIX;

static size_t TYPED(panel_width)(const MATRIX *q, size_t panel) {
    const size_t left = q->n - panel * PANEL;
    return left < PANEL ? rounded_up(left, OWI_COLUMN_STEP) : PANEL;
}

// Where a panel begins: those in front of it are full and have rows, rows - 64, rows - 128, ...
// rows.
static size_t TYPED(panel_start)(const MATRIX *q, size_t panel) {
    return (q->rows * panel - PANEL * (panel * (panel - 1) / 2)) * PANEL;
}

// Reflector j, scaled to v'v = 2 but for its rounding.
static void TYPED(make_reflector)(MATRIX *q, size_t j, REAL *x, REAL *v, size_t stride) {
    const size_t length = q->m - j, period = rounded_up(q->m, OWI_SUPERBLOCK);
    const owi_law law = {.shape = OWI_SHAPE_NORMAL, .scale = 1};
    owi_sample_values(q->to->kernels, q->to->stream, &law, q->to->filler->dtype,
                      (uint64_t)j * period, length, x);
    const double gain = q->to->gain, towards = x[0] < 0 ? -1 : 1;
    if (length == 1) {
        q->signs[j] = (REAL)(gain * towards);
        return;
    }
    double parts[16] = {0}, sum = 0;
    for (size_t i = 0; i < length; i++) {
        parts[i % 16] += (double)x[i] * (double)x[i];
    }
    for (int i = 0; i < 16; i++) {
        sum += parts[i];
    }
    const double norm = __builtin_sqrt(sum), first = x[0] * towards + norm;
    const double scale = sum > 0 ? 1 / __builtin_sqrt(norm * first) : 0;
    v[0] = (REAL)(towards * first * scale);
    for (size_t i = 1; i < length; i++) {
        v[i * stride] = (REAL)(x[i] * scale);
    }
    q->signs[j] = (REAL)(gain * -towards);
}

// 1/T of H1 H2 ... = I - V T V': half of V'V on the diagonal, V'V above it. In double, from V as it
// was rounded, so that the block is orthogonal to the last digit of its type.
static void TYPED(make_triangle)(const MATRIX *q, size_t panel) {
    enum { CHUNK = 64 };
    const size_t width = TYPED(panel_width)(q, panel), rows = q->rows - panel * PANEL;
    const REAL *v = q->reflectors + TYPED(panel_start)(q, panel);
    double *triangle = q->triangles + panel * PANEL * PANEL, wide[CHUNK * PANEL];
    memset(triangle, 0, width * width * sizeof *triangle);
    for (size_t row = 0, count; row < rows; row += count) {
        count = rows - row < CHUNK ? rows - row : CHUNK;
        for (size_t i = 0; i < count * width; i++) {
            wide[i] = (double)v[row * width + i];
        }
        q->to->kernels->product_double(wide, width, wide, width, count, triangle);
    }
    for (size_t i = 0; i < width; i++) {
        double *diagonal = &triangle[i * width + i];
        *diagonal = *diagonal > 0 ? 2 / *diagonal : 0;
    }
}

static void TYPED(make_panel)(MATRIX *q, size_t panel, REAL *scratch) {
    const size_t top = panel * PANEL, width = TYPED(panel_width)(q, panel);
    REAL *v = q->reflectors + TYPED(panel_start)(q, panel);
    memset(v, 0, (q->rows - top) * width * sizeof *v);
    for (size_t j = 0; j < width && top + j < q->n; j++) {
        TYPED(make_reflector)(q, top + j, scratch, v + j * width + j, width);
    }
    TYPED(make_triangle)(q, panel);
}

// strip = (I - V T V') strip. Before its own panel, a strip is the identity's: only the panel's
// first rows are not 0.
static void TYPED(apply_panel)(const MATRIX *q, size_t panel, bool own, REAL *strip) {
    const owi_kernels *kernels = q->to->kernels;
    const size_t width = TYPED(panel_width)(q, panel), rows = q->rows - panel * PANEL;
    const size_t filled = own && rows > PANEL ? PANEL : rows;
    const REAL *v = q->reflectors + TYPED(panel_start)(q, panel);
    REAL y[PANEL * PANEL] = {0}, *c = strip + panel * PANEL * q->width;
    kernels->TYPED(product)(v, width, c, q->width, filled, y);
    kernels->TYPED(solve)(q->triangles + panel * PANEL * PANEL, width, y, q->width);
    kernels->TYPED(update)(v, width, y, q->width, rows, c);
}

// Writes columns [left, left + count) of Q in pieces of 64 rows.
static void TYPED(put_strip)(const MATRIX *q, size_t left, size_t count, const REAL *strip) {
    const bool lying = q->to->rows < q->to->columns;
    const REAL *signs = q->signs + left;
    REAL values[PANEL];
    for (size_t top = 0; top < q->m; top += PANEL) {
        const size_t rows = q->m - top < PANEL ? q->m - top : PANEL;
        const REAL *piece = strip + top * q->width;
        for (size_t j = 0; lying && j < count; j++) {
            for (size_t i = 0; i < rows; i++) {
                values[i] = signs[j] * piece[i * q->width + j];
            }
            put(q->to, left + j, top, rows, values);
        }
        for (size_t i = 0; !lying && i < rows; i++) {
            for (size_t j = 0; j < count; j++) {
                values[j] = signs[j] * piece[i * q->width + j];
            }
            put(q->to, top + i, left, count, values);
        }
    }
}

static void TYPED(make_strip)(const MATRIX *q, size_t panel, REAL *strip) {
    const size_t left = panel * PANEL, count = q->n - left < PANEL ? q->n - left : PANEL;
    memset(strip, 0, q->rows * q->width * sizeof *strip);
    for (size_t j = 0; j < count; j++) {
        strip[(left + j) * q->width + j] = 1;
    }
    for (size_t p = panel + 1; p-- > 0;) {
        TYPED(apply_panel)(q, p, p == panel, strip);
    }
    TYPED(put_strip)(q, left, count, strip);
}

static REAL *TYPED(own_strip)(MATRIX *q) {
    return q->strips + atomic_fetch_add(&q->next_thread, 1) * q->rows * q->width;
}

static void TYPED(make_panels)(void *context) {
    MATRIX *q = context;
    REAL *scratch = TYPED(own_strip)(q);
    for (size_t p; (p = atomic_fetch_add(&q->next_panel, 1)) < q->panels;) {
        TYPED(make_panel)(q, p, scratch);
    }
}

// The last strips take the longest and go first.
static void TYPED(make_strips)(void *context) {
    MATRIX *q = context;
    REAL *strip = TYPED(own_strip)(q);
    for (size_t p; (p = atomic_fetch_add(&q->next_strip, 1)) < q->panels;) {
        TYPED(make_strip)(q, q->panels - 1 - p, strip);
    }
}

static owi_status TYPED(make)(const target *to, unsigned threads, owi_error *error) {
    MATRIX q = {.to = to};
    q.m = (size_t)(to->rows > to->columns ? to->rows : to->columns);
    q.n = (size_t)(to->rows > to->columns ? to->columns : to->rows);
    q.panels = (q.n + PANEL - 1) / PANEL;
    q.rows = rounded_up(q.m, OWI_ROW_STEP);
    q.width = q.n < PANEL ? rounded_up(q.n, OWI_COLUMN_STEP) : PANEL;
    threads = threads < 1 ? 1 : threads > q.panels ? (unsigned)q.panels : threads;

    const size_t last = q.panels - 1;
    const size_t trapezoid =
        TYPED(panel_start)(&q, last) + (q.rows - last * PANEL) * TYPED(panel_width)(&q, last);
    const size_t triangles = q.panels * PANEL * PANEL, signs = rounded_up(q.n, OWI_COLUMN_STEP);
    const size_t strips = threads * q.rows * q.width;
    const size_t bytes = triangles * sizeof(double) + (trapezoid + signs + strips) * sizeof(REAL);
    q.triangles = aligned_alloc(64, rounded_up(bytes, 64));
    if (!q.triangles) {
        return owi_fail(error, OWI_SYSTEM,
                        "not enough memory: %zu bytes for an orthogonal matrix of %zu x %zu", bytes,
                        (size_t)to->rows, (size_t)to->columns);
    }
    q.reflectors = (REAL *)(q.triangles + triangles);
    q.signs = q.reflectors + trapezoid;
    q.strips = q.signs + signs;
    owi_parallel(threads, TYPED(make_panels), &q);
    atomic_store(&q.next_thread, 0);
    owi_parallel(threads, TYPED(make_strips), &q);
    free(q.triangles);
    return OWI_OK;
}

#undef MATRIX
