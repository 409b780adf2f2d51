#include "target/freeze.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "target/proc.h"

/* Spinning is a third of the time of a blocking wait, as the tracer needs not be woken; longer, and
 * the thread may be waiting for this very CPU. */
enum { SPIN_NS = 50000, PAUSE_NS = 20000 };

enum waited { WAITED_NOTHING, WAITED_STOP, WAITED_END };

static bool is_own_child(int pid)
{
	struct proc_stat now;
	return proc_read_stat(pid, &now, NULL) == ERR_OK && now.parent_pid == getpid();
}

/* What the thread did; looked at before it is taken. The end of a process's first thread is news
 * for its parent: it is passed on by taking it here, unless this program is the parent. A signal
 * about to be delivered is a stop too, given back by the detach. */
static enum waited wait_once(const struct freeze *freeze, int tid, bool block, int *signal_kept)
{
	siginfo_t news = {0};
	const int flags = WSTOPPED | WEXITED | __WALL | (block ? 0 : WNOHANG);
	*signal_kept = 0;
	if (waitid(P_PID, (id_t)tid, &news, flags | WNOWAIT) != 0)
		return errno == EINTR ? WAITED_NOTHING : WAITED_END;
	if (news.si_pid == 0)
		return WAITED_NOTHING;
	if (news.si_code != CLD_TRAPPED && news.si_code != CLD_STOPPED) {
		if (tid != freeze->pid || !is_own_child(tid))
			waitpid(tid, NULL, __WALL | WNOHANG);
		return WAITED_END;
	}
	waitid(P_PID, (id_t)tid, &news, WSTOPPED | __WALL | WNOHANG);
	/* PTRACE_EVENT_STOP is ours (or a group stop's). */
	if (news.si_status >> 8 != PTRACE_EVENT_STOP)
		*signal_kept = news.si_status & 0x7f;
	return WAITED_STOP;
}

/* Whether the thread has stopped, ended (false), or neither within the time (false). *since: when
 * it was last seen running. */
static bool await_stop(const struct freeze *freeze, int tid, int *signal_kept, uint64_t *since)
{
	const uint64_t start = clock_now_ns();
	*since = start;
	for (;;) {
		const enum waited waited = wait_once(freeze, tid, false, signal_kept);
		if (waited != WAITED_NOTHING)
			return waited == WAITED_STOP;
		*since = clock_now_ns();
		if (*since - start > FREEZE_WAIT_NS)
			return false;
		if (*since - start > SPIN_NS)
			nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
	}
}

/* Detaching works only on a thread that stands; one that did not stop in time is waited for, so
 * that it is never left seized. One that was killed meanwhile has an end to be passed on. */
static void let_go(const struct freeze *freeze, int tid, int signal_kept)
{
	while (ptrace(PTRACE_DETACH, tid, NULL, (void *)(intptr_t)signal_kept) != 0 &&
	       errno == ESRCH)
		if (wait_once(freeze, tid, true, &signal_kept) == WAITED_END)
			return;
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
	    !await_stop(freeze, tid, &signal_kept, &since)) {
		freeze->failed_errno = ETIMEDOUT;
		let_go(freeze, tid, 0);
		return false;
	}
	if (signal_kept) {
		/* Deliver it at once; this read goes without the thread. */
		freeze->failed_errno = EINTR;
		let_go(freeze, tid, signal_kept);
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
		priority_raise(&freeze->priority);
	const bool stands = stop_thread(freeze, tid);
	if (freeze->count == 0)
		priority_restore(&freeze->priority);
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
		let_go(freeze, freeze->tids[i], 0);
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
	priority_restore(&freeze->priority);
}
