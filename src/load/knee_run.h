/* The knee with a real server: knee.h says what comes next, run.h does it.
 *
 * Arrivals are Poisson, each trial with its own typical seed (typical.h), or evenly spaced. A
 * trial counts as spoilt by this client if a thread of it was too busy (verdict.h) or sent later
 * than a tenth of the objective's tightest time: what a p50 of 0.1 ms could not stand, an
 * objective of 50 ms does not feel.
 */
#ifndef UNSLOW_LOAD_KNEE_RUN_H
#define UNSLOW_LOAD_KNEE_RUN_H

#include "load/knee.h"
#include "load/run.h"
#include "load/slo.h"

struct knee_order {
	/* As for load_run; its schedule, closed, connections of the probe, progress are set here.
	 */
	const struct load_plan *plan;
	struct slo slo;
	uint64_t budget_ns;
	bool is_even; /* arrivals */
	void (*progress)(void *context, const struct knee *knee,
			 const struct load_progress *progress); /* NULL; 4 a second */
	void *context;
};

struct knee_run {
	struct knee knee;
	uint64_t elapsed_ns;
	bool stopped; /* by the plan's stop; the trial under way is not counted */
	uint32_t connections_most;
	char error_text[160]; /* the first failure of a request in words; "" */
};

/* Blocks until it is over. `run` is right as far as it came also where an error is returned:
 * those of load_run. */
MUST_CHECK enum err_kind knee_run(const struct knee_order *order, struct knee_run *run,
				  struct err *e);

/* What a load of this objective comes to. */
struct knee_seen knee_see(const struct slo *slo, const struct load_plan *plan,
			  const struct load_result *result, const struct backlog *backlog);

#endif
