#include "agent/tick.h"

#include <linux/close_range.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "agent/core.h"
#include "agent/greenlets.h"
#include "agent/guarded.h"
#include "agent/own_thread.h"
#include "agent/python_api.h"
#include "agent/raw.h"
#include "agent/run_unit.h"
#include "agent/tick_look.h"
#include "agent/tick_signal.h"
#include "agent/tick_work.h"
#include "base/clock.h"
#include "base/sched_attr.h"

#define RESTART_NS (5 * NS_PER_MS) /* after a fork: not before CPython has counted threads */

_Atomic bool tick_wanted; /* the engine can work and may */
static _Atomic bool over; /* Python ends */
_Atomic bool tick_stopping;
_Atomic uint32_t tick_wake_word;
static _Atomic uint64_t restart_ns;

/* Guards start and end of the thread; held across a fork. Hooks only try it. */
static pthread_mutex_t starting = PTHREAD_MUTEX_INITIALIZER;
_Atomic bool tick_running;
static void *run(void *nothing);
static struct own_thread thread = {.run = run};
static _Atomic uint32_t thread_tid;

/* Short slices, so that it goes before others when it wakes: a tick that waits for a CPU comes when
 * the app has let go of one, and reads it as idle. */
static void wake_soon(void)
{
	struct sched_attr_now attr = {0};

	if (raw_call(SYS_sched_getattr, 0, &attr, sizeof(attr), 0) != 0 ||
	    attr.policy != SCHED_OTHER)
		return;
	attr.flags = SCHED_ATTR_RESET_ON_FORK;
	attr.runtime_ns = SCHED_ATTR_SHORTEST_SLICE_NS;
	raw_call(SYS_sched_setattr, 0, &attr, 0);
}

static void *run(void *nothing)
{
	struct agent_thread *self = agent_thread_self();

	(void)nothing;
	raw_call(SYS_prctl, PR_SET_NAME, "unslow-tick");
	raw_call(SYS_prctl, PR_SET_TIMERSLACK, 1);
	wake_soon();
	atomic_store(&thread_tid, (uint32_t)raw_call(SYS_gettid));
	if (self == NULL) {
		tick_give_up("the process has more threads than the agent follows");
		return NULL;
	}
	self->in_hook = true;
	/* Its own table of descriptors: what it opens would otherwise take numbers that the app
	   counts on. Nothing of the app's is held open by it. */
	if (raw_call(SYS_close_range, 0, ~0u, CLOSE_RANGE_UNSHARE) != 0)
		tick_give_up(
			"close_range(2) with CLOSE_RANGE_UNSHARE is refused: Linux 5.9 or newer "
			"is needed");
	else if (!tick_look_calibrate())
		tick_give_up("this C library keeps no thread number where it is looked for");
	else
		tick_work();
	return NULL;
}

/* --- start and end ----------------------------------------------------------------------- */

bool tick_is_missing(uint64_t now_ns)
{
	return UNLIKELY(!atomic_load_explicit(&tick_running, memory_order_relaxed)) &&
	       atomic_load_explicit(&tick_wanted, memory_order_relaxed) && !atomic_load(&over) &&
	       now_ns >= atomic_load(&restart_ns) && (core_channel_now() || run_waits());
}

void tick_ensure(uint64_t now_ns)
{
	if (LIKELY(!tick_is_missing(now_ns)) || pthread_mutex_trylock(&starting) != 0)
		return;
	if (!atomic_load(&tick_running) && !atomic_load(&over)) {
		atomic_store(&tick_stopping, false);
		atomic_store(&thread_tid, 0);
		bool made_one = own_thread_create(&thread);

		atomic_store(&tick_running, made_one);
		if (!made_one)
			tick_give_up("no thread can be made");
	}
	pthread_mutex_unlock(&starting);
}

