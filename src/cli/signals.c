#define _GNU_SOURCE
#include "cli/signals.h"

#include "onnx_winit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char *volatile unfinished; // a file of the program; the library knows its own

static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
enum { ENDS = sizeof ends / sizeof *ends };

static void clean(int number) {
    owi_abandon();
    if (unfinished) {
        unlink(unfinished);
    }
    raise(number); // what it does by itself comes back with SA_RESETHAND
}

void signals_prepare(void) {
    struct sigaction action = {.sa_handler = clean, .sa_flags = (int)SA_RESETHAND}, before;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < ENDS; i++) {
        if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(ends[i], &action, NULL);
        }
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

int signals_make_file(char *path) {
    sigset_t all, before;
    sigemptyset(&all);
    for (int i = 0; i < ENDS; i++) {
        sigaddset(&all, ends[i]);
    }
    sigprocmask(SIG_BLOCK, &all, &before);
    int fd = mkostemp(path, O_CLOEXEC);
    unfinished = fd >= 0 ? path : NULL;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return fd;
}

void signals_keep(void) {
    unfinished = NULL;
}
