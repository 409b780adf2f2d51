/* A process that runs CPython, opened to be read from outside: its memory, what is mapped where,
 * its version, and a layout that passed its test. Nothing is written into it; it is stopped only by
 * still.h. Close what was opened, also after an error.
 */
#ifndef UNSLOW_PROBE_PYTHON_PROCESS_H
#define UNSLOW_PROBE_PYTHON_PROCESS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "python/remote.h"
#include "target/maps.h"
#include "target/memory.h"

enum { PROCESS_THREADS_MAX = 4096 };

struct python_process {
	int pid;
	uint64_t start_ticks; /* with the pid this names it for good */
	char name[64];        /* comm */
	char exe[PATH_MAX];   /* as its own mount namespace calls it */
	struct arena *arena;  /* owns maps */
	struct maps maps;
	struct memory memory;
	struct remote remote;
	bool has_inner_ids; /* it is in a pid namespace below ours */
	bool is_checked;    /* the layout's test was passed */
	int check_tries;    /* of python_process_check; 0: as many as a person waits for */
};

/* Finds the interpreter and its version; the layout is not tested yet. ERR_NO_TARGET: no such
 * process, not a Python, or one that is not known here (named); ERR_PERMISSION with the fix. */
MUST_CHECK enum err_kind python_process_open(int pid, struct python_process *process,
					     struct err *e);
/* Tests the layout; holds the process still for a moment (still.h). ERR_UNSUPPORTED names the field
 * that does not fit. */
struct still;
MUST_CHECK enum err_kind python_process_check(struct python_process *process, struct still *still,
					      struct err *e);
void python_process_close(struct python_process *process);

/* "3.12.1", 16 bytes. Returns text. */
const char *python_process_version(const struct python_process *process, char *text);

#endif
