/* How `run` takes the stacks of the app: by the agent's ticks or, where the agent cannot or
 * `--engine stop` asks for it, from outside.
 *
 * From outside unslow looks as its processes' parent (probe/sampler.h), one sampler for all of
 * them, made when the first one asks. One struct a run; zero: nothing is looked at yet. Its samples
 * go to the recorder's ingest, so it stops before that closes. One thread.
 */
#ifndef UNSLOW_CMD_STACKS_H
#define UNSLOW_CMD_STACKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/opt.h"
#include "cmd/recorder.h"
#include "probe/sampler.h"

#define STACKS_RATE_NOT_GIVEN UINT64_MAX

struct stacks_values {
	uint64_t rate_hz; /* STACKS_RATE_NOT_GIVEN: the default, lowered when it costs too much */
	int engine;       /* of stacks_engines */
};

/* By enum channel_engine, and one more: all from outside. */
extern const char *const stacks_engines[];

/* Rows of a table of options, for a struct with `struct stacks_values stacks` (FIELD is the verb's
 * own offsetof). */
/* clang-format off */
#define STACKS_OPTIONS \
	{OPT_UINT, 0, "rate", "HZ", \
	 "looks at the app's stacks a second (200, from outside 100, lowered if they cost 2 % of a " \
	 "core); 0: none", \
	 FIELD(stacks.rate_hz)}, \
	{OPT_CHOICE, 0, "engine", "NAME", \
	 "how stacks are taken: auto, tick (by the agent), stop (from outside), none", \
	 FIELD(stacks.engine), stacks_engines}
/* clang-format on */

struct stacks {
	struct sampler *sampler; /* NULL: no process is looked at from outside */
	struct map sampled;      /* serials that were given to it */
};

/* ERR_USAGE: more looks a second than can be asked for. */
MUST_CHECK enum err_kind stacks_check(const struct stacks_values *values, struct err *e);
/* Tells the agent how to sample, before the command starts. */
void stacks_choose(const struct stacks_values *values, struct agent_probe *probe);
/* Takes in the processes that ask to be looked at from outside, and looks if that is due; call
 * again after stacks_wait_ns(). `parent_pid` is the command's. */
void stacks_look(struct stacks *stacks, const struct stacks_values *values,
		 const struct recorder *recorder, int parent_pid);
/* Until the next look; UINT64_MAX: no process is looked at from outside. */
uint64_t stacks_wait_ns(const struct stacks *stacks);
/* Writes what is open. */
void stacks_stop(struct stacks *stacks);
void stacks_free(struct stacks *stacks);

#endif
