// signals.h: a run that is stopped by a signal leaves nothing behind, and ends by that signal.
#ifndef OWI_CLI_SIGNALS_H
#define OWI_CLI_SIGNALS_H

#include <signal.h>

// From now on SIGINT, SIGTERM and SIGHUP take unfinished files away first, unless the caller had
// them ignored; a closed pipe and a file that passes the limit of its size are errors of the call.
void signals_prepare(void);

// Makes a file as mkstemp does, which goes when the run is stopped before signals_keep.
int signals_make_file(char *path);

void signals_keep(void);

#endif
