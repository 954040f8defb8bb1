// kernels_avx512.c: the kernels for x86-64 with AVX-512 F, BW, DQ and VL; the Makefile gives the
// compiler the flags.
#include "fill/kernels.h"

#if defined(__x86_64__)
#define OWI_KERNELS owi_kernels_avx512
#include "fill/kernels_build.h"
#endif
