// main.c: describe bash|zsh|fish, or manual < page: the command line for a shell or a reader.
#include "describe.h"

#include <string.h>

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        void (*describe)(FILE *out);
    } shells[] = {{"bash", describe_bash}, {"zsh", describe_zsh}, {"fish", describe_fish}};
    const char *wanted = argc == 2 ? argv[1] : "";
    options_describe();
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
        if (strcmp(wanted, shells[i].name) == 0) {
            shells[i].describe(stdout);
            return fflush(stdout) != 0;
        }
    }
    if (strcmp(wanted, "manual") == 0) {
        return !describe_manual(stdin, stdout) || fflush(stdout) != 0;
    }
    fputs("usage: describe bash|zsh|fish, or describe manual < PAGE\n", stderr);
    return 2;
}
