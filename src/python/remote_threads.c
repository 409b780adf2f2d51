/* Sources: Include/internal/pycore_runtime.h (struct pyinterpreters: head, then main),
 * pycore_interp.h (struct pythreads: next_unique_id, then head, from 3.11 on), cpython/pystate.h
 * (prev, next, interp), pycore_gil.h (interval, last_holder, locked, switch_number, cond, …): the
 * order of these fields is the same in 3.8–3.13, so what stands beside a field is evidence. */
#include "python/remote_threads.h"

#include <pthread.h>
#include <stddef.h>

enum {
	WORD = sizeof(uintptr_t),
	FIRST_MAPPED = 1 << 16,              /* vm.mmap_min_addr; nothing is below it */
	GIL_INTERVAL_MAX = 60 * 1000 * 1000, /* µs between two demands to give it up */
	THREADS_MADE_MAX = 1 << 30,
};

uintptr_t remote_main_interpreter(const struct remote *r)
{
	return remote_word(r, r->symbols.runtime, r->layout.runtime_interpreters_head + WORD);
}

bool remote_is_gil_wait(const struct remote *r, const struct remote_gil *gil, uintptr_t futex)
{
	return futex >= gil->address + r->layout.gil_cond &&
	       futex < gil->address + r->layout.gil_cond + sizeof(pthread_cond_t);
}

int remote_inner_tid(const struct remote *r, uintptr_t tstate)
{
	if (r->layout.tstate_native_thread_id != PY_UNKNOWN)
		return remote_int(r, tstate, r->layout.tstate_native_thread_id);
	if (r->pthread_tid == PY_UNKNOWN)
		return 0;
	return remote_int(r, remote_word(r, tstate, r->layout.tstate_thread_id), r->pthread_tid);
}

enum err_kind remote_gil(const struct remote *r, uintptr_t interpreter, struct remote_gil *gil,
			 struct err *e)
{
	const struct py_layout *l = &r->layout;
	const bool is_own = l->interp_gil != PY_UNKNOWN;
	const uintptr_t at = is_own ? remote_word(r, interpreter, l->interp_gil)
				    : r->symbols.runtime + l->runtime_gil;
	const char *place =
		is_own ? "interp_gil, interp_next or runtime_interpreters_head" : "runtime_gil";
	const uintptr_t interval = remote_word(r, at, 0);
	if (at % WORD != 0 || interval == 0 || interval > GIL_INTERVAL_MAX)
		return ERR(e, ERR_INVALID, "%s: there is no GIL there", place);
	if (l->gil_locked != l->gil_last_holder + WORD || l->gil_cond != l->gil_locked + 2 * WORD ||
	    l->gil_switch_cond < l->gil_cond + sizeof(pthread_cond_t))
		return ERR(e, ERR_INVALID,
			   "gil_last_holder, gil_locked, gil_cond or gil_switch_cond: they are not "
			   "neighbours");
	const int32_t locked = remote_int(r, at, l->gil_locked);
	*gil = (struct remote_gil){at, locked == 1, remote_word(r, at, l->gil_last_holder)};
	if (locked < 0 || locked > 1)
		return ERR(e, ERR_INVALID, "gil_locked, %s: it is %d", place, locked);
	if (gil->last_holder < FIRST_MAPPED || gil->last_holder % WORD != 0)
		return ERR(e, ERR_INVALID, "gil_last_holder, %s: it is no address", place);
	return ERR_OK;
}

/* Threads of one interpreter behind *count; past `max` they are only checked. */
static enum err_kind read_list(const struct remote *r, uintptr_t interpreter,
			       struct remote_thread *threads, size_t max, size_t *count,
			       struct err *e)
{
	const struct py_layout *l = &r->layout;
	uintptr_t tstate = remote_word(r, interpreter, l->interp_threads_head);
	uintptr_t newer = 0;
	struct remote_gil gil;
	TRY(remote_gil(r, interpreter, &gil, e));
	if (l->frame_kind != PY_FRAME_OBJECT &&
	    remote_word(r, interpreter, l->interp_threads_head - WORD) > THREADS_MADE_MAX)
		return ERR(e, ERR_INVALID,
			   "interp_threads_head, interp_next or runtime_interpreters_head: no "
			   "count of "
			   "threads before it");
	/* Another one may have been left by its threads. */
	if (!tstate && interpreter == remote_main_interpreter(r))
		return ERR(
			e, ERR_INVALID,
			"interp_threads_head or runtime_interpreters_head: an interpreter without "
			"threads");
	for (size_t steps = 0; tstate; steps++) {
		if (steps == REMOTE_THREADS_MAX)
			return ERR(e, ERR_INVALID, "tstate_next: more than %d threads",
				   REMOTE_THREADS_MAX);
		if (remote_word(r, tstate, l->tstate_interp) != interpreter)
			return ERR(
				e, ERR_INVALID,
				"tstate_interp, tstate_next, interp_threads_head, interp_next or "
				"runtime_interpreters_head: a thread does not point back to its "
				"interpreter");
		if (remote_word(r, tstate, l->tstate_next - WORD) != newer)
			return ERR(e, ERR_INVALID,
				   "tstate_next, interp_threads_head or interp_next: a thread does "
				   "not "
				   "point back to the one before it");
		if (*count < max)
			threads[(*count)++] = (struct remote_thread){
				.tstate = tstate,
				.interpreter = interpreter,
				.thread_id = remote_word(r, tstate, l->tstate_thread_id),
				.inner_tid = remote_inner_tid(r, tstate),
				.gil = gil,
			};
		newer = tstate;
		tstate = remote_word(r, tstate, l->tstate_next);
	}
	return ERR_OK;
}

enum err_kind remote_threads(const struct remote *r, struct remote_thread *threads, size_t max,
			     size_t *count, struct err *e)
{
	const uintptr_t main = remote_main_interpreter(r);
	uintptr_t interpreter =
		remote_word(r, r->symbols.runtime, r->layout.runtime_interpreters_head);
	*count = 0;
	if (!interpreter || !main)
		return ERR(e, ERR_NO_TARGET,
			   "runtime_interpreters_head: no interpreter there; it is still starting "
			   "or ending: try again");
	/* New ones are put in front: the main interpreter is the last (Python/pystate.c). */
	for (int i = 0; i < REMOTE_INTERPRETERS_MAX; i++) {
		TRY(read_list(r, interpreter, threads, max, count, e));
		if (interpreter == main)
			return ERR_OK;
		interpreter = remote_word(r, interpreter, r->layout.interp_next);
		if (!interpreter)
			break;
	}
	return ERR(e, ERR_INVALID,
		   "runtime_interpreters_head or interp_next: the list does not end with the main "
		   "interpreter");
}
