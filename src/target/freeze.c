#include "target/freeze.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/clock.h"

/* Spinning is a third of the time of a blocking wait, as the tracer needs not be woken. */
enum { SPIN_NS = 100000 };

/* Whether the thread has stopped, ended (false), or neither within the time (false). A signal that
 * arrives meanwhile is given back to it by the detach. */
static bool await_stop(int tid, int *signal_kept)
{
	const uint64_t start = clock_now_ns();
	*signal_kept = 0;
	for (;;) {
		int status;
		const pid_t got = waitpid(tid, &status, __WALL | WNOHANG);
		if (got == tid) {
			if (!WIFSTOPPED(status))
				return false;
			/* PTRACE_EVENT_STOP is ours (or a group stop's); all else is a signal
			 * about to be delivered: the thread stands as well. */
			if (status >> 16 != PTRACE_EVENT_STOP)
				*signal_kept = WSTOPSIG(status);
			return true;
		}
		if (got < 0 && errno != EINTR)
			return false;
		const uint64_t waited = clock_now_ns() - start;
		if (waited > FREEZE_WAIT_NS)
			return false;
		if (waited > SPIN_NS)
			sched_yield();
	}
}

static void let_go(int tid, int signal_kept)
{
	/* Detaching works only on a thread that stands; one that did not stop in time is waited
	 * for, so that it is never left seized. */
	while (ptrace(PTRACE_DETACH, tid, NULL, (void *)(intptr_t)signal_kept) != 0 &&
	       errno == ESRCH) {
		int status;
		const pid_t got = waitpid(tid, &status, __WALL);
		if (got != tid || !WIFSTOPPED(status))
			return;
		signal_kept = status >> 16 == PTRACE_EVENT_STOP ? 0 : WSTOPSIG(status);
	}
}

bool freeze_thread(struct freeze *freeze, int tid)
{
	int signal_kept;
	if (freeze_holds(freeze, tid))
		return true;
	if (freeze->count == FREEZE_MAX) {
		freeze->failed_errno = EMFILE;
		return false;
	}
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0) {
		freeze->failed_errno = errno;
		return false;
	}
	const uint64_t start = clock_now_ns();
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) != 0 || !await_stop(tid, &signal_kept)) {
		freeze->failed_errno = ETIMEDOUT;
		let_go(tid, 0);
		return false;
	}
	if (signal_kept) {
		/* Deliver it at once; this read goes without the thread. */
		freeze->failed_errno = EINTR;
		let_go(tid, signal_kept);
		return false;
	}
	freeze->tids[freeze->count] = tid;
	freeze->since_ns[freeze->count++] = start;
	return true;
}

bool freeze_holds(const struct freeze *freeze, int tid)
{
	for (int i = 0; i < freeze->count; i++)
		if (freeze->tids[i] == tid)
			return true;
	return false;
}

void freeze_thaw(struct freeze *freeze)
{
	for (int i = 0; i < freeze->count; i++)
		let_go(freeze->tids[i], 0);
	const uint64_t now = clock_now_ns();
	for (int i = 0; i < freeze->count; i++) {
		const uint64_t stopped = now - freeze->since_ns[i];
		freeze->stops++;
		freeze->stopped_ns += stopped;
		if (stopped > freeze->longest_ns)
			freeze->longest_ns = stopped;
	}
	freeze->count = 0;
}
