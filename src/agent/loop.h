/* asyncio callbacks: each passes Handle._run, where a hook times it.
 *
 * Callbacks of LOOP_CALLBACK_NS or more are recorded; all of them mark the
 * thread (agent_thread.loop_depth), so that calls made inside are known to hold
 * up the loop. uvloop has no such handle: of its callbacks only those that step a unit's coroutine
 * are visible, as that step, and a fact says so. A thread on which a unit begins under uvloop is
 * marked for good instead: the loop itself waits outside any unit, its own sockets never wait.
 */
#ifndef UNSLOW_AGENT_LOOP_H
#define UNSLOW_AGENT_LOOP_H

#include "agent/descriptor.h"

#define LOOP_CALLBACK_NS 50000

/* A unit begins on a loop of the calling thread. Cheap but for the first time. GIL held. */
void loop_note(void);
/* Has a unit begun on uvloop in this process or the one it was forked from? GIL held. */
bool loop_is_uvloop(void);

/* The outermost step of a unit's coroutine: on uvloop it is recorded as the callback that it is the
 * work of. `coroutine` may be NULL. GIL held. */
struct loop_step {
	uint64_t start_ns; /* 0: another loop, whose handles are hooked */
	uint64_t cpu_before_ns;
};
void loop_step_begin(struct loop_step *step, struct agent_thread *thread);
void loop_step_end(const struct loop_step *step, struct agent_thread *thread, py_object coroutine);

extern struct hook_row loop_hooks[]; /* end: module NULL */

#endif
