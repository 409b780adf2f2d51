/* The command line of a process, as it may be shown: without secrets. */
#ifndef UNSLOW_PROBE_COMMAND_H
#define UNSLOW_PROBE_COMMAND_H

#include "base/arena.h"

/* Its words masked (base/mask.h), or the title it gave itself; its name if it has neither. */
const char *command_text(int pid, struct arena *arena);
/* The web server among the words, "python" if there is none. */
const char *command_server(int pid, struct arena *arena);

#endif
