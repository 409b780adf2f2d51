/* Sums over samples: the rows of sample_10s. The one door for every sampling
 * engine: the agent's come as RECORD_SAMPLE, those that read a process from
 * outside call samples_add().
 *
 * A row is a key (thread, route, stack, state …) within a slot of 10 s. Rows
 * that changed are written once a second under the row id they got at first, so
 * that a killed writer loses at most the last second. A sample of a unit whose
 * route is not known yet waits for the unit's end, at most while its slot is
 * kept and SAMPLES_WAITING_MAX allow it; then it counts without a route.
 *
 * wall_ns of a sample is the periods of its ticks (base/schedule.h) and of those before them that
 * were not made: a late tick stretches the next one, so the sum is the time that passed. cpu_ns and
 * runqueue_ns of all samples of a thread, those of SAMPLE_UNSEEN included, are what its clocks
 * counted.
 */
#ifndef UNSLOW_RECORDING_SAMPLES_H
#define UNSLOW_RECORDING_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/channel.h"
#include "recording/ingest.h"

#define SAMPLES_SLOT_NS UINT64_C(10000000000)
#define SAMPLES_SLOTS 3
/* Ceilings, since the target may invent stacks, threads and times. */
#define SAMPLES_KEYS_MAX 50000u /* of a slot; past it the place is left out of the key */
#define SAMPLES_ROWS_MAX \
	4000000u /* of a recording (about 70 bytes each); past it none are taken \
		  */
#define SAMPLES_WAITING_MAX 131072u /* for their unit's end */

/* One thread at one or more consecutive ticks that found it in the same place. Ids are those of
 * the recording (ingest_stack_row() …); 0: none. */
struct sample {
	uint64_t start_ns;
	uint64_t wall_ns;             /* that its ticks stand for */
	uint64_t unit;                /* 0: outside any */
	uint64_t cpu_ns, runqueue_ns; /* of the thread's clocks, what its ticks are given
					 (base/unplaced.h) */
	int64_t process_id, thread_id, stack_id;
	int64_t holder_stack_id; /* SAMPLE_GIL: who held it at that instant */
	const char *target;      /* SAMPLE_CALL: what it waits on; NULL: not known */
	enum sample_state state;
	uint32_t ticks;
	bool is_short;  /* the newest frame is missing */
	uint8_t source; /* enum evidence_source: 1 agent, 2 remote, 3 kernel */
};

/* A sample of an unknown process is nobody's and left out; one without ticks or with a state that
 * does not exist is a bad record of its process. SAMPLE_UNSEEN has neither ticks nor a place. */
void samples_add(struct ingest *in, const struct sample *sample);
/* "python", "holding" … as in sample_10s.state; NULL: no such state. */
const char *sample_state_name(uint32_t state);

/* For ingest.c. */
struct samples;
struct process;
struct names;

struct samples *samples_new(struct recording *recording, const struct names *names);
void samples_free(struct samples *samples); /* NULL is allowed */
/* RECORD_SAMPLE of a process. */
void samples_record(struct ingest *in, struct process *p, const struct channel_record *record);
/* After a drain: samples whose unit has ended since get its route. `all`: nothing more comes. */
void samples_settle(struct ingest *in, bool all);
/* Write the rows that changed. */
void samples_write(struct samples *samples);
uint64_t samples_coarsened(const struct samples *samples); /* ticks whose place was left out */
uint64_t samples_unrouted(const struct samples *samples);  /* ticks that waited in vain */
uint64_t samples_refused(const struct samples *samples);   /* ticks past SAMPLES_ROWS_MAX */

#endif
