/* Option of the verbs that have the heap walked (`run`, `attach`).
 */
#ifndef UNSLOW_CMD_WALK_OPTIONS_H
#define UNSLOW_CMD_WALK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/opt.h"

struct walk_values {
	struct opt_list every; /* each use adds; "": at the usual distance */
};

/* Row of a table of options, for a struct with `struct walk_values walk`. */
/* clang-format off */
#define WALK_OPTIONS \
	{OPT_ATTACHED, 0, "walk", "SECONDS", \
	 "every SECONDS (10): count all objects by type, and find what holds the largest, in a forked " \
	 "copy of each process; then: unslow show types, holders", \
	 FIELD(walk.every)}
#define WALK_OPTIONS_ONCE \
	{OPT_FLAG, 0, "walk", NULL, \
	 "count all objects by type now, and find what holds the largest, in a forked copy of each " \
	 "process of the `unslow run` that it is of; of a process without an agent those that its " \
	 "collector follows, from outside, and again at the end of --for", \
	 FIELD(walk)}
/* clang-format on */

/* Nanoseconds between two walks; 0: none are asked for. ERR_USAGE. */
MUST_CHECK enum err_kind walk_options_every(const struct walk_values *values, uint64_t *every_ns,
					    struct err *e);

#endif
