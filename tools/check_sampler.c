// check_sampler.c: the sampler's numbers against the laws they claim, with 100 million of each:
// moments, correlations within a stream and between streams of neighbouring names and seeds, and
// the whole distribution. Exit code 1 when any of the tests has a probability below 1e-6.
//
//     check-sampler [SAMPLES]
//     check-sampler --power [SAMPLES]    the same tests on generators with a fault (faults.h): exit
//                                        code 1 when one of them passes
#include "base/pool.h"
#include "faults.h"
#include "fill/fill.h"
#include "law.h"
#include "probability.h"

#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 1 << 16, LAG = 32, MOMENTS = LAW_MOMENTS / 2 };

static const double too_odd = 1e-6;

// The standard forms of law.h.
static const struct {
    const char *name;
    owi_recipe recipe;
} laws[] = {
    {"normal", {.kind = OWI_RECIPE_NORMAL, .b = 1}},
    {"truncated", {.kind = OWI_RECIPE_TRUNCATED, .b = 0.8796256610342398}},
    {"bounded", {.kind = OWI_RECIPE_BOUNDED, .b = 1, .c = -LAW_BOUND, .d = LAW_BOUND}},
    {"uniform", {.kind = OWI_RECIPE_UNIFORM, .a = -1, .b = 1}},
};

static const owi_dtype dtypes[] = {OWI_DTYPE_FLOAT, OWI_DTYPE_DOUBLE, OWI_DTYPE_FLOAT16,
                                   OWI_DTYPE_BFLOAT16};

enum { LAWS = sizeof laws / sizeof *laws, DTYPES = sizeof dtypes / sizeof *dtypes };

// ---- streams ----

typedef struct stream {
    owi_recipe recipe;
    owi_filler filler;
    int64_t shape[1], offset[1];
    const fault *fault; // NULL: none
    bool second;        // the other of a pair
    union {
        float narrow[PIECE];
        double wide[PIECE];
        uint16_t bits[PIECE];
    } made;
} stream;

static void open_stream(stream *of, const owi_recipe *recipe, owi_dtype dtype, owi_key key,
                        uint64_t samples) {
    of->shape[0] = (int64_t)samples;
    of->offset[0] = 0;
    of->recipe = *recipe;
    of->recipe.offset = of->offset;
    of->recipe.extent = of->shape;
    of->recipe.row_axes = of->recipe.groups = 1;
    of->filler = (owi_filler){.key = key,
                              .dtype = dtype,
                              .rank = 1,
                              .shape = of->shape,
                              .elements = samples,
                              .recipes = &of->recipe,
                              .recipe_count = 1};
}

static size_t read_stream(stream *of, const law *as, uint64_t first, double *values) {
    const uint64_t left = of->filler.elements - first;
    const size_t count = left < PIECE ? (size_t)left : PIECE;
    if (of->fault) {
        fault_fill(of->fault, &of->filler, of->second, first, count, of->made.narrow);
    } else {
        owi_fill_range(&of->filler, first, count, &of->made);
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = as->values                      ? as->values[of->made.bits[i]]
                    : as->dtype == OWI_DTYPE_DOUBLE ? of->made.wide[i]
                                                    : (double)of->made.narrow[i];
    }
    return count;
}

// ---- one stream ----

// Neighbours; the partners of Box and Muller; superblocks of the generator.
enum { LAGS = 3, CORRELATIONS = 2 * LAGS };
static const size_t lags[LAGS] = {1, 16, LAG};

typedef struct job {
    size_t law;
    owi_dtype dtype;
    owi_key key, other; // of a pair of streams, when `with` is not NULL
    const char *name, *with;
    const fault *fault;
    double moments[MOMENTS + 1], correlations[CORRELATIONS]; // as standard normal scores
    double kolmogorov, anderson;
} job;

static void add_moments(const double *values, size_t count, double *sums) {
    for (size_t i = 0; i < count; i++) {
        double power = 1;
        for (int k = 1; k <= MOMENTS; k++) {
            sums[k] += power *= values[i];
        }
    }
}

