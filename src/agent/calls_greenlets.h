/* Greenlets: each has its own part of the thread's stack of calls.
 *
 * greenlet's trace function (greenlet.settrace, one a thread) tells of each switch; ours takes what
 * is above the thread's root off the stack, keeps it for the greenlet that was left, and puts back
 * what was kept of the one that goes on. Between the two its calls are suspended: waiting.
 * Another's trace function is left in place, and the page says so. 140 ns a switch more.
 * GIL held.
 */
#ifndef UNSLOW_AGENT_CALLS_GREENLETS_H
#define UNSLOW_AGENT_CALLS_GREENLETS_H

#include "agent/calls_tree.h"

/* Sets the trace function of the calling thread if greenlets are loaded; cheap once it is set. May
 * run Python: only where the tree is not in the middle of an event. No exception is set or left. */
void calls_greenlets_look(struct calls_thread *t);
/* All that is kept is of stacks that are not known any more. */
void calls_greenlets_forget(void);

/* One switch: by what their addresses are. */
void calls_greenlets_switch(struct calls_thread *t, uintptr_t from, uintptr_t to);

#endif
