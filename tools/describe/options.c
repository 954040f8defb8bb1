// options.c: what the table says, and what follows from it.
#include "describe.h"

#include <string.h>

const command commands[] = {
#define COMMAND(action, name, arguments, help) {name, arguments, help},
#include "tables/options.def"
};
const size_t command_count = sizeof commands / sizeof *commands;

#define CHOICES(member, ...) static const char *const member##_names[] = {__VA_ARGS__, NULL};
#include "tables/options.def"

static const struct {
    const char *member;
    const char *const *names;
} choices[] = {
#define CHOICES(member, ...) {#member, member##_names},
#include "tables/options.def"
};

// clang-format off
option options[] = {
#define GROUP(text) {.title = text},
#define OPTION(id, letter_, name_, argument_, rank, kind, member, help_)                           \
    {.letter = letter_, .name = name_, .argument = argument_, .help = help_,                       \
     .repeatable = #kind[0] == 'M', .value = #kind[0] == 'C' ? VALUE_CHOICE : VALUE_NONE,          \
     .list = #member},
#include "tables/options.def"
};
// clang-format on
const size_t option_count = sizeof options / sizeof *options;

static const char *const *choices_of(const char *member) {
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (strcmp(choices[i].member, member) == 0) {
            return choices[i].names;
        }
    }
    return NULL;
}

// The option that prints the names which another one takes: --list-presets for --preset.
static const char *list_of(const char *name) {
    for (size_t i = 0; i < option_count; i++) {
        size_t length = strlen(name);
        const char *list = options[i].title ? "" : options[i].name;
        if (strncmp(list, "list-", 5) == 0 && strncmp(list + 5, name, length) == 0 &&
            strcmp(list + 5 + length, "s") == 0) {
            return list;
        }
    }
    return NULL;
}

static value value_of(const option *one) {
    return one->value == VALUE_CHOICE                                         ? VALUE_CHOICE
           : !one->argument                                                   ? VALUE_NONE
           : strcmp(one->argument, "DIR") == 0                                ? VALUE_FOLDER
           : strcmp(one->argument, "FILE") == 0 || strchr(one->argument, '.') ? VALUE_FILE
           : strcmp(one->argument, "NAME") == 0 && one->list                  ? VALUE_LISTED
                                                                              : VALUE_FREE;
}

void options_describe(void) {
    for (size_t i = 0; i < option_count; i++) {
        option *one = &options[i];
        if (!one->title) {
            one->choices = choices_of(one->list); // the name of the member until here
            one->list = list_of(one->name);
            one->value = value_of(one);
        }
    }
}
