/* The calling thread's CPU time, mostly without a system call.
 *
 * CLOCK_THREAD_CPUTIME_ID costs a system call (0.4 µs, twenty times CLOCK_MONOTONIC).
 * As long as a thread has not left its CPU, its CPU time grows as wall time does;
 * whether it has, its rseq area tells: the kernel clears `rseq_cs` of a thread that
 * comes back to a CPU outside the critical section named there (rseq(2);
 * kernel/rseq.c, rseq_ip_fixup, Linux 4.18 to 6.18). So the clock is read once, a
 * mark is left in that field, and while it stands the wall clock serves.
 *
 * Newer kernels need not clear it when a thread waits inside a system call: at start
 * the mark is tried on waits, and where it survives one the system call is used.
 * glibc 2.35+ registers the area; no area, no mark. Time that an interrupt or a
 * hypervisor takes from a thread that stays on its CPU counts as its CPU time.
 */
#ifndef UNSLOW_AGENT_CPU_CLOCK_H
#define UNSLOW_AGENT_CPU_CLOCK_H

#include "agent/agent.h"

/* Finds the area and tries the mark; about 1 ms. Says which clock is used as the fact
 * agent.cpu_clock. */
void cpu_clock_prepare(void);
/* Takes wall and CPU time of the calling thread as its pair sync_wall_ns, sync_cpu_ns:
 * at `now_ns`, which has just been read, or a moment later. Neither goes back. */
void cpu_clock_sync(struct agent_thread *thread, uint64_t now_ns);
/* Asks the system in any case, and sets the mark anew: the pair, and `mark` if the thread's calls
 * are counted (calls_clock.h). */
void cpu_clock_read(struct agent_thread *thread);
/* The calling thread's present stay on a CPU: the same number twice, and it has not left between.
 * 0: it has left since its clock was read last, or there is no mark to tell. */
uint64_t cpu_clock_stay(const struct agent_thread *thread);
/* Whether the mark is used; and the word of the calling thread that holds its lower half as long as
 * it stands. */
bool cpu_clock_has_mark(void);
const volatile uint32_t *cpu_clock_mark_word(void);
/* In a fork's child: its CPU time begins anew, the mark of its parent means nothing. */
void cpu_clock_after_fork(struct agent_thread *thread);

#endif
