/* Waiting for descriptors: poll, select, epoll. Without any, it is a sleep. */
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "agent/calls_tree.h"
#include "agent/libc_io.h"
#include "agent/libc_real.h"
#include "agent/units.h"
#include "base/clock.h"

/* `only` is the one descriptor waited for, or -1. */
static void poll_end(struct call *c, int only, int result)
{
	int saved_errno = errno;

	if (c->kind == RECORD_POLL && c->thread->lingers) {
		/* no part of the unit: its wall time leaves it out (units.c) */
		call_stop(c);
		c->thread->lingered_ns += c->end_ns - c->start_ns;
		call_drop(c);
		errno = saved_errno;
		return;
	}
	struct handle *h = only >= 0 ? handle_of(only) : NULL;
	call_end(c, (struct call_facts){
			    .subject = h ? h->id : 0,
			    .count = result == 0,
			    .result = call_failure(result),
			    .unit = h ? wire_owner(h) : 0,
			    .flags = result < 0 && saved_errno != EINTR ? RECORD_FAILED : 0,
		    });
	errno = saved_errno;
}

/* When a wait whose calls are counted ends if nothing comes, in ticks; 0: not known. */
static uint64_t due_ticks(int timeout_ms)
{
	return calls_self == NULL || timeout_ms <= 0
		       ? 0
		       : calls_ticks() + calls_ticks_of_ns((uint64_t)timeout_ms * NS_PER_MS);
}

/* Since when what goes on now could have: a timer since it was due, however late the thread got a
 * CPU. A signal ends a wait that Python makes again, unless its time is over. */
static uint64_t ready_ticks(int result, uint64_t due)
{
	uint64_t now = calls_ticks();
	bool timed_out = result == 0 || (result < 0 && errno == EINTR);
	struct calls_loop_ran ran = calls_loop_ran;

	calls_loop_ran = (struct calls_loop_ran){0};
	if (result == 0 && due == 0 && ran.timers > 0 && ran.others == 0)
		return calls_polled;
	return timed_out && due != 0 && due < now ? due : now;
}

/* An event loop waits outside any unit: nothing is recorded, but steps.c wants
 * to know since when what came up was ready. A unit's own poll and a sleep (a
 * select without descriptors, up to Python 3.10) make nothing ready. */
static void note_poll_end(enum record_kind kind, int result, uint64_t due)
{
	call_idle_end();
	if (kind != RECORD_POLL || !call_follows())
		return;
	struct agent_thread *thread = agent_thread_peek();
	thread->in_hook = true; /* python_thread_state() wants it */
	atomic_signal_fence(memory_order_seq_cst);
	if (context_unit() == 0) {
		thread->poll_end_ns = agent_now_ns();
		thread->polls++;
		if (calls_self != NULL)
			calls_polled = ready_ticks(result, due);
	}
	atomic_signal_fence(memory_order_seq_cst);
	thread->in_hook = false;
}

#define POLL_CALL(kind, only, timeout_ms, real_call) \
	do { \
		struct call c; \
		uint64_t due = due_ticks(timeout_ms); \
		bool begun = call_begin(&c, (kind)); \
		if (!begun && (kind) == RECORD_POLL && (timeout_ms) != 0) \
			call_idle_begin(); \
		int result = real_call; \
		if (begun) \
			poll_end(&c, (only), result); \
		note_poll_end((kind), result, due); \
		return result; \
	} while (0)

#define NOT_IN_MS (-1) /* no event loop of Python's waits so */
#define KIND_OF(count) ((count) ? RECORD_POLL : RECORD_SLEEP)
/* Looked up in the body of POLL_CALL, after the real call. */
#define ONLY_OF(fds, count) ((count) == 1 && kernel_has_read(result) ? (fds)[0].fd : -1)

AGENT_EXPORT int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	POLL_CALL(KIND_OF(count), ONLY_OF(fds, count), timeout_ms,
		  REAL(poll)(fds, count, timeout_ms));
}

AGENT_EXPORT int __poll_chk(struct pollfd *fds, unsigned long count, int timeout_ms, size_t room)
{
	POLL_CALL(KIND_OF(count), ONLY_OF(fds, count), timeout_ms,
		  REAL(__poll_chk)(fds, count, timeout_ms, room));
}

AGENT_EXPORT int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
		       const sigset_t *mask)
{
	POLL_CALL(KIND_OF(count), ONLY_OF(fds, count), NOT_IN_MS,
		  REAL(ppoll)(fds, count, timeout, mask));
}

AGENT_EXPORT int __ppoll_chk(struct pollfd *fds, unsigned long count,
			     const struct timespec *timeout, const void *mask, size_t room)
{
	POLL_CALL(KIND_OF(count), ONLY_OF(fds, count), NOT_IN_MS,
		  REAL(__ppoll_chk)(fds, count, timeout, mask, room));
}

/* Python up to 3.10 sleeps by select(0, …). */
AGENT_EXPORT int select(int count, fd_set *restrict readable, fd_set *restrict writable,
			fd_set *restrict exceptional, struct timeval *restrict timeout)
{
	POLL_CALL(KIND_OF(count), -1, NOT_IN_MS,
		  REAL(select)(count, readable, writable, exceptional, timeout));
}

AGENT_EXPORT int pselect(int count, fd_set *restrict readable, fd_set *restrict writable,
			 fd_set *restrict exceptional, const struct timespec *restrict timeout,
			 const sigset_t *restrict mask)
{
	POLL_CALL(KIND_OF(count), -1, NOT_IN_MS,
		  REAL(pselect)(count, readable, writable, exceptional, timeout, mask));
}

AGENT_EXPORT int epoll_wait(int epoll, struct epoll_event *events, int count, int timeout_ms)
{
	POLL_CALL(RECORD_POLL, -1, timeout_ms, REAL(epoll_wait)(epoll, events, count, timeout_ms));
}

AGENT_EXPORT int epoll_pwait(int epoll, struct epoll_event *events, int count, int timeout_ms,
			     const sigset_t *mask)
{
	POLL_CALL(RECORD_POLL, -1, timeout_ms,
		  REAL(epoll_pwait)(epoll, events, count, timeout_ms, mask));
}

AGENT_EXPORT int epoll_pwait2(int epoll, struct epoll_event *events, int count,
			      const struct timespec *timeout, const sigset_t *mask)
{
	POLL_CALL(RECORD_POLL, -1, NOT_IN_MS,
		  REAL(epoll_pwait2)(epoll, events, count, timeout, mask));
}
