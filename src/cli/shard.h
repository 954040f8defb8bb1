// shard.h: which part of the work is this process's.
#ifndef OWI_CLI_SHARD_H
#define OWI_CLI_SHARD_H

#include <stdbool.h>

// Reads "K/N" (K from 0 on), or for "auto" what a launcher left in the environment: Open MPI, MPICH
// and other PMI launchers, Slurm (tasks, job arrays, or tasks of job arrays). False when the text
// is neither or no launcher left anything.
bool shard_parse(const char *text, unsigned *shard, unsigned *count);

#endif
