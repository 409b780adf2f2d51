/* Something that one thread makes, once in the life of a process, and others need: who comes while
 * it is made waits for it.
 *
 * All in one word: which thread makes it, and how far it is. A signal handler that interrupted the
 * maker must not wait for it; every other thread may, also inside a hook. Owns nothing.
 */
#ifndef UNSLOW_AGENT_MAKING_H
#define UNSLOW_AGENT_MAKING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct making {
	_Atomic uint32_t word; /* 0: not begun */
};

/* The thread `tid` (gettid) is to make it now, and then says making_end(); false: somebody has, or
 * does. */
bool making_begin(struct making *m, uint32_t tid);
/* made: it is there; not made: it will not be. */
void making_end(struct making *m, bool made);
/* Waits, at most some 20 ms, until no other thread than `tid` makes it. True: it has been made. */
bool making_wait(struct making *m, uint32_t tid);
/* In a fork's child: as if it had not begun. */
void making_forget(struct making *m);

#endif
