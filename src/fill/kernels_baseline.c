// kernels_baseline.c: the kernels for any machine.
#define OWI_KERNELS owi_kernels_baseline
#include "fill/kernels_build.h"
