#include "target/freeze.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"

/* Spinning is a third of the time of a blocking wait, as the tracer needs not be woken; longer, and
 * the thread may be waiting for this very CPU. */
enum { SPIN_NS = 50000, PAUSE_NS = 20000 };

/* A tracer that loses its CPU keeps the thread standing for a scheduler's slice: while one stands
 * this program goes first, where it may (root). */
static void go_first(struct freeze *freeze)
{
	struct sched_param first = {.sched_priority = 1};
	freeze->policy = sched_getscheduler(0);
	sched_getparam(0, &freeze->param);
	freeze->goes_first = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) == 0;
}

static void go_as_before(struct freeze *freeze)
{
	if (freeze->goes_first)
		sched_setscheduler(0, freeze->policy, &freeze->param);
	freeze->goes_first = false;
}

/* Whether the thread has stopped, ended (false), or neither within the time (false). A signal that
 * arrives meanwhile is given back to it by the detach. *since: when it was last seen running. */
static bool await_stop(int tid, int *signal_kept, uint64_t *since)
{
	const uint64_t start = clock_now_ns();
	*since = start;
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
		*since = clock_now_ns();
		if (*since - start > FREEZE_WAIT_NS)
			return false;
		if (*since - start > SPIN_NS)
			nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
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

static bool stop_thread(struct freeze *freeze, int tid)
{
	int signal_kept;
	uint64_t since;
	if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0) {
		freeze->failed_errno = errno;
		return false;
	}
	if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) != 0 ||
	    !await_stop(tid, &signal_kept, &since)) {
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
	freeze->since_ns[freeze->count++] = since;
	return true;
}

bool freeze_thread(struct freeze *freeze, int tid)
{
	if (freeze_holds(freeze, tid))
		return true;
	if (freeze->count == FREEZE_MAX) {
		freeze->failed_errno = EMFILE;
		return false;
	}
	if (freeze->count == 0)
		go_first(freeze);
	const bool stands = stop_thread(freeze, tid);
	if (freeze->count == 0)
		go_as_before(freeze);
	return stands;
}

bool freeze_holds(const struct freeze *freeze, int tid)
{
	for (int i = 0; i < freeze->count; i++)
		if (freeze->tids[i] == tid)
			return true;
	return false;
}

/* Upper end of a class: 2^(octave) × (9…16)/8. */
static uint64_t class_end_ns(unsigned number)
{
	return (UINT64_C(9) + number % 8) << (number / 8);
}

static unsigned class_of(uint64_t ns)
{
	unsigned number = 0;
	while (number < FREEZE_CLASSES - 1 && class_end_ns(number) < ns)
		number++;
	return number;
}

uint64_t freeze_length_ns(const struct freeze *freeze, double share)
{
	uint64_t seen = 0;
	for (unsigned i = 0; i < FREEZE_CLASSES; i++) {
		seen += freeze->lengths[i];
		if (seen > 0 && (double)seen >= share * (double)freeze->stops)
			return class_end_ns(i) < freeze->longest_ns ? class_end_ns(i)
								    : freeze->longest_ns;
	}
	return 0;
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
		freeze->lengths[class_of(stopped)]++;
		if (stopped > freeze->longest_ns)
			freeze->longest_ns = stopped;
	}
	freeze->count = 0;
	go_as_before(freeze);
}
