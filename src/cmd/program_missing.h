/* A command that cannot be started: said why, and what to type. */
#ifndef UNSLOW_CMD_PROGRAM_MISSING_H
#define UNSLOW_CMD_PROGRAM_MISSING_H

#include <stdbool.h>

#include "target/program.h"

/* Looks at `command` and fills *out. True: that was said, and *status is what to exit with (126,
 * 127 as env(1)). Then no recording is needed. */
bool program_missing(const char *command, struct program *out, int *status);

#endif
