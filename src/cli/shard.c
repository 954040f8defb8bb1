#include "cli/shard.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SHARDS = 1 << 20 };

// A whole number of digits alone, up to `end`.
static bool parse_number(const char *text, char end, unsigned *number) {
    uint64_t value = 0;
    const char *at = text;
    while (*at >= '0' && *at <= '9' && value <= MOST_SHARDS) {
        value = value * 10 + (uint64_t)(*at++ - '0');
    }
    *number = (unsigned)value;
    return at != text && *at == end && value <= MOST_SHARDS;
}

static bool read_environment(const char *name, unsigned *number) {
    const char *value = getenv(name);
    return value && parse_number(value, '\0', number);
}

// A launcher under another one (mpirun in a Slurm job) knows better, so it comes first.
static bool from_launcher(unsigned *shard, unsigned *count) {
    static const struct {
        const char *rank, *size;
    } launchers[] = {{"OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"}, {"PMI_RANK", "PMI_SIZE"}};
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++) {
        if (read_environment(launchers[i].rank, shard) &&
            read_environment(launchers[i].size, count)) {
            return true;
        }
    }
    return false;
}

// The tasks of every element of a job array, element by element.
static bool from_slurm(unsigned *shard, unsigned *count) {
    unsigned element = 0, elements = 1, least = 0, step = 1, task = 0, tasks = 1;
    bool array = read_environment("SLURM_ARRAY_TASK_ID", &element) &&
                 read_environment("SLURM_ARRAY_TASK_COUNT", &elements);
    bool job = read_environment("SLURM_PROCID", &task) && read_environment("SLURM_NTASKS", &tasks);
    if (array) {
        read_environment("SLURM_ARRAY_TASK_MIN", &least);
        read_environment("SLURM_ARRAY_TASK_STEP", &step);
        element = element < least || step == 0 ? 0 : (element - least) / step;
    }
    *shard = (array ? element : 0) * tasks + task;
    *count = elements * tasks;
    return array || job;
}

bool shard_parse(const char *text, unsigned *shard, unsigned *count) {
    bool known;
    if (strcmp(text, "auto") == 0) {
        known = from_launcher(shard, count) || from_slurm(shard, count);
    } else {
        const char *slash = strchr(text, '/');
        known = slash && parse_number(text, '/', shard) && parse_number(slash + 1, '\0', count);
    }
    return known && *shard < *count;
}
