// kernels_avx2.c: the kernels for x86-64 with AVX2; the Makefile gives the compiler the flags.
#include "fill/kernels.h"

#if defined(__x86_64__)
#define OWI_KERNELS owi_kernels_avx2
#include "fill/kernels_build.h"
#endif
