/* All threads of the process at one instant at which no Python frame can
 * change: stacks and units.
 *
 * There are three such instants, and functions for each: the GIL's holder, or the process's only
 * thread, stands in our signal handler; nobody holds the GIL and its mutex is ours; the
 * holder is blocked in the kernel, or the process's only thread waits
 * (then only what is compared before and after tells whether it was so, so everything is read by
 * guarded_copy()).
 * Of the others' frames nothing is checked: they gave up the GIL at a point
 * where their chains are whole. A thread that is still in the waiting call of the
 * last look, as its hooks show it, has the stack and unit it had then. The list of thread states
 * changes only under the GIL, apart from insertion at its head, which sets `next` first.
 *
 * Only one look runs at a time (tick.c): the arrays are the caller's, static.
 * No libc, no lock, no allocation: the first form runs in a signal handler.
 */
#ifndef UNSLOW_AGENT_TICK_LOOK_H
#define UNSLOW_AGENT_TICK_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "python/walk.h"

#define TICK_THREADS_MAX 512 /* of a process; more are left out, and the tick says so */

struct tick_seen {
	uint32_t tid;
	uint32_t stack; /* id; 0: no Python frame, or no room for one */
	uint64_t unit;
	bool holder;   /* of the GIL */
	bool native;   /* runs without it, as is known */
	bool is_short; /* the newest call is missing */
	bool same;     /* waits in the same call as at the look before: nothing was walked */
};

struct tick_look {
	uint32_t count;
	bool caught; /* a thread was left out, or its newest call */
	struct tick_seen threads[TICK_THREADS_MAX];
};

/* Where the kernel's number of a thread lies behind its pthread_self(): found by looking for the
 * calling thread's own. False: not found. Call it on two threads; both must agree. */
bool tick_look_calibrate(void);

/* Kernel number of a thread by its pthread_self(); 0: that one is gone. */
uint32_t tick_look_tid(walk_reader *read, void *context, uintptr_t pthread);

/* In the signal handler, on the thread that holds the GIL: its state and the stack pointer that
 * was interrupted. */
void tick_look_here(struct tick_look *look, uintptr_t state, uintptr_t stack_pointer);

/* In the handler, on the process's only thread, while nobody holds the GIL: it runs without. */
void tick_look_alone(struct tick_look *look, uint32_t tid);

/* With the GIL's mutex held and the GIL free. */
void tick_look_unheld(struct tick_look *look);

/* While `holder` seems to be blocked, or the only thread to wait without the GIL (0). Call
 * tick_look_accept() if it was all the time, before the next copy: only then are stacks and units
 * true. */
struct guarded_pipe;
void tick_look_blocked(uintptr_t holder, struct guarded_pipe *pipe);
void tick_look_accept(struct tick_look *look);

/* The process's only thread waits outside any unit, and has said where (core.h, waiting_call). */
void tick_look_noted(struct tick_look *look, uint32_t tid, uint32_t stack);

/* On Python's first thread, before any look. False: threads cannot be told here. */
bool tick_look_prepare(void);

#endif
