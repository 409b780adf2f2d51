/* The stop-one engine: samples of a running process and all it starts, from outside.
 *
 * Each tick looks at every Python of the tree at one instant (still.h: only a thread that runs
 * Python is stopped, seized and detached each time) and hands a row a thread to the recording:
 * equal ones in a row are one (recording/samples.h). A tick whose look did not hold is counted torn
 * and records nothing. Stops are kept below SAMPLER_STOP_SHARE of the time and own CPU below
 * SAMPLER_CPU_SHARE by lowering the rate.
 */
#ifndef UNSLOW_PROBE_SAMPLER_H
#define UNSLOW_PROBE_SAMPLER_H

#include <stdint.h>

#include "base/err.h"
#include "recording/ingest.h"

#define SAMPLER_STOP_SHARE 0.005
#define SAMPLER_CPU_SHARE 0.02

struct sampler;

/* ERR_* as python_process_open and _check: that the root, or with a root that is no Python one
 * below it, can be read is known when this returns ERR_OK. */
MUST_CHECK enum err_kind sampler_start(struct sampler **out, int root_pid, double rate_hz,
				       struct ingest *ingest, struct err *e);
/* One tick, at its time; call again after sampler_wait_ns(). */
void sampler_tick(struct sampler *sampler);
uint64_t sampler_wait_ns(const struct sampler *sampler);

struct sampler_counts {
	uint32_t processes, alive;
	uint64_t scheduled, verified, torn, late;
	uint64_t stops, stopped_ns, longest_stop_ns;
	uint64_t elapsed_ns, cpu_ns;
	double rate_hz; /* now */
};
struct sampler_counts sampler_count(const struct sampler *sampler);
/* Writes what is open. */
void sampler_stop(struct sampler *sampler);
void sampler_free(struct sampler *sampler); /* NULL is allowed */

#endif