// Of x with y; the mean of both is 0.
static void add_correlation(const double *x, const double *y, size_t count, double variance,
                            double *plain, double *squares) {
    for (size_t i = 0; i < count; i++) {
        *plain += x[i] * y[i];
        *squares += (x[i] * x[i] - variance) * (y[i] * y[i] - variance);
    }
}

static void count_cells(const law *as, const stream *from, const double *values, size_t count,
                        uint32_t *counts) {
    for (size_t i = 0; i < count; i++) {
        const double place = as->values ? 0 : law_distribution(as->kind, values[i]) * LAW_CELLS;
        const size_t cell = as->values ? law_cell_of_bits(from->made.bits[i]) : (size_t)place;
        counts[cell < as->cells ? cell : as->cells - 1]++;
    }
}

// On cells: Choulakian, Lockhart, Stephens, "Cramer-von Mises statistics for discrete
// distributions", Canadian J. Statistics 22 (1994).
static void compare_distribution(const law *as, const uint32_t *counts, double samples, job *of) {
    double seen = 0, largest = 0, sum = 0, before = 0;
    for (size_t cell = 0; cell < as->cells; cell++) {
        const double expected = as->cumulative[cell];
        seen += counts[cell];
        const double apart = seen / samples - expected;
        largest = fmax(largest, fabs(apart));
        if (expected > before && expected < 1) {
            sum += apart * apart * (expected - before) / (expected * (1 - expected));
        }
        if ((expected <= 0 || before >= 1) && counts[cell]) {
            largest = 1; // a value past the bounds
        }
        before = expected;
    }
    of->kolmogorov = sqrt(samples) * largest;
    of->anderson = samples * sum;
}

static void settle(const law *as, const double *sums, double samples, double pairs, job *of) {
    const double *m = as->moments;
    for (int k = 1; k <= MOMENTS; k++) {
        of->moments[k] = (sums[k] / samples - m[k]) / sqrt((m[2 * k] - m[k] * m[k]) / samples);
    }
    for (int i = 0; i < CORRELATIONS; i++) {
        of->correlations[i] /= (i < LAGS ? m[2] : m[4] - m[2] * m[2]) * sqrt(pairs);
    }
}

static void run_single(const law *as, stream *from, double *values, job *of) {
    const uint64_t samples = from->filler.elements;
    double sums[MOMENTS + 1] = {0}, *c = of->correlations;
    uint32_t *counts = calloc(as->cells, sizeof *counts);
    size_t count;
    for (uint64_t first = 0; first < samples; first += count) {
        const size_t skip = first ? 0 : LAG; // the first have none before them
        double *now = values + LAG;
        count = read_stream(from, as, first, now);
        add_moments(now, count, sums);
        for (size_t i = 0; i < LAGS; i++) {
            add_correlation(now + skip, now + skip - lags[i], count - skip, as->moments[2], &c[i],
                            &c[LAGS + i]);
        }
        count_cells(as, from, now, count, counts);
        memmove(values, values + count, LAG * sizeof *values);
    }
    compare_distribution(as, counts, (double)samples, of);
    settle(as, sums, (double)samples, (double)(samples - LAG), of);
    free(counts);
}

// Each with the same element of the other, the next and the one 16 on.
static void run_pair(const law *as, stream *one, stream *other, double *values, job *of) {
    const uint64_t samples = one->filler.elements;
    double sums[MOMENTS + 1] = {0}, *c = of->correlations, *theirs = values + LAG + PIECE;
    size_t count;
    for (uint64_t first = 0; first < samples; first += count) {
        count = read_stream(one, as, first, values);
        read_stream(other, as, first, theirs);
        for (size_t i = 0; i < LAGS; i++) {
            const size_t ahead = i ? lags[i - 1] : 0; // 0, 1 and 16
            add_correlation(values, theirs + ahead, count - ahead, as->moments[2], &c[i],
                            &c[LAGS + i]);
        }
    }
    settle(as, sums, (double)samples, (double)samples, of);
}

// ---- all of them ----

enum { MOST_JOBS = 40 * LAWS };

typedef struct jobs {
    uint64_t samples;
    size_t count;
    atomic_size_t next;
    job jobs[MOST_JOBS];
} jobs;

