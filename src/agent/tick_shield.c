/* The app never meets the tick's signal, and may use its number itself.
 *
 * As glibc does for its own two signals, the number is taken out of sets that
 * name every real-time signal ("block all", "wait for any"). What the app installs
 * for the number is kept here, told back to it, and called for signals that are
 * not ours. A set that names the number but not all of its kind is the app's own
 * use of it: then it is passed on as it is, and the engine sends no more.
 * Not covered: raw system calls (tick_signal_ask() looks before each signal whether
 * the handler is still ours).
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/signalfd.h>
#include <ucontext.h>

#include "agent/libc_real.h"
#include "agent/raw.h"
#include "agent/tick.h"
#include "agent/tick_signal.h"

#define KERNEL_SIGSET_BYTES 8

/* What the app has installed for our number: the handler reads one while the other is written. */
static struct sigaction actions[2];
static _Atomic unsigned current;

static struct sigaction app_action(void)
{
	return actions[atomic_load_explicit(&current, memory_order_acquire)];
}

static bool is_ours(int number)
{
	return UNLIKELY(number != 0 && number == tick_signal_number());
}

static void keep(const struct sigaction *action)
{
	unsigned next = 1 - atomic_load_explicit(&current, memory_order_relaxed);
	bool called = action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;

	actions[next] = *action;
	atomic_store_explicit(&current, next, memory_order_release);
	(void)tick_signal_install(!called || action->sa_flags & SA_RESTART);
}

AGENT_EXPORT int sigaction(int number, const struct sigaction *restrict action,
			   struct sigaction *restrict old)
{
	if (LIKELY(!is_ours(number)))
		return REAL(sigaction)(number, action, old);
	struct sigaction before = app_action();

	if (action != NULL)
		keep(action);
	if (old != NULL)
		*old = before;
	return 0;
}

AGENT_EXPORT __sighandler_t signal(int number, __sighandler_t handler)
{
	if (LIKELY(!is_ours(number)))
		return REAL(signal)(number, handler);
	struct sigaction before = app_action();
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	sigemptyset(&action.sa_mask);
	keep(&action);
	return before.sa_handler;
}

/* --- sets ----------------------------------------------------------------------------- */

/* The set to pass on: `set`, or `copy` without our number. */
static const sigset_t *without_ours(const sigset_t *set, sigset_t *copy)
{
	int number = tick_signal_number();

	if (LIKELY(number == 0 || set == NULL || sigismember(set, number) != 1))
		return set;
	for (int other = SIGRTMIN; other <= SIGRTMAX; other++) {
		if (sigismember(set, other) == 1)
			continue;
		tick_give_up("the app uses signal %d itself", number);
		return set;
	}
	*copy = *set;
	sigdelset(copy, number);
	return copy;
}

AGENT_EXPORT int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	sigset_t copy;

	return REAL(pthread_sigmask)(how, how == SIG_UNBLOCK ? set : without_ours(set, &copy), old);
}

AGENT_EXPORT int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	sigset_t copy;

	return REAL(sigprocmask)(how, how == SIG_UNBLOCK ? set : without_ours(set, &copy), old);
}

AGENT_EXPORT int sigwait(const sigset_t *restrict set, int *restrict number)
{
	sigset_t copy;

	return REAL(sigwait)(without_ours(set, &copy), number);
}

AGENT_EXPORT int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	sigset_t copy;

	return REAL(sigwaitinfo)(without_ours(set, &copy), info);
}

AGENT_EXPORT int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
			      const struct timespec *restrict timeout)
{
	sigset_t copy;

	return REAL(sigtimedwait)(without_ours(set, &copy), info, timeout);
}

AGENT_EXPORT int signalfd(int fd, const sigset_t *set, int flags)
{
	sigset_t copy;

	return REAL(signalfd)(fd, without_ours(set, &copy), flags);
}

/* --- signals that are not ours ----------------------------------------------------------- */

/* What the system does where nothing is installed: the process ends by this signal. */
static void die(int number)
{
	const struct sigaction standard = {.sa_handler = SIG_DFL};

	uint64_t mask = UINT64_C(1) << (number - 1);
	long pid = raw_call(SYS_getpid), tid = raw_call(SYS_gettid);

	REAL(sigaction)(number, &standard, NULL);
	raw_call(SYS_tgkill, pid, tid, number);
	raw_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &mask, NULL, KERNEL_SIGSET_BYTES);
}

static uint64_t kernel_mask(const sigset_t *set)
{
	uint64_t mask;

	memcpy(&mask, set, sizeof(mask)); /* the kernel's 64 signals come first */
	return mask;
}

void tick_shield_forward(int number, void *info, void *context)
{
	const ucontext_t *interrupted = context;
	struct sigaction action = app_action();

	if (action.sa_handler == SIG_IGN)
		return;
	if (action.sa_handler == SIG_DFL) {
		die(number);
		return;
	}
	uint64_t mask = kernel_mask(&interrupted->uc_sigmask) | kernel_mask(&action.sa_mask);

	if (!(action.sa_flags & SA_NODEFER))
		mask |= UINT64_C(1) << (number - 1);
	if (action.sa_flags & (int)SA_RESETHAND)
		keep(&(const struct sigaction){.sa_handler = SIG_DFL});
	/* as it would be were it called by the kernel; the return from ours takes it back */
	raw_call(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, KERNEL_SIGSET_BYTES);
	if (action.sa_flags & SA_SIGINFO)
		action.sa_sigaction(number, info, context);
	else
		action.sa_handler(number);
}
