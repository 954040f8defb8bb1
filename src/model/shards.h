// shards.h: one output by several processes, on one machine or many that share its file system.
//
// They meet in a folder beside the output, "out.onnx.shards", which holds
//     job      what is being made, by how many: who finds another job there is refused
//     part-I   the files as they grow, each shard writing its own bytes
//     done-K   the same text as job: shard K is on the disk
// Whoever sees every done-K puts the parts in their place and removes the folder. So the output is
// absent, old, or new and whole; while the folder stands it is incomplete, and running the missing
// shards again completes it, whatever stopped them.
#ifndef OWI_MODEL_SHARDS_H
#define OWI_MODEL_SHARDS_H

#include "model/save.h"

enum { OWI_SHARDS_MOST = 1 << 20 };

// The name of the data file that a job under way for this output has, in the arena; NULL when there
// is no such job.
const char *owi_shards_data_name(owi_arena *arena, const char *path);

// Writes shard options->write->shard of the files and, when it is the last that was missing, puts
// them in their place. `job` stands for everything that decides a byte, in lines
// of a word and its value; the error for another job names the first that differs. The first file
// is shared out; the others are shard 0's. OWI_USAGE when another job is under way or as owi_save;
// OWI_SYSTEM with the reason on any failure.
owi_status owi_shards_save(owi_model *model, const owi_file *files, size_t count,
                           const owi_generator *generator, const owi_save_options *options,
                           const char *job, owi_error *error);

#endif
