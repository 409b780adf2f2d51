/* What the ticks found, thread by thread: states, run-length merged samples.
 *
 * A thread found again in the same stack, unit and state grows its open sample;
 * that is written (RECORD_SAMPLE, in the tick thread's own ring) when it changes,
 * or once it is TICK_SAMPLE_NS old. What a thread does without the GIL is taken
 * from the agent's own hooks where one is open (agent_thread.open), else from
 * /proc/self/task/TID/syscall; CPU and run queue from its schedstat, of which a
 * waiting sample has none (base/unplaced.h). A thread that stays in one waiting
 * call is not read again.
 *
 * Used by the tick thread only, which has a descriptor table of its own: the files
 * kept open here are not the app's. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef UNSLOW_AGENT_TICK_THREADS_H
#define UNSLOW_AGENT_TICK_THREADS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/tick_look.h"

#define TICK_SAMPLE_NS UINT64_C(250000000)

/* Is the thread off the CPU, and where? One reading of its `syscall` file. */
enum tick_where {
	TICK_RUNS = 1,  /* or waits for a CPU */
	TICK_IN_CALL,   /* blocked in the system call */
	TICK_ELSEWHERE, /* blocked, but in none: a page fault */
	TICK_UNKNOWN,   /* gone, or the file cannot be read */
};

struct tick_call {
	int number;
	uint64_t first; /* argument */
};

enum tick_where tick_threads_where(uint32_t tid, struct tick_call *call);
/* Times it was put on a CPU so far; 0: not known. */
uint64_t tick_threads_runs(uint32_t tid);

/* Reads anew what the threads do now. Call it right after the request of a tick is sent to
 * `holder`, or before tick_threads_add(); 0: nobody holds the GIL. */
void tick_threads_read(uint32_t holder);

/* One tick, made at made_ns, that stands for the time since the one made before. `blocked`: the
 * holder was blocked or had no CPU. */
void tick_threads_add(const struct tick_look *look, uint64_t made_ns, uint64_t stands_for_ns,
		      bool blocked);

/* Writes what is open and forgets all threads. */
void tick_threads_end(void);

/* "running", "-1 sp pc" or "number six arguments sp pc" (Linux, fs/proc/base.c,
 * proc_pid_syscall). */
enum tick_where tick_threads_parse(const char *text, struct tick_call *call);
/* "number (name) S …" of a thread whose `syscall` may not be read: one that gave up root (proc(5),
 * /proc/pid/stat). */
enum tick_where tick_threads_parse_stat(const char *text);

#endif
