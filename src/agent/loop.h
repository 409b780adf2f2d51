/* asyncio callbacks: each passes Handle._run, where a hook times it.
 *
 * Callbacks of LOOP_CALLBACK_NS or more are recorded; all of them mark the
 * thread (agent_thread.loop_depth), so that calls made inside are known to hold
 * up the loop. uvloop has no such handle: its callbacks are not visible, and a
 * fact says so. A thread on which a unit begins under uvloop is marked for good
 * instead: the loop itself waits outside any unit, its own sockets never wait.
 */
#ifndef UNSLOW_AGENT_LOOP_H
#define UNSLOW_AGENT_LOOP_H

#include "agent/descriptor.h"

#define LOOP_CALLBACK_NS 50000

/* A unit begins on a loop of the calling thread. Cheap but for the first time. GIL held. */
void loop_note(void);
/* Has a unit begun on uvloop in this process or the one it was forked from? GIL held. */
bool loop_is_uvloop(void);

extern struct hook_row loop_hooks[]; /* end: module NULL */

#endif
