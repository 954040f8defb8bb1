#define _GNU_SOURCE
#include "cli/planning.h"

#include "cli/files.h"
#include "cli/messages.h"
#include "cli/show.h"

#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

// --preset-dir, else beside the program: where `make install` puts them, or in the source tree.
// NULL: the library knows where they were installed.
static const char *find_presets(const cli *options, char path[LONGEST_PATH]) {
    static const char *const places[] = {"../share/onnx-winit/presets", "../presets",
                                         "../../presets"}; // of build/, of build/asan/
    char program[LONGEST_PATH / 2];
    if (options->preset_dir) {
        return options->preset_dir;
    }
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) {
        return NULL;
    }
    program[length] = '\0';
    const char *folder = dirname(program);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(path, LONGEST_PATH, "%s/%s", folder, places[i]);
        if (access(path, R_OK | X_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

void planning_read(const cli *options, planning *made) {
    made->options = (owi_options){.seed = options->seed,
                                  .profile = options->profile,
                                  .attention = attention_name(options->attention),
                                  .keep = options->keep.items,
                                  .keep_count = options->keep.count,
                                  .promote = options->promote.items,
                                  .promote_count = options->promote.count,
                                  .freeze = options->freeze.items,
                                  .freeze_count = options->freeze.count,
                                  .only = options->only.items,
                                  .only_count = options->only.count,
                                  .only_missing = options->only_missing,
                                  .rule = options->rule.items,
                                  .rule_count = options->rule.count,
                                  .rules = options->rules.items,
                                  .rules_count = options->rules.count,
                                  .preset = options->preset,
                                  .preset_folder = find_presets(options, made->presets),
                                  .residual_scale = residual_scale_name(options->residual_scale),
                                  .zero_init_residual = options->zero_init_residual};
}

bool planning_asked(const cli *options) {
    return options->seed || options->profile || options->attention || options->preset ||
           options->only_missing || options->residual_scale || options->zero_init_residual ||
           options->keep.count + options->promote.count + options->only.count +
                   options->rule.count + options->rules.count + options->freeze.count >
               0;
}

owi_status print_presets(const cli *options) {
    char path[LONGEST_PATH];
    owi_error error;
    owi_status status = owi_list_presets(find_presets(options, path), stream_sink, stdout, &error);
    return status == OWI_OK || ferror(stdout) ? close_stdout(OWI_OK) : print_failure(&error);
}
