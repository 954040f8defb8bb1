// kernels_build.h: the text of all kernels. A file that includes it is one CPU level: it defines
// OWI_KERNELS, the name of its table, and is compiled with the level's flags.
//
// Bits are the same on every level because each value comes from a fixed sequence of IEEE + - * /
// sqrt and exact conversions. Whatever lets a compiler change that sequence is refused here;
// contraction (a*b+c in one rounding) has no macro and is switched off in the Makefile.
#include "fill/kernels.h"

#include <float.h>
#include <stdbool.h>
#include <string.h>

#if defined(__FAST_MATH__)
#error "the sampler needs IEEE arithmetic: build without -ffast-math"
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "the sampler needs arithmetic without excess precision");
_Static_assert(FLT_MANT_DIG == 24 && DBL_MANT_DIG == 53, "the sampler needs IEEE formats");

// A vector, and the tile of a matrix whose sums a kernel keeps in registers: HIGH rows (1, 2 or 4)
// of WIDE vectors. With one row each vector is loaded inside its only multiplication, which costs
// a Zen 1 none of the 4 floating-point operations that it can start in a cycle. With one vector so
// is each factor, since AVX-512 repeats it on the way: tools/bench_fill.c takes 1.21 s for an
// orthogonal matrix of 4096x4096 on a core of a Zen 4, with a tile of 4 by 4 it took 1.30 s.
#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64, HIGH = 4, WIDE = 1 };
#elif defined(__AVX2__)
enum { VECTOR_BYTES = 32, HIGH = 1, WIDE = 8 };
#else
enum { VECTOR_BYTES = 16, HIGH = 4, WIDE = 2 };
#endif

#define INLINE static inline __attribute__((always_inline))

typedef double wide_vector __attribute__((vector_size(VECTOR_BYTES)));

// Results go straight to their place in a file's block, which may be at any address.
typedef float loose_float __attribute__((aligned(1), may_alias));
typedef double loose_double __attribute__((aligned(1), may_alias));
typedef uint16_t loose_uint16 __attribute__((aligned(1), may_alias));

static inline float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double double_of(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint64_t wide_bits_of(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

#include "fill/philox.h"
#include "fill/rounding.h"
#include "fill/transform_double.h"
#include "fill/transform_float.h"

#include "fill/transform_bounded.h"

#define REAL        float
#define TYPED(name) name##_float
#include "fill/reflect.h"
#undef REAL
#undef TYPED
#define REAL        double
#define TYPED(name) name##_double
#include "fill/reflect.h"
#undef REAL
#undef TYPED

const owi_kernels OWI_KERNELS = {
    .words = philox_words,
    .to_float = {normal_float, truncated_float, uniform_float, bounded_float},
    .to_double = {normal_double, truncated_double, uniform_double, bounded_double},
    .to_float16 = round_float16,
    .to_bfloat16 = round_bfloat16,
    .product_float = product_float,
    .product_double = product_double,
    .solve_float = solve_float,
    .solve_double = solve_double,
    .update_float = update_float,
    .update_double = update_double,
};
