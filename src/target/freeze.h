/* Stops one thread for the blink of a read: PTRACE_SEIZE, INTERRUPT, wait; then DETACH.
 *
 * Never kept from one read to the next: a seized thread stops on every signal until its tracer
 * looks, which costs an application with a timer most of its work, and a killed one is a zombie
 * until then (research/engines.md §4). Whoever freezes must thaw on every way out; should this
 * program die in between, the kernel detaches and the thread runs on (ptrace(2)).
 *
 * Only for threads that are on a CPU: a thread blocked in a call would have it interrupted.
 */
#ifndef UNSLOW_TARGET_FREEZE_H
#define UNSLOW_TARGET_FREEZE_H

#include <stdbool.h>
#include <stdint.h>

#include "target/priority.h"

enum { FREEZE_MAX = 8, FREEZE_WAIT_NS = 20000000 };
/* Stops are counted by length, eight classes an octave of nanoseconds. */
enum { FREEZE_CLASSES = 8 * 36 };

struct freeze {
	int pid; /* whose threads they are; if it is this program's child its end is left to others
		  */
	int tids[FREEZE_MAX];
	uint64_t since_ns[FREEZE_MAX];
	int count;
	/* What it cost so far: threads stopped, the sum of and the longest stop. */
	uint32_t stops;
	uint64_t stopped_ns, longest_ns;
	uint32_t lengths[FREEZE_CLASSES];
	struct priority priority; /* our own, raised while one stands */
	int failed_errno;         /* of the last thread that could not be stopped */
};

/* True: the thread stands still. False: it ended, blocked for 20 ms without stopping (it is let go
 * again), is traced by another program (EPERM), or FREEZE_MAX already stand. */
bool freeze_thread(struct freeze *freeze, int tid);
bool freeze_holds(const struct freeze *freeze, int tid);
/* The length that `share` of the stops did not exceed, to an eighth of an octave; 0: none. */
uint64_t freeze_length_ns(const struct freeze *freeze, double share);
/* All of them run on. */
void freeze_thaw(struct freeze *freeze);

#endif