static void run_jobs(void *context) {
    jobs *all = context;
    stream *streams = malloc(2 * sizeof *streams);
    double *values = malloc(2 * (LAG + PIECE) * sizeof *values);
    for (size_t i; (i = atomic_fetch_add(&all->next, 1)) < all->count;) {
        job *now = &all->jobs[i];
        law as = law_make(laws[now->law].recipe.kind, now->dtype);
        open_stream(&streams[0], &laws[now->law].recipe, now->dtype, now->key, all->samples);
        open_stream(&streams[1], &laws[now->law].recipe, now->dtype, now->other, all->samples);
        streams[0].fault = streams[1].fault = now->fault;
        streams[0].second = false;
        streams[1].second = true;
        if (now->with) {
            run_pair(&as, &streams[0], &streams[1], values, now);
        } else {
            run_single(&as, &streams[0], values, now);
        }
        law_free(&as);
        fputc('.', stderr);
    }
    free(values);
    free(streams);
}

static void add_jobs(jobs *all) {
    const char *name = "layer.0.weight";
    const owi_key key = owi_key_make(0, "main", name);
    const struct {
        const char *name;
        owi_key key;
    } keys[] = {{"seed 0", key},
                {"seed 1", owi_key_make(1, "main", name)},
                {"name 1", owi_key_make(0, "main", "layer.1.weight")},
                {"key 1", 1},
                {"key 2", 2}};
    for (size_t l = 0; l < LAWS; l++) {
        for (size_t t = 0; t < DTYPES; t++) {
            for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
                all->jobs[all->count++] =
                    (job){.law = l, .dtype = dtypes[t], .key = keys[k].key, .name = keys[k].name};
            }
        }
    }
    const struct {
        const char *name;
        owi_key key;
    } others[] = {{"layer.1.weight", owi_key_make(0, "main", "layer.1.weight")},
                  {"layer.0.weighs", owi_key_make(0, "main", "layer.0.weighs")},
                  {"seed 1", owi_key_make(1, "main", name)},
                  {"seed 2^63", owi_key_make(UINT64_C(1) << 63, "main", name)},
                  {"another scope", owi_key_make(0, "main/if.then_branch", name)},
                  {"key + 1", key + 1},
                  {"key + 2^32", key + (UINT64_C(1) << 32)}};
    for (size_t l = 0; l < LAWS; l++) {
        for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
            all->jobs[all->count++] = (job){.law = l,
                                            .dtype = OWI_DTYPE_FLOAT,
                                            .key = key,
                                            .other = others[k].key,
                                            .name = name,
                                            .with = others[k].name};
        }
    }
}

typedef struct tally {
    size_t tests;
    double least;
} tally;

static void judge(tally *all, double probability) {
    all->tests++;
    all->least = probability < all->least || isnan(probability) ? probability : all->least;
}

static void print_scores(const double *scores, int count, tally *all) {
    for (int i = 0; i < count; i++) {
        printf(" %6.2f", scores[i]);
        judge(all, probability_normal(scores[i]));
    }
}

static void print_single(const job *of, tally *all) {
    const double k = probability_kolmogorov(of->kolmogorov);
    const double a = probability_anderson(of->anderson);
    printf("%-9s %-8s %-6s", laws[of->law].name, owi_dtype_name(of->dtype), of->name);
    print_scores(of->moments + 1, MOMENTS, all);
    print_scores(of->correlations, CORRELATIONS, all);
    printf(" %6.3f %-8.2g %6.3f %-8.2g\n", of->kolmogorov, k, of->anderson, a);
    judge(all, k);
    judge(all, a);
}

static void print_pair(const job *of, tally *all) {
    printf("%-9s %-8s %-25s", laws[of->law].name, owi_dtype_name(of->dtype), of->with);
    print_scores(of->correlations, CORRELATIONS, all);
    printf("\n");
}

