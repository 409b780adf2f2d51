/* Interpreters, thread states and GILs of a Python read from outside.
 *
 * A list that was read is whole and consistent in itself (back pointers, both directions, its end),
 * or it is ERR_INVALID: then either the layout is wrong, or the process changed it meanwhile.
 */
#ifndef UNSLOW_PYTHON_REMOTE_THREADS_H
#define UNSLOW_PYTHON_REMOTE_THREADS_H

#include "python/remote.h"

enum { REMOTE_INTERPRETERS_MAX = 256, REMOTE_THREADS_MAX = 4096 };

struct remote_gil {
	uintptr_t address;
	bool locked;
	uintptr_t last_holder; /* thread state; may be gone if the GIL is not locked */
};

struct remote_thread {
	uintptr_t tstate, interpreter;
	uintptr_t thread_id; /* pthread_self() */
	int inner_tid; /* the kernel's number, in the process's own pid namespace; 0: unknown */
	struct remote_gil gil; /* of its interpreter, as it was when this thread was read */
};

/* All threads that have a thread state, newest interpreter and thread first. Filled up to `max`. */
MUST_CHECK enum err_kind remote_threads(const struct remote *remote, struct remote_thread *threads,
					size_t max, size_t *count, struct err *e);
MUST_CHECK enum err_kind remote_gil(const struct remote *remote, uintptr_t interpreter,
				    struct remote_gil *gil, struct err *e);
/* The kernel's tid as struct pthread or the thread state has it; 0: not known yet. */
int remote_inner_tid(const struct remote *remote, uintptr_t tstate);
/* The main interpreter. */
uintptr_t remote_main_interpreter(const struct remote *remote);
/* Whether a futex at this address is one that threads wait for the GIL on. */
bool remote_is_gil_wait(const struct remote *remote, const struct remote_gil *gil, uintptr_t futex);

#endif
