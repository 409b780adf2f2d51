/* One process of the stop-one engine: its code and stacks as the recording knows them, each
 * thread's open sample, and what became of its ticks.
 */
#ifndef UNSLOW_PROBE_SAMPLED_PROCESS_H
#define UNSLOW_PROBE_SAMPLED_PROCESS_H

#include "base/map.h"
#include "base/vec.h"
#include "probe/python_process.h"
#include "probe/still.h"
#include "recording/engine.h"
#include "recording/samples.h"
#include "target/sockets.h"
#include "target/thread_call.h"

#define SAMPLED_OPEN_NS UINT64_C(250000000) /* a sample is written at the latest so long after */
#define SAMPLED_SOCKETS_NS UINT64_C(1000000000) /* how old the list of sockets may be */

struct sampled_thread {
	int tid;
	uint64_t cpu_ns, runqueue_ns; /* of its life, when last seen */
	struct sample sample;         /* open; ticks 0: none */
	char target[192];             /* sample.target */
	/* What was found at the last look of it, and how often it had been put on a CPU by then. */
	uintptr_t tstate;
	uint64_t timeslices;
	uint32_t stack;
	bool was_blocked, is_short;
	struct thread_call call;
};

struct sampled_look; /* of the tick under way */

struct sampled_process {
	struct python_process process;
	struct still still;
	struct ingest *ingest;
	uint32_t serial;
	struct engine engine;
	uint64_t last_ns; /* of the last tick that was made */
	uint64_t ticks_made;
	bool has_ended;
	struct map codes;              /* address → index in code_facts */
	VEC(uint64_t) code_identities; /* index + 1 is its id */
	struct map stacks;             /* hash of a chain → its id */
	uint32_t last_stack;
	struct map thread_index; /* tid → index in threads */
	VEC(struct sampled_thread) threads;
	struct sockets sockets;
	uint64_t sockets_ns;
	struct sampled_look *look;
};

/* Opens and checks the process, and tells the recording of it. */
MUST_CHECK enum err_kind sampled_process_open(struct sampled_process **out, int pid, int parent_pid,
					      uint32_t serial, struct ingest *ingest,
					      struct err *e);
/* `missed`: ticks that were not made since the last. */
void sampled_process_tick(struct sampled_process *p, uint64_t now_ns, uint64_t missed,
			  double rate_hz);
/* Writes open samples and the engine's row; `all`, or those open for SAMPLED_OPEN_NS. */
void sampled_process_flush(struct sampled_process *p, bool all);
void sampled_process_close(struct sampled_process *p);

#endif
