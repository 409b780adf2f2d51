/* The clocks of exact calls: wall and CPU time in ticks, both for a few nanoseconds.
 *
 * Wall time is the time stamp counter where the kernel itself keeps time by it, else
 * CLOCK_MONOTONIC. A thread's CPU time is what a system call said once (cpu_clock.h) plus the wall
 * time since, as long as the thread has not left its CPU; whether it has, one word tells, found by
 * the first way that works here:
 *
 *     rseq       the kernel clears the thread's mark (cpu_clock.h)
 *     perf       the sequence number of a task clock's page changes when the thread comes back to a
 *                CPU (perf_event_open(2), struct perf_event_mmap_page.lock)
 *     gap        nothing tells: the system call is made where two events are GAP_NS or more apart;
 * a shorter absence counts as CPU
 *
 * Measured on Linux 6.18: 0.55 ns for the look, error 0.001 % over 405 ms of 400 switches.
 * Ticks of both are of the same length; rate_32 turns ns into them, ns_48 them into ns (a division
 * of that width takes as long as all else that a call's length costs).
 */
#ifndef UNSLOW_AGENT_CALLS_CLOCK_H
#define UNSLOW_AGENT_CALLS_CLOCK_H

#include <stdint.h>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "agent/agent.h"
#include "agent/cpu_clock.h"

struct calls_clock_state {
	uint64_t rate_32; /* ticks a ns << 32; 0: not prepared */
	uint64_t ns_48;   /* its inverse: ns a tick << 48 */
	uint64_t gap;     /* ticks between two events at which CPU time is asked for in any case */
	uint32_t wall;    /* enum calls_clock */
	uint32_t cpu;     /* enum calls_cpu_clock */
};
extern struct calls_clock_state calls_clock;

/* Chooses and tests both; up to 5 ms the first time, then nothing. */
void calls_clock_prepare(void);
/* Gives the calling thread's mark its word, and takes its first reading. */
void calls_clock_thread_begin(struct agent_thread *thread);
/* Gives back what that took. On the thread itself. */
void calls_clock_thread_end(struct agent_thread *thread);
/* One instant by both: ticks, and CLOCK_MONOTONIC ns. */
struct calls_clock_pair {
	uint64_t ticks, ns;
};
struct calls_clock_pair calls_clock_pair_now(void);
/* That of calls_clock_prepare(): long ago, or 5 ms at least. */
extern struct calls_clock_pair calls_clock_first;

static inline uint64_t calls_ticks(void)
{
#if defined(__x86_64__)
	if (LIKELY(calls_clock.wall == CALLS_CLOCK_TSC))
		return __rdtsc();
#elif defined(__aarch64__)
	if (LIKELY(calls_clock.wall == CALLS_CLOCK_TSC)) {
		uint64_t ticks;
		__asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
		return ticks;
	}
#endif
	return agent_now_ns();
}

static inline uint64_t calls_ticks_of_ns(uint64_t ns)
{
	return (uint64_t)((unsigned __int128)ns * calls_clock.rate_32 >> 32);
}

static inline uint64_t calls_ns_of_ticks(uint64_t ticks)
{
	return (uint64_t)((unsigned __int128)ticks * calls_clock.ns_48 >> 48);
}

/* CPU time of the calling thread in ticks at `now`, which was just read; `last` is when it was
 * asked for before. May lie before what it gave then: by as long as the thread was sent away after
 * `now` was read, at most to its begin. */
static inline uint64_t calls_cpu_at(struct agent_thread *thread, uint64_t now, uint64_t last)
{
	const struct cpu_mark *mark = &thread->mark;

	if (UNLIKELY(*mark->word != mark->expected || now - last >= calls_clock.gap)) {
		cpu_clock_read(thread);
		/* a new thread may have been away for longer than it has run at all */
		if (UNLIKELY(now + mark->cpu < mark->ticks))
			return 0;
	}
	return mark->cpu + (now - mark->ticks);
}

#endif
