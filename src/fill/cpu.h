// cpu.h: which of the compiled kernels run.
#ifndef OWI_FILL_CPU_H
#define OWI_FILL_CPU_H

#include "base/status.h"

#include <stdbool.h>

struct owi_kernels; // fill/kernels.h

// The kernels of the highest level that this machine has, or of the level that was forced.
const struct owi_kernels *owi_cpu_kernels(void);

// The highest level that this machine has.
const char *owi_cpu_best(void);

// Forces a level by its name ("baseline", "avx2", "avx512"), for the whole process; NULL goes back
// to the machine's best. False, and nothing changes, when there is no such level here.
bool owi_cpu_force(const char *name);

// The same with an error: OWI_USAGE, which tells an unknown level from one that the machine lacks.
owi_status owi_cpu_choose(const char *name, owi_error *error);

// The names of all levels of this build from the lowest up, whether or not the machine has them;
// NULL past the end.
const char *owi_cpu_level(size_t index);

#endif
