/* Where the agent's shared object is: beside the program, in its build tree, or
 * where it was installed.
 */
#ifndef UNSLOW_CMD_AGENT_FILE_H
#define UNSLOW_CMD_AGENT_FILE_H

#include <limits.h>

#include "base/err.h"

/* ERR_UNSUPPORTED, naming the places, if it is in none of them. */
MUST_CHECK enum err_kind agent_file_find(char path[PATH_MAX], struct err *e);
/* A path that LD_PRELOAD can carry: `path` itself, or a link to it in
 * `directory` if it holds a blank or a colon, which separate the list. */
MUST_CHECK enum err_kind agent_file_preloadable(char path[PATH_MAX], const char *directory,
						struct err *e);
/* dlopen works on it in a process of its own (a bad one must not harm this one). */
MUST_CHECK enum err_kind agent_file_try(const char *path, struct err *e);

#endif
