/* A walk of the heap, from being asked for to its end.
 *
 * The program asks by struct heap_control's `walk` (heap_file.h). Seen where a change of exact
 * calls is (calls_change.h), made with the GIL held, as there: the process forks, and goes on at
 * once. It is only forked if there is room for what that may cost at worst (walk_room.h), and while
 * the collector does not take its lists apart; in Python without GIL never.
 *
 * The child has no signal to tell of its end (clone(2) with exit signal 0), so wait(2) of the app
 * does not see it: it is waited for by its number with __WALL, where the agent passes by. One that
 * does not end by itself is killed.
 */
#ifndef UNSLOW_AGENT_WALK_CONTROL_H
#define UNSLOW_AGENT_WALK_CONTROL_H

#include <stdbool.h>

#include "agent/agent.h"

/* What was asked for so far is of others; from here on it is looked at. GIL held, Python is up;
 * also in a fork's child. */
void walk_control_begin(void);
/* Is a walk to be made? Any thread. */
bool walk_control_is_due(void);

extern _Atomic uint32_t walk_control_seen; /* number of the walk that was made, or refused, last */
extern _Atomic int walk_control_child;     /* process id of the one under way; 0: none is */
/* Is one to be made, or looked after? As cheap as it can be: beside the hot path. */
static inline bool walk_control_is_wanted(void)
{
	const struct channel_control *control = agent_control;

	return control != NULL &&
	       (atomic_load_explicit(&control->heap.walk, memory_order_relaxed) !=
			atomic_load_explicit(&walk_control_seen, memory_order_relaxed) ||
		atomic_load_explicit(&walk_control_child, memory_order_relaxed) != 0);
}
/* Makes it. GIL held; an exception that is set stays set. */
void walk_control_now(void);
/* Has the child ended, or should it? Any thread, no lock, no memory: also the sampling thread. */
void walk_control_look(void);
/* Python ends: so does the child. Waits for it. */
void walk_control_over(void);

#endif
