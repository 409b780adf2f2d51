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
	 "copy of each process; then: unslow show types, holders. Beside --memory without it: after " \
	 "5 s, 10, 20, 40 and so on, then every 10 minutes; off: never", \
	 FIELD(walk.every)}
#define WALK_OPTIONS_ONCE \
	{OPT_FLAG, 0, "walk", NULL, \
	 "count all objects by type now, and find what holds the largest, in a forked copy of each " \
	 "process of the `unslow run` that it is of; of a process without an agent those that its " \
	 "collector follows, from outside, and again at the end of --for", \
	 FIELD(walk)}
/* clang-format on */

/* When walks are asked for. The first is one distance after the start: the app has its modules
 * then.
 */
struct walk_schedule {
	uint64_t distance_ns;        /* to the next; 0: none are asked for */
	uint64_t began_ns, asked_ns; /* the start; when the last was, or the start */
	bool doubles;                /* the time gone, up to ten minutes at once */
};

/* `beside_samples`: the heap is sampled, and what holds what grows is to be named. ERR_USAGE. */
MUST_CHECK enum err_kind walk_options_plan(const struct walk_values *values, bool beside_samples,
					   struct walk_schedule *out, struct err *e);
void walk_begin(struct walk_schedule *schedule, uint64_t now_ns);
/* If so, the next is a distance from now. */
bool walk_is_due(struct walk_schedule *schedule, uint64_t now_ns);

#endif
