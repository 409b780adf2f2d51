/* What a program without requests does again and again: a function whose calls are its units of
 * work, with hooks and without (calls_windows.h).
 *
 * It is found as the engine counts: the first function of which a call lasts long enough to be
 * timed well, and short enough that a turn holds several, that was called more than CALLS times and
 * that has most of the time that passed since one is looked for. From then on each call of it on
 * that thread is a unit, as a request is elsewhere: the turn may change as it begins, and what it
 * took in CPU time is summed beside its events. The engine must hear of its calls with hooks off,
 * too, and let what it calls then run as if nothing were counted.
 *
 * A program that serves requests has these for units. A function that is not called any more is
 * given up, and another looked for. GIL held; nothing here calls Python.
 */
#ifndef UNSLOW_AGENT_CALLS_REPEATS_H
#define UNSLOW_AGENT_CALLS_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/calls_tree.h"

/* Of the function; 0: none is chosen. */
extern uint64_t calls_repeats_key;

/* One is looked for from now on; not any more, and none is chosen. */
void calls_repeats_begin(void);
void calls_repeats_end(void);

/* After calls_enter: true, now and then, if the top's function is the one; `code` is its own. The
 * engine then sees to it that it hears of its calls. */
bool calls_repeats_choose(struct calls_thread *t, uintptr_t code);
#define CALLS_REPEATS_LOOK 16u /* calls */
static inline bool calls_repeats_is_found(struct calls_thread *t, uintptr_t code)
{
	if (LIKELY(atomic_load_explicit(&t->top->calls, memory_order_relaxed) %
			   CALLS_REPEATS_LOOK !=
		   0))
		return false;
	return calls_repeats_choose(t, code);
}

/* A call of it begins on the calling thread; before it is counted. True: hooks are off. */
bool calls_repeats_enter(void);
/* The last one that began there has ended; after it was counted. */
void calls_repeats_leave(void);

#endif
