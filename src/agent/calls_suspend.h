/* Calls that are suspended: since when, so that the resume tells how long they waited.
 *
 * One table for the process, as a coroutine may go on in another thread; guarded by the GIL, which
 * every event holds. The key is the address of the frame, which stays where it is while its
 * generator lives. A frame that dies suspended leaves its entry; the next frame at that address
 * takes it over with its first suspension.
 * A call that was suspended once keeps its entry while it runs, too (its number is in `live`): when
 * it began, and its CPU so far.
 */
#ifndef UNSLOW_AGENT_CALLS_SUSPEND_H
#define UNSLOW_AGENT_CALLS_SUSPEND_H

/* The functions are those that calls_tree.h declares inside its events. */

/* Events are told of again: what was suspended before may have gone on since, and another be
 * suspended at its address, so that wait is not known. GIL held. */
void calls_suspend_restart(void);

/* In a fork's child: what was suspended in the parent goes on here with no time known. GIL held. */
void calls_suspend_forget(void);

#endif