static bool check_laws(jobs *all) {
    tally tests = {0, 1};
    add_jobs(all);
    owi_parallel(owi_processors(), run_jobs, all);
    printf("\n%llu samples of each stream. Scores are in standard deviations, p is the chance of "
           "more.\n\n",
           (unsigned long long)all->samples);
    printf("%-25s %-41s %-20s %-20s\n", "", "moments", "correlations at lags", "of squares");
    printf("%-9s %-8s %-6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %6s %-8s %6s %-8s\n",
           "law", "type", "stream", "1", "2", "3", "4", "5", "6", "1", "16", "32", "1", "16", "32",
           "KS", "p", "AD", "p");
    for (size_t i = 0; i < all->count; i++) {
        if (i > 0 && all->jobs[i].with && !all->jobs[i - 1].with) {
            printf("\nstream \"layer.0.weight\" of seed 0 with others, and their squares:\n"
                   "%-44s %6s %6s %6s %6s %6s %6s\n",
                   "", "same", "next", "16 on", "same", "next", "16 on");
        }
        (all->jobs[i].with ? print_pair : print_single)(&all->jobs[i], &tests);
    }
    const bool odd = !(tests.least >= too_odd);
    printf("\n%zu tests; the least p is %.2g, about %.2g is to be expected: %s\n", tests.tests,
           tests.least, 1 / (double)tests.tests, odd ? "NOT the laws they claim" : "all hold");
    return !odd;
}

// ---- power ----

typedef struct finding {
    double p;
    const char *test;
    size_t law;
} finding;

static void note(finding *best, double p, const char *test, size_t of_law) {
    if (!(p >= best->p)) {
        *best = (finding){p, test, of_law};
    }
}

static void note_job(finding *best, const job *of) {
    static const char *const moments[MOMENTS + 1] = {"",         "mean",     "variance", "moment 3",
                                                     "moment 4", "moment 5", "moment 6"};
    static const char *const correlations[2][CORRELATIONS] = {
        {"lag 1", "lag 16", "lag 32", "squares, lag 1", "squares, lag 16", "squares, lag 32"},
        {"with another", "with another's next", "with another's 16 on", "squares with another's",
         "squares with another's next", "squares with another's 16 on"}};
    for (int i = 0; i < CORRELATIONS; i++) {
        note(best, probability_normal(of->correlations[i]), correlations[of->with != NULL][i],
             of->law);
    }
    if (of->with) {
        return;
    }
    for (int k = 1; k <= MOMENTS; k++) {
        note(best, probability_normal(of->moments[k]), moments[k], of->law);
    }
    note(best, probability_kolmogorov(of->kolmogorov), "Kolmogorov-Smirnov", of->law);
    note(best, probability_anderson(of->anderson), "Anderson-Darling", of->law);
}

static void add_faulty_jobs(jobs *all) {
    const owi_key key = owi_key_make(0, "main", "layer.0.weight");
    for (const fault *now = faults; now->name; now++) {
        for (size_t l = 0; l < LAWS; l++) {
            job of = {
                .law = l, .dtype = OWI_DTYPE_FLOAT, .key = key, .other = key + 1, .fault = now};
            all->jobs[all->count++] = of;
            of.with = "the next key";
            all->jobs[all->count++] = of;
        }
    }
}

static bool check_power(jobs *all) {
    bool all_found = true;
    add_faulty_jobs(all);
    owi_parallel(owi_processors(), run_jobs, all);
    printf("\n%llu samples of each stream\n\n%-52s %-10s %-28s %s\n",
           (unsigned long long)all->samples, "fault", "law", "found best by", "p");
    for (size_t i = 0; i < all->count; i += 2 * LAWS) {
        finding best = {1, "none", 0};
        for (size_t k = 0; k < 2 * LAWS; k++) {
            note_job(&best, &all->jobs[i + k]);
        }
        const bool found = best.p < too_odd;
        printf("%-52s %-10s %-28s %-8.2g%s\n", all->jobs[i].fault->name, laws[best.law].name,
               best.test, best.p, found ? "" : " NOT FOUND");
        all_found = all_found && found;
    }
    return all_found;
}

int main(int argc, char **argv) {
    static jobs all;
    const bool power = argc > 1 && strcmp(argv[1], "--power") == 0;
    const char *given = argc > 1 + power ? argv[1 + power] : power ? "10000000" : "100000000";
    all.samples = strtoull(given, NULL, 10);
    if (all.samples < 1000) {
        fprintf(stderr, "usage: check-sampler [--power] [SAMPLES]\n");
        return 2;
    }
    return (power ? check_power : check_laws)(&all) ? EXIT_SUCCESS : EXIT_FAILURE;
}
