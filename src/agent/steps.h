/* Running, suspended and ready time of an async unit.
 *
 * A unit runs while code of it is on the stack of its loop: a step of its
 * coroutine (stepped.c) or a callback of a task it made (loop.c; not under uvloop).
 * These nest; the outermost one counts. Between two of them it is suspended;
 * from the end of the loop's last poll to the next one it was ready.
 */
#ifndef UNSLOW_AGENT_STEPS_H
#define UNSLOW_AGENT_STEPS_H

#include "agent/units.h"

/* Code of the unit begins and ceases to run on this thread, at `now_ns`, which has just been read,
 * or 0: it is read if it is needed. */
void step_enter(struct unit *unit, struct agent_thread *thread, uint64_t now_ns);
void step_leave(struct unit *unit, struct agent_thread *thread, uint64_t now_ns);
/* The unit ends while its code runs: what ran until now counts. NULL: nothing is recorded. */
void step_finish(struct unit *unit, struct agent_thread *thread);

/* CPU clock of the thread at `now_ns`, ns. Read only if the loop slept since the
 * last reading; else the thread is taken to have computed since then. */
uint64_t step_cpu_at(struct agent_thread *thread, uint64_t now_ns);

#endif
