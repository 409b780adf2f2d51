/* The main interpreter's GIL: where its words lie, who holds it, and keeping it
 * unheld for a moment.
 *
 * The words are CPython's own (struct _gil_runtime_state, pycore_gil.h), read
 * without any lock: `last_holder` lags `locked` in take_gil(), so it is an
 * address to look at, no proof. Whoever wants the GIL takes the mutex first
 * (ceval_gil.c/ceval_gil.h, take_gil), so while gil_try_close() holds it an
 * unheld GIL stays unheld. A sub-interpreter with a GIL of its own (3.12+) is
 * outside of all this.
 *
 * An app of one thread (own_thread.h) locks that mutex by a plain store where it finds it free, so
 * it may slip past ours in the instant between its look and its store; gil_open() tells. It is the
 * word of the mutex that is taken then, as glibc's lll_lock() takes it: 1 is locked, 2 is locked
 * and waited for (sysdeps/nptl/lowlevellock.h).
 */
#ifndef UNSLOW_AGENT_GIL_H
#define UNSLOW_AGENT_GIL_H

#include <stdbool.h>
#include <stdint.h>

/* Address of the struct: in the runtime (3.8–3.11), or behind the main
 * interpreter's pointer to it (3.12+). 0: not known yet. */
uintptr_t gil_address(void);

/* The thread state that holds the GIL as far as its words tell, 0: nobody. It may be freed. */
uintptr_t gil_holder(void);

/* Takes the mutex if it is free and nobody holds the GIL: until gil_open() nobody can take it.
 * False: not to be had now. As little time as can be may pass in between. */
bool gil_try_close(void);
/* False: the app's only thread slipped past it. */
bool gil_open(void);

#endif
