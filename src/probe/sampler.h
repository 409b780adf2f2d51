/* Samples of running processes, from outside: a service and all it starts, or those that are named.
 *
 * Each tick looks at every Python at one instant (sampled_look.h) and hands a row a thread to the
 * recording: equal ones in a row are one (recording/samples.h). A tick whose look did not hold is
 * counted torn and records nothing. Stops are kept below SAMPLER_STOP_SHARE of the time, from the
 * first look on, and own CPU below SAMPLER_CPU_SHARE by lowering the rate; a look that would cost
 * too much now is not made, and late.
 */
#ifndef UNSLOW_PROBE_SAMPLER_H
#define UNSLOW_PROBE_SAMPLER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "probe/sampled_process.h"
#include "recording/ingest.h"

#define SAMPLER_STOP_SHARE 0.005
#define SAMPLER_CPU_SHARE 0.02
#define SAMPLER_RATE_HZ 100 /* a look from outside costs ten times the agent's tick */

struct sampler_plan {
	double rate_hz;
	enum sampled_engine engine;
	bool keep_rate; /* asked for by number: budgets are printed, not kept by a lower rate */
	struct ingest *ingest;
};

struct sampler;

/* Nothing is looked at yet. */
struct sampler *sampler_new(const struct sampler_plan *plan);
/* A process and all that descends from it, also what it starts later. ERR_* as python_process_open
 * and _check: that it, or with a root that is no Python one below it, can be read is known when
 * this returns ERR_OK. */
MUST_CHECK enum err_kind sampler_watch_tree(struct sampler *sampler, int root_pid, struct err *e);
/* One process that the recording knows from elsewhere. */
MUST_CHECK enum err_kind sampler_watch_one(struct sampler *sampler,
					   const struct sampled_identity *identity, struct err *e);
/* What is due now: a tick, a look for new processes; call again after sampler_wait_ns(). */
void sampler_tick(struct sampler *sampler);
uint64_t sampler_wait_ns(const struct sampler *sampler);

/* Those that are watched now, as the recording calls them; at most `max` of them, their number. */
struct sampler_watched {
	int pid;
	uint32_t serial;
};
size_t sampler_list(const struct sampler *sampler, struct sampler_watched *out, size_t max);

struct sampler_counts {
	uint32_t processes, alive, shut_out;
	uint64_t scheduled, verified, caught, torn, late;
	uint64_t stops, stopped_ns, longest_stop_ns;
	uint64_t elapsed_ns, cpu_ns;
	uint64_t first_ns; /* from the first process opened to the first look that held; 0: none */
	double rate_hz, asked_hz;    /* now */
	const char *engine, *reason; /* of the first process; "" before */
};
void sampler_count(const struct sampler *sampler, struct sampler_counts *counts);
/* Writes what is open. */
void sampler_stop(struct sampler *sampler);
void sampler_free(struct sampler *sampler); /* NULL is allowed */

#endif
