/* One process sampled from outside: its code and stacks as the recording knows them, each thread's
 * open sample, and what became of its ticks.
 */
#ifndef UNSLOW_PROBE_SAMPLED_PROCESS_H
#define UNSLOW_PROBE_SAMPLED_PROCESS_H

#include "base/map.h"
#include "base/schedule.h"
#include "base/unplaced.h"
#include "base/vec.h"
#include "probe/peers.h"
#include "probe/python_process.h"
#include "probe/sampled_look.h"
#include "probe/still.h"
#include "recording/engine.h"
#include "recording/samples.h"

#define SAMPLED_OPEN_NS UINT64_C(250000000) /* a sample is written at the latest so long after */

/* How a process is to be looked at. */
enum sampled_engine {
	SAMPLED_AUTO, /* stop; prefix where the kernel does not let threads be stopped */
	SAMPLED_STOP,
	SAMPLED_PREFIX,
};

struct sampled_thread {
	bool is_used;
	uint64_t cpu_ns, runqueue_ns; /* of its life, when last seen */
	bool has_counters;
	struct unplaced unplaced;
	int64_t id;       /* of its row */
	uint64_t seen_ns; /* last, running Python */
	uint32_t stack;   /* id as told to the recording; 0: it runs no Python */
	bool had_stack;   /* at the look before */
	bool is_short;
	/* Ticks at which it was not asked about: of its open sample if it has not moved. */
	uint32_t unasked_ticks;
	uint64_t unasked_ns;
	struct sample sample; /* open; ticks 0: none */
	char target[192];     /* sample.target */
};

struct sampled_process {
	struct python_process process;
	struct still still;
	struct look look;
	struct ingest *ingest;
	struct peers *peers; /* the sampler's */
	uint32_t serial, id_base;
	uint64_t run; /* unit of those that are in no other, at the last look; 0: none */
	enum sampled_engine asked;
	struct engine engine;
	uint64_t started_ns;
	uint64_t owed_ns; /* that no tick stands for yet: those that were torn */
	uint64_t ticks_made;
	uint64_t tick_wall_ns; /* that the last tick took, the sampler's */
	uint32_t torn_in_a_row;
	uint64_t stack_start; /* of its main thread: another one after an exec */
	bool has_ended, is_shut_out;
	struct map stacks; /* hash of a chain → its id */
	struct map waits;  /* ids at which a thread was seen off the CPU */
	uint32_t last_stack;
	VEC(struct sampled_thread) threads; /* look_thread.data is the place, from 1 */
};

/* What it is to the recording. With `is_told` the recording knows the process already (an agent is
 * in it), and keeps getting its end from there. */
struct sampled_identity {
	int pid, parent_pid;
	uint32_t serial;
	bool is_told;
	const char *reason;         /* of the engine; NULL: attached from outside */
	struct channel_units units; /* as its agent says; variable 0: none is in it */
};

/* The engine a process is first looked at with, and why; static texts. */
struct sampled_choice {
	const char *name, *reason;
	bool never_stop;
};
struct sampled_choice sampled_engine_choice(enum sampled_engine asked);

/* Opens and checks the process, and tells the recording of it. ERR_INVALID: it does not fit (yet);
 * a process that is starting is tried again later: `tries` looks are made here. */
MUST_CHECK enum err_kind sampled_process_open(struct sampled_process **out,
					      const struct sampled_identity *identity,
					      enum sampled_engine engine, struct peers *peers,
					      struct ingest *ingest, int tries, struct err *e);
/* A look that is due; those it says were missed are late. */
void sampled_process_tick(struct sampled_process *p, uint64_t now_ns,
			  const struct schedule_look *due);
/* A look that is due and is not made: it is late, and the next stands for its time too. */
void sampled_process_skip(struct sampled_process *p, const struct schedule_look *due);
/* Writes open samples and the engine's row; `all`, or those open for SAMPLED_OPEN_NS. */
void sampled_process_flush(struct sampled_process *p, bool all);
void sampled_process_close(struct sampled_process *p);

#endif