void tick_wake(void)
{
	if (!atomic_load_explicit(&tick_running, memory_order_relaxed))
		return;
	atomic_fetch_add(&tick_wake_word, 1);
	raw_call(SYS_futex, &tick_wake_word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

/* A joined thread is still counted for some microseconds (Linux, __exit_signal of kernel/exit.c).
 */
static void wait_until_gone(uint32_t tid)
{
	struct timespec pause = {.tv_nsec = 20000};
	long pid = raw_call(SYS_getpid);

	for (int i = 0; i < 500 && tid != 0 && raw_call(SYS_tgkill, pid, tid, 0) == 0; i++)
		raw_call(SYS_nanosleep, &pause, NULL);
}

/* With `starting` held. */
static void end_thread(void)
{
	if (!atomic_load(&tick_running))
		return;
	atomic_store(&tick_stopping, true);
	tick_wake();
	pthread_join(thread.thread, NULL);
	wait_until_gone(atomic_load(&thread_tid));
	atomic_store(&tick_running, false);
}

void tick_end(void)
{
	pthread_mutex_lock(&starting);
	end_thread();
	pthread_mutex_unlock(&starting);
}

void tick_over(void)
{
	atomic_store(&over, true);
	tick_end();
}

void tick_not_over(void)
{
	atomic_store(&over, false);
}

void tick_before_fork(void)
{
	pthread_mutex_lock(&starting);
	end_thread();
}

void tick_after_fork_in_parent(void)
{
	uint64_t due_ns = agent_now_ns() + RESTART_NS;

	atomic_store(&restart_ns, due_ns);
	if (atomic_load(&core_next_check_ns) > due_ns)
		atomic_store(&core_next_check_ns, due_ns);
	pthread_mutex_unlock(&starting);
}

void tick_after_fork(void)
{
	tick_work_after_fork();
	tick_signal_after_fork();
	atomic_store(&restart_ns, 0);
	pthread_mutex_unlock(&starting);
}

/* --- whether it may ---------------------------------------------------------------------- */

/* `engine`: "none", or "stop" if looking from outside can do what this cannot. */
static void say_off(const char *engine, const char *reason)
{
	agent_part_off("engine", "%s", engine);
	agent_part_off("engine.reason", "%s", reason);
}

void tick_give_up(const char *format, ...)
{
	char text[192];
	va_list arguments;

	if (!atomic_exchange(&tick_wanted, false))
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	say_off("stop", text);
	tick_wake();
}

static bool layout_is_known(void)
{
	const struct py_layout *l = &agent_layout;

	if (l->gil_mutex == PY_UNKNOWN)
		return false;
	if (l->frame_kind == PY_FRAME_OBJECT)
		return true;
	return l->tstate_datastack_chunk != PY_UNKNOWN && l->tstate_datastack_top != PY_UNKNOWN &&
	       l->chunk_size != PY_UNKNOWN &&
	       (l->frame_kind != PY_FRAME_CFRAME || l->tstate_root_cframe != PY_UNKNOWN);
}

static const char *reason_against(void)
{
	if (agent_control->tick_engine == CHANNEL_ENGINE_NONE)
		return "asked for by --engine none";
	if (agent_control->tick_asked_hz == 0)
		return "asked for by --rate 0";
	if (agent_layout.free_threaded)
		return "this Python has no GIL";
	if (!layout_is_known() ||
	    (py.PyThreadState_GetUnchecked == NULL && py._PyThreadState_UncheckedGet == NULL))
		return "the layout of this Python build could not be verified";
	if (!guarded_prepare())
		return "rt_sigprocmask(2) does not say here whether memory can be read";
	if (!tick_look_prepare())
		return "this C library keeps no thread number where it is looked for";
	if (!tick_signal_prepare())
		return "no real-time signal is free";
	return NULL;
}

void tick_prepare(void)
{
	const char *reason = reason_against();

	if (reason == NULL) {
		own_thread_prepare();
		atomic_store(&tick_wanted, true);
		greenlets_are_here();
	} else {
		say_off("none", reason);
	}
}
