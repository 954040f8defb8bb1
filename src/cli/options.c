#include "cli/options.h"

#include "cli/messages.h"
#include "onnx_winit.h"

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
#define OPTION(id, ...) INDEX_##id,
#include "tables/options.def"
};

// What argp calls an option: its letter, else a number that no letter has.
enum {
#define OPTION(id, letter, ...) KEY_##id = (letter) ? (letter) : 256 + INDEX_##id,
#include "tables/options.def"
};

enum { MOST_THREADS = 1024 };

static const struct argp_option argp_options[] = {
#define GROUP(title) {NULL, 0, NULL, 0, title ":", 0},
#define OPTION(id, letter, name, argument, rank, kind, member, help)                               \
    {name, KEY_##id, argument, 0, help, 0},
#include "tables/options.def"
    {0}};

static const char *const option_names[] = {
#define OPTION(id, letter, name, ...) "--" name,
#include "tables/options.def"
    NULL};

#define CHOICES(member, ...) static const char *const member##_names[] = {__VA_ARGS__, NULL};
#include "tables/options.def"

typedef struct parse {
    cli *options;
    const char *words[3]; // those that are no options
    unsigned word_count;
    bool told; // what is wrong
} parse;

static error_t refuse(parse *given, const char *option, const char *value, const char *expected) {
    print_error("--%s %s: %s", option, value, expected);
    given->told = true;
    return EINVAL;
}

// "expected a, b or c; did you mean a?"
static void describe_names(char *text, size_t size, const char *word, const char *const *names) {
    size_t used = 0;
    for (size_t i = 0; names[i] && used < size; i++) {
        used += (size_t)snprintf(text + used, size - used, "%s%s",
                                 !i             ? "expected "
                                 : names[i + 1] ? ", "
                                                : " or ",
                                 names[i]);
    }
    const char *near = owi_nearest_name(word, names);
    if (near && used < size) {
        snprintf(text + used, size - used, "; did you mean %s?", near);
    }
}

static error_t take_FLAG(bool *member) {
    *member = true;
    return 0;
}

static error_t take_TEXT(const char **member, const char *value) {
    *member = value;
    return 0;
}

static error_t take_MANY(parse *given, texts *member, const char *value) {
    const char **items = realloc(member->items, (member->count + 1) * sizeof *items);
    if (!items) {
        given->told = true;
        return ENOMEM;
    }
    member->items = items;
    member->items[member->count++] = value;
    return 0;
}

static error_t take_NUMBER(parse *given, const char *option, uint64_t *member, const char *value) {
    char *end;
    errno = 0;
    *member = strtoull(value, &end, 10);
    if (errno || *end || *value < '0' || *value > '9') { // strtoull takes blanks and signs
        return refuse(given, option, value, "expected a whole number of 64 bits, 0 or more");
    }
    return 0;
}

static error_t take_CHOICE(parse *given, const char *option, unsigned *member,
                           const char *const *names, const char *value) {
    for (unsigned i = 0; names[i]; i++) {
        if (strcmp(names[i], value) == 0) {
            *member = i + 1;
            return 0;
        }
    }
    char expected[128];
    describe_names(expected, sizeof expected, value, names);
    return refuse(given, option, value, expected);
}

// argp says only that something is wrong with the last word it took.
static void explain(const char *word) {
    char name[64];
    bool valued = strchr(word, '=');
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
    for (size_t i = 0; option_names[i]; i++) {
        if (strcmp(option_names[i], name) == 0) {
            print_error("option %s %s", name, valued ? "takes no value" : "needs a value");
            return;
        }
    }
    for (const struct argp_option *option = argp_options; option->name || option->doc; option++) {
        if (word[1] != '-' && option->key == word[strlen(word) - 1] && option->arg) {
            print_error("option %s needs a value", word);
            return;
        }
    }
    const char *near = owi_nearest_name(name, option_names);
    print_error("unknown option %s%s%s%s", name, near ? "; did you mean " : "", near ? near : "",
                near ? "?" : "");
}

static error_t take(int key, char *value, struct argp_state *state) {
    parse *given = state->input;
    cli *options = given->options;
    switch (key) {
    case ARGP_KEY_ARG:
        if (given->word_count == sizeof given->words / sizeof *given->words) {
            print_error("\"%s\" is one argument too many", value);
            given->told = true;
            return EINVAL;
        }
        given->words[given->word_count++] = value;
        return 0;
    case ARGP_KEY_ERROR:
        if (!given->told) {
            explain(state->argv[state->next - 1]);
        }
        return 0;
#define FLAG(name, member)   take_FLAG(&options->member)
#define TEXT(name, member)   take_TEXT(&options->member, value)
#define MANY(name, member)   take_MANY(given, &options->member, value)
#define NUMBER(name, member) take_NUMBER(given, name, &options->member, value)
#define CHOICE(name, member) take_CHOICE(given, name, &options->member, member##_names, value)
#define ACTION(name, member) (options->action = (member), 0)
#define LIST(name, table)    (options->list = (table), options->action = PRINT_LIST, 0)
// clang-format off
#define OPTION(id, letter, name, argument, rank, kind, member, help)                               \
    case KEY_##id: return kind(name, member);
#include "tables/options.def"
    // clang-format on
    default: return ARGP_ERR_UNKNOWN;
    }
}

// The commands by name; without one, the model is initialised.
static const struct {
    action action;
    const char *name, *arguments;
} commands[] = {
#define COMMAND(action, name, arguments, help) {action, name, arguments},
#include "tables/options.def"
};

enum { COMMANDS = sizeof commands / sizeof *commands };

// Which command the first word is; the first of all when it is a model.
static size_t find_command(const parse *given) {
    for (size_t i = 1; i < COMMANDS && given->word_count; i++) {
        if (strcmp(given->words[0], commands[i].name) == 0) {
            return i;
        }
    }
    return 0;
}

// The command that was probably meant, or NULL.
static const char *near_command(const char *word) {
    const char *names[COMMANDS] = {NULL};
    for (size_t i = 1; i < COMMANDS; i++) {
        names[i - 1] = commands[i].name;
    }
    return owi_nearest_name(word, names);
}

// What the words mean together with the options.
static bool settle(const parse *given) {
    cli *options = given->options;
    const char *const *words = given->words;
    if (options->action != INITIALISE) {
        return true;
    }
    const char *near;
    size_t command = find_command(given);
    bool named = command > 0;
    bool explains = commands[command].action == EXPLAIN;
    size_t expected = 1U + named + explains;
    if (given->word_count < expected || !*words[named]) {
        print_error("no %s given; usage: onnx-winit %s%s%s, or --help",
                    given->word_count > named && *words[named] ? "tensor" : "model",
                    named ? commands[command].name : "", named ? " " : "",
                    commands[command].arguments);
        return false;
    }
    if (given->word_count > expected && !named && (near = near_command(words[0]))) {
        print_error("\"%s\" is no command; did you mean %s?", words[0], near);
        return false;
    }
    if (given->word_count > expected) {
        print_error("\"%s\" is one argument too many", words[expected]);
        return false;
    }
    if (named && options->output) {
        print_error("%s writes no model: -o %s has no meaning", words[0], options->output);
        return false;
    }
    if (explains && (options->format || options->report.count || options->trainable)) {
        print_error("explain prints text; reports are for plan and audit");
        return false;
    }
    if (!named && !options->output) {
        print_error("-o FILE is missing; \"onnx-winit plan %s\" shows what would be written",
                    words[0]);
        return false;
    }
    const char *of_audit = options->check     ? "check"
                           : options->verify  ? "verify"
                           : options->against ? "against"
                           : options->diff    ? "diff"
                                              : NULL;
    if (of_audit && commands[command].action != AUDIT) {
        print_error("--%s belongs to \"onnx-winit audit MODEL\"", of_audit);
        return false;
    }
    if (options->threads > MOST_THREADS) {
        print_error("--threads %" PRIu64 ": more than %d", options->threads, MOST_THREADS);
        return false;
    }
    options->action = commands[command].action;
    options->model = words[named];
    options->tensor = explains ? words[2] : NULL;
    return true;
}

owi_status options_parse(int argc, char **argv, cli *options) {
    static const struct argp argp = {argp_options, take, NULL, NULL, NULL, NULL, NULL};
    parse given = {.options = options};
    *options = (cli){0};
    error_t failed = argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &given);
    if (failed == ENOMEM) {
        print_error("out of memory");
        return OWI_SYSTEM;
    }
    return !failed && settle(&given) ? OWI_OK : OWI_USAGE;
}

void options_free(cli *options) {
    const texts lists[] = {options->keep,  options->only,   options->promote, options->rule,
                           options->rules, options->freeze, options->report};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        free(lists[i].items);
    }
}

const char *attention_name(unsigned choice) {
    return choice ? attention_names[choice - 1] : NULL;
}

const char *cpu_name(unsigned choice) {
    return choice ? cpu_names[choice - 1] : NULL;
}

const char *residual_scale_name(unsigned choice) {
    return choice ? residual_scale_names[choice - 1] : NULL;
}
