/* Python ends: from then on only the thread that ends it has a thread state.
 *
 * Daemon threads go on while the interpreter is taken down, and their thread
 * states are freed under them (_PyThreadState_DeleteExcept, Python/pystate.c,
 * 3.9–3.13), though PyGILState_GetThisThreadState still names them. So the
 * agent asks here for the state, and an exit function of atexit, which runs
 * before that, shuts all other threads out and waits for those that are reading.
 */
#ifndef UNSLOW_AGENT_FINALIZE_H
#define UNSLOW_AGENT_FINALIZE_H

#include <stdbool.h>
#include <stdint.h>

/* Registers the exit function; GIL held, no exception set or left. False: could not. */
bool finalize_prepare(void);
/* Another thread than the one that ended Python begins a unit: the exit functions
 * were only tried out (atexit._run_exitfuncs). GIL held. */
void finalize_not_yet(void);
/* Does Python end, as far as can be told from any thread? */
bool finalize_begun(void);
/* Nobody may read Python's memory any more. */
void finalize_over(void);
void finalize_after_fork(void);

/* The calling thread's state as long as it can be read, else 0. Call it, and use
 * what it gives, with agent_thread.in_hook set or the GIL held. */
uintptr_t python_thread_state(void);

#endif
