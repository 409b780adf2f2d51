/* How a change of what is asked for (calls_control.h, heap_control.h) comes to be put in force with
 * the GIL held.
 *
 * In a process of one thread, by a pending call of Python's: a thread of ours would end the C
 * library's fast paths for good (own_thread.h). Where there are more threads, by a thread made for
 * it, which takes the GIL as any other: the main thread may wait for ever. At a unit's begin, at
 * once. So a program of one thread that does nothing but compute sees a change when it next waits.
 */
#ifndef UNSLOW_AGENT_CALLS_CHANGE_H
#define UNSLOW_AGENT_CALLS_CHANGE_H

#include <stdbool.h>

#include "agent/walk_control.h"

/* What is asked for now is in force: from here on it may change. Also in a fork's child. */
void calls_change_begin(void);
/* Has it changed? Any thread. */
bool calls_change_is_due(void);
/* Is there what a server that waits for its next request should not wait for, too: a walk of the
 * heap? As cheap as it can be. */
static inline bool calls_change_presses(void)
{
	return walk_control_is_wanted();
}
/* Looks, and sees to it. Any thread, without the GIL, from where a thread may be made and a lock
 * taken: in no signal handler, in no allocator. */
void calls_change_look(void);
/* The same with the GIL held, at once. An exception that is set stays set. */
void calls_change_now(void);

#endif
