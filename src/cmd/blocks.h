/* Two commands run in turns (model/turns.h), so that what drifts is in both alike.
 *
 * First each runs once as a warm-up, which is not counted: the first run of a command finds cold
 * caches, and a server that has just been started.
 *
 * Each is a line for /bin/sh, with the null device as input; its standard output is read, its
 * standard error is ours. What it prints decides what is compared: a result of `unslow load --json`
 * (model/load_result.h), else its wall and CPU time (of all processes it waited for). It has a
 * process group of its own; what is left of the group when it ends is told to end, so that no
 * block runs beside the remains of another.
 */
#ifndef UNSLOW_CMD_BLOCKS_H
#define UNSLOW_CMD_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/runs.h"

struct blocks {
	const char *commands[2];
	const char *names[2]; /* as they are shown: without secrets */
	size_t wanted;        /* of each command, the warm-up apart */
	uint64_t seed;        /* of their order */
	uint64_t for_ns;      /* all of them must end in this time; 0: no bound */
	/* Filled by blocks_run. */
	struct run *runs[2]; /* the arena's; `done` each */
	size_t done;
	bool interrupted; /* by SIGINT, SIGTERM or SIGHUP: what was under way is left out */
	bool out_of_time;
};

/* ERR_INVALID: a command failed, or printed a load result once and not another time. Nothing is
 * left running in any case. */
MUST_CHECK enum err_kind blocks_run(struct blocks *blocks, struct arena *arena, struct err *e);

#endif
