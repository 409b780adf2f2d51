#include "agent/tick_work.h"

#include <linux/futex.h>
#include <stdio.h>
#include <string.h>

#include "agent/calls_change.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/finalize.h"
#include "agent/gil.h"
#include "agent/guarded.h"
#include "agent/heap_control.h"
#include "agent/heap_seconds.h"
#include "agent/own_thread.h"
#include "agent/raw.h"
#include "agent/run_unit.h"
#include "agent/tick.h"
#include "agent/tick_look.h"
#include "agent/tick_signal.h"
#include "agent/tick_threads.h"
#include "agent/walk_control.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/schedule.h"

#define UNANSWERED_NS (20 * NS_PER_MS) /* then the request is taken back … */
#define PAUSE_NS (50 * NS_PER_MS)      /* … and none is made for so long */
#define RUN_CHECK_NS (250 * NS_PER_MS) /* looks whether a run is long enough for a channel */
#define STANDS_FOR_MAX_NS NS_PER_S     /* a stopped process does not make one sample of hours */
#define NOTE_NS (250 * NS_PER_MS)      /* how often the cost is written, the rate read */
#define IDLE_TICKS 4                   /* after so many with nothing new … */
#define IDLE_STRETCH 4                 /* … they are so many times as far apart */
#define RATE_MIN_HZ 10u
#define RATE_MAX_HZ 10000u
#define LATE_NS (500 * NS_PER_MS) /* between two looks at a reader that is late */
#define RETRY_NS 5000             /* the GIL is changing hands: look again … */
#define TRIES 4                   /* … so often in all */

/* --- what the thread alone uses ----------------------------------------------------- */

static struct tick_look own_look; /* of ticks that ask nobody */
static struct {
	uint32_t hz;
	struct schedule ticks;
	uint32_t idle;     /* ticks in a row at which every thread waited as at the one before */
	uint64_t asked_ns; /* of the open request; 0: none */
	uint64_t paused_until_ns;
	uint64_t owed_ns;      /* that no tick stands for yet */
	uint64_t ended_cpu_ns; /* of the threads before this one */
	uint64_t noted_ns;     /* when the cost was last written */
	struct guarded_pipe pipe;
	uintptr_t blocked_holder; /* as own_look shows it … */
	uint64_t blocked_runs;    /* … while it has not run; 0: it does not */
	uint64_t alone_start_ns; /* of the call that the only thread waits in, as own_look shows it,
				    and … */
	uint64_t alone_runs;     /* … how often it had run then; 0: not known */
} t;

static void forget_wait(void)
{
	t.alone_start_ns = t.alone_runs = 0;
}

static void count(enum tick_fate fate)
{
	struct channel_header *channel = core_channel_now();

	atomic_fetch_add_explicit(&channel->ticks[fate], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&channel->ticks[TICK_SCHEDULED], 1, memory_order_relaxed);
}

static void made(const struct tick_look *look, uint64_t now_ns, bool blocked)
{
	if (t.owed_ns > STANDS_FOR_MAX_NS)
		t.owed_ns = STANDS_FOR_MAX_NS;
	tick_threads_add(look, now_ns, t.owed_ns, blocked);
	t.owed_ns = 0;
	count(look->caught ? TICK_CAUGHT : TICK_VERIFIED);
}

/* --- one tick --------------------------------------------------------------------------- */

/* Closes the open request if it can be. False: it is still open. */
static bool settle(uint64_t now_ns)
{
	if (t.asked_ns == 0)
		return true;
	switch (tick_signal_answer()) {
	case TICK_ANSWERED:
		made(tick_signal_look(), t.asked_ns, false);
		break;
	case TICK_NOT_HOLDER_NOW:
		count(TICK_TORN);
		break;
	case TICK_WAITING:
		if (now_ns - t.asked_ns < UNANSWERED_NS || !tick_signal_withdraw())
			return false;
		count(TICK_LATE);
		t.paused_until_ns = now_ns + PAUSE_NS;
		break;
	}
	t.asked_ns = 0;
	return true;
}

/* Reads what the GIL's words name, which may be freed by now. 0: it is. */
static uint32_t tid_of_holder(uintptr_t holder)
{
	const struct py_layout *l = &agent_layout;
	uint64_t number = 0;
	if (own_thread_app_is_alone())
		return (uint32_t)raw_call(SYS_getpid);
	bool has_tid = l->tstate_native_thread_id != PY_UNKNOWN;
	uint16_t at = has_tid ? l->tstate_native_thread_id : l->tstate_thread_id;

	if (!guarded_copy(&t.pipe, holder + at, &number, sizeof(number)) || number == 0)
		return 0;
	return has_tid ? (uint32_t)number : tick_look_tid(guarded_copy, &t.pipe, number);
}

/* In a call, which a signal may end with EINTR: on the way in, or on the way out, where the kernel
 * says that it runs. One that its hooks did not note is over if the thread has the GIL. */
static bool is_in_call(uint32_t tid)
{
	const struct agent_thread *slot = thread_find(tid);
	const bool noted = slot != NULL && call_waiting_of(slot).start_ns != 0;
	const bool unnoted = slot == NULL || __atomic_load_n(&slot->passing, __ATOMIC_ACQUIRE);

	return noted || (unnoted && gil_holder() == 0);
}

/* The last look is right before the signal: a thread that has given up the GIL is likely to be in a
 * system call, too. False: the GIL has moved, look again. */
static bool ask(uintptr_t holder, uint32_t tid, uint64_t now_ns)
{
	if (gil_holder() != holder)
		return false;
	switch (tick_signal_ask(tid, now_ns, is_in_call)) {
	case TICK_ASKED:
		t.asked_ns = now_ns;
		tick_threads_read(tid);
		break;
	case TICK_NO_THREAD:
	case TICK_IN_ITS_CALL:
		count(TICK_TORN);
		break;
	case TICK_NO_ANSWERS:
		count(TICK_LATE);
		break;
	}
	return true;
}

/* Has the holder stood still, from a look at which it was blocked, to now? */
static bool stood_still(uintptr_t holder, uint32_t tid, uint64_t runs)
{
	return runs != 0 && tick_threads_runs(tid) == runs && gil_holder() == holder;
}

/* The holder is blocked in a system call with the GIL held: a signal would give the call EINTR. Its
 * number of runs tells whether it was all the time. What it did not let go of, nobody else could
 * take: while it has not run since the last such tick, nothing has changed. */
static void look_at_blocked(uintptr_t holder, uint32_t tid, uint64_t now_ns)
{
	struct tick_call call;

	if (t.blocked_holder == holder && stood_still(holder, tid, t.blocked_runs)) {
		tick_threads_read(tid);
		made(&own_look, now_ns, true);
		return;
	}
	uint64_t runs = tick_threads_runs(tid);

	t.blocked_holder = 0;
	if (runs == 0 || tick_threads_where(tid, &call) != TICK_IN_CALL) {
		count(TICK_TORN);
		return;
	}
	tick_look_blocked(holder, &t.pipe);
	if (!stood_still(holder, tid, runs)) {
		count(TICK_TORN);
		return;
	}
	tick_look_accept(&own_look);
	tick_threads_read(tid);
	made(&own_look, now_ns, true);
	t.blocked_holder = holder;
	t.blocked_runs = runs;
}

/* False: the tick is counted. */
static bool handler_is_there(void)
{
	if (tick_signal_ready())
		return true;
	count(TICK_LATE);
	tick_give_up("the handler of signal %d was replaced", tick_signal_number());
	return false;
}

/* False: the GIL has moved. */
static bool look_at_held(uintptr_t holder, uint64_t now_ns)
{
	uint32_t tid = tid_of_holder(holder);
	struct tick_call call;

	t.idle = 0;
	forget_wait();
	if (!handler_is_there())
		return true;
	switch (tid == 0 ? TICK_UNKNOWN : tick_threads_where(tid, &call)) {
	case TICK_RUNS:
		return ask(holder, tid, now_ns);
	case TICK_IN_CALL:
		look_at_blocked(holder, tid, now_ns);
		break;
	case TICK_ELSEWHERE: /* a page fault may be between any two stores */
	case TICK_UNKNOWN:
		count(TICK_TORN);
		break;
	}
	return true;
}

static bool all_same(const struct tick_look *look)
{
	for (uint32_t i = 0; i < look->count; i++)
		if (!look->threads[i].same)
			return false;
	return true;
}

/* As its hooks show it. */
static struct waiting_call wait_of(uint32_t tid)
{
	const struct agent_thread *slot = thread_find(tid);

	return slot != NULL ? call_waiting_of(slot) : (struct waiting_call){0};
}

/* The only thread waits and has said where: true if it still does. */
static bool look_at_said_wait(uint32_t tid, const struct waiting_call *call, uint64_t now_ns)
{
	tick_look_noted(&own_look, tid, call->stack);
	/* it may have made a thread before it began to wait: that one has not stood still */
	if (gil_holder() != 0 || wait_of(tid).start_ns != call->start_ns ||
	    !own_thread_app_is_alone())
		return false;
	tick_threads_read(0);
	made(&own_look, now_ns, false);
	t.alone_start_ns = call->start_ns;
	return true;
}

/* The only thread waits: its frames are copied, and are true if it neither left that call nor ran
 * meanwhile. */
static bool look_at_its_wait(uint32_t tid, enum tick_where where, uint64_t start_ns, uint64_t runs,
			     uint64_t now_ns)
{
	tick_look_blocked(0, &t.pipe);
	if (where != TICK_IN_CALL || tick_threads_runs(tid) != runs)
		runs = 0;
	if (wait_of(tid).start_ns != start_ns)
		start_ns = 0;
	/* it may have made a thread before it began to wait: that one has not stood still */
	if (gil_holder() != 0 || (start_ns == 0 && runs == 0) || !own_thread_app_is_alone())
		return false;
	tick_look_accept(&own_look);
	tick_threads_read(0);
	made(&own_look, now_ns, false);
	t.alone_start_ns = start_ns;
	t.alone_runs = runs;
	return true;
}

/* It computes without the GIL: its frames are copied while it cannot take it. */
static bool look_at_its_work(uint32_t tid, uint64_t now_ns)
{
	if (!gil_try_close())
		return false;
	tick_look_blocked(0, &t.pipe);
	if (!gil_open() || !own_thread_app_is_alone())
		return false;
	tick_look_accept(&own_look);
	for (uint32_t i = 0; i < own_look.count; i++)
		own_look.threads[i].native = own_look.threads[i].tid == tid;
	tick_threads_read(tid);
	made(&own_look, now_ns, false);
	return true;
}

/* Nobody holds the GIL, and the app has one thread, which may slip past the mutex (gil.h): nothing
 * of its frames is read but by copies that are compared or thrown away. */
static bool look_at_alone(uint64_t now_ns)
{
	const uint32_t tid = (uint32_t)raw_call(SYS_getpid);
	const struct waiting_call wait = wait_of(tid);
	const uint64_t start_ns = wait.start_ns;
	const bool waits_on = start_ns != 0 && start_ns == t.alone_start_ns;
	const uint64_t runs = waits_on ? t.alone_runs : tick_threads_runs(tid);
	struct tick_call call;

	if (waits_on || (runs != 0 && runs == t.alone_runs)) {
		for (uint32_t i = 0; i < own_look.count; i++)
			own_look.threads[i].same = true;
		t.idle = waits_on ? t.idle + 1 : 0;
		tick_threads_read(0);
		made(&own_look, now_ns, false);
		return true;
	}
	t.blocked_holder = t.idle = 0;
	forget_wait();
	if (wait.stack != 0 && look_at_said_wait(tid, &wait, now_ns))
		return true;
	const enum tick_where where = tick_threads_where(tid, &call);

	if (where != TICK_RUNS || start_ns != 0)
		return look_at_its_wait(tid, where, start_ns, runs, now_ns);
	return look_at_its_work(tid, now_ns);
}

static bool look_at_unheld(uint64_t now_ns)
{
	if (own_thread_app_is_alone())
		return look_at_alone(now_ns);
	if (!gil_try_close())
		return false;
	forget_wait();
	tick_look_unheld(&own_look);
	(void)gil_open();
	t.idle = all_same(&own_look) ? t.idle + 1 : 0;
	t.blocked_holder = 0;
	tick_threads_read(0);
	made(&own_look, now_ns, false);
	return true;
}

static void look(uint64_t now_ns)
{
	for (int tries = 0; tries < TRIES; tries++) {
		uintptr_t holder = gil_holder();

		if (holder != 0 ? look_at_held(holder, now_ns) : look_at_unheld(now_ns))
			return;
		for (uint64_t until = agent_now_ns() + RETRY_NS; agent_now_ns() < until;)
			;
	}
	count(TICK_TORN);
}

/* What the open request stands for was settled when it was made. */
static void tick(uint64_t now_ns, uint64_t stands_for_ns)
{
	bool settled = settle(now_ns);

	t.owed_ns += stands_for_ns;
	if (!settled || now_ns < t.paused_until_ns || finalize_begun())
		count(TICK_LATE);
	else
		look(now_ns);
}

/* --- the thread ---------------------------------------------------------------------------- */

/* Until due_ns (UINT64_MAX: for ever), a wake or the end. */
static void sleep_until(uint64_t due_ns, uint32_t seen)
{
	struct timespec until = {.tv_sec = (time_t)(due_ns / NS_PER_S),
				 .tv_nsec = (long)(due_ns % NS_PER_S)};

	if (!atomic_load(&tick_stopping))
		raw_call(SYS_futex, &tick_wake_word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, seen,
			 due_ns == UINT64_MAX ? NULL : &until, NULL, FUTEX_BITSET_MATCH_ANY);
}

static const char *chosen_because(void)
{
	return agent_control->tick_engine == CHANNEL_ENGINE_TICK
		       ? "asked for by --engine tick"
		       : "the agent is in the process: the GIL's holder looks at all threads, "
			 "nobody else is interrupted";
}

/* The program's word: what the ticks of all processes together may take of a core. */
static void follow_rate(void)
{
	uint32_t asked = agent_control->tick_asked_hz;
	uint32_t hz = atomic_load_explicit(&agent_control->tick_hz, memory_order_relaxed);
	char text[128];

	if (hz > asked)
		hz = asked;
	if (hz < RATE_MIN_HZ)
		hz = asked < RATE_MIN_HZ ? asked : RATE_MIN_HZ;
	if (hz == t.hz)
		return;
	t.hz = hz;
	t.ticks.period_ns = NS_PER_S / (hz < RATE_MAX_HZ ? hz : RATE_MAX_HZ);
	if (hz < asked)
		snprintf(text, sizeof text,
			 "at %u Hz instead of %u: the ticks of all processes together would take "
			 "more than %.1f %% of a core",
			 (unsigned)hz, (unsigned)asked, agent_control->tick_budget_permille / 10.0);
	dict_fact("engine.reason", hz < asked ? text : chosen_because());
}

static uint64_t cost_so_far(void)
{
	return t.ended_cpu_ns + clock_thread_cpu_ns() + tick_signal_handler_ns();
}

static void note_cost(uint64_t now_ns)
{
	struct channel_header *channel = core_channel_now();

	t.noted_ns = now_ns;
	atomic_store_explicit(&channel->tick_cpu_ns, cost_so_far(), memory_order_relaxed);
	atomic_store_explicit(&channel->interrupted, tick_signal_interrupted(),
			      memory_order_relaxed);
	follow_rate();
	heap_seconds_look(now_ns);
}

/* The next tick's period. Where nothing moves, waking up would be the whole cost; each tick stands
 * for its period, and how long that is to be is settled before it begins. A rate that was asked for
 * is kept. */
static uint64_t stretch(void)
{
	return t.idle >= IDLE_TICKS && agent_control->tick_budget_permille != 0 ? IDLE_STRETCH : 1;
}

/* Nobody can foretell it: processes of one recording begin at their own times. */
static uint64_t seed(uint64_t now_ns)
{
	return hash_mix64(now_ns ^
			  hash_mix64(agent_control->text_key[0] ^ (uint64_t)raw_call(SYS_gettid)));
}

static void begin(uint64_t now_ns)
{
	t.hz = 0; /* said anew: the channel may be another */
	follow_rate();
	schedule_begin(&t.ticks, seed(now_ns), now_ns, t.ticks.period_ns);
	t.owed_ns = 0;
	t.paused_until_ns = 0;
	t.blocked_holder = 0;
	forget_wait();
	t.noted_ns = now_ns;
}

/* Before a sleep of the agent, or the end: nothing stays open. */
static void close_all(void)
{
	struct timespec pause = {.tv_nsec = 100000};

	for (int i = 0; i < 200 && t.asked_ns != 0; i++) {
		if (settle(agent_now_ns()))
			break;
		if (tick_signal_withdraw()) {
			count(TICK_LATE);
			t.asked_ns = 0;
		} else {
			raw_call(SYS_nanosleep, &pause, NULL);
		}
	}
	tick_threads_end();
	note_cost(agent_now_ns());
}

static bool may_work(void)
{
	return atomic_load(&agent_awake) && atomic_load(&tick_wanted) && core_channel_now() != NULL;
}

/* Nothing to do until it is woken; a run that waits for its channel gets one in time. */
static void sleep_idle(uint32_t seen)
{
	uint64_t now_ns = agent_now_ns();

	if (core_channel_now() != NULL || !run_waits() || !atomic_load(&agent_awake)) {
		sleep_until(heap_control_waits_for_reader() ? now_ns + LATE_NS : UINT64_MAX, seen);
		return;
	}
	sleep_until(now_ns + RUN_CHECK_NS, seen);
	(void)run_unit_id();
}

void tick_work(void)
{
	bool working = false;

	if (!guarded_pipe_open(&t.pipe)) {
		tick_give_up("no pipe can be made");
		return;
	}

	while (!atomic_load(&tick_stopping)) {
		uint32_t seen = atomic_load(&tick_wake_word);
		uint64_t now_ns = agent_now_ns();

		if (now_ns >= atomic_load_explicit(&core_next_check_ns, memory_order_relaxed))
			core_check_reader(now_ns);
		walk_control_look();
		if (!own_thread_app_is_alone())
			calls_change_look();
		if (working && !may_work())
			close_all();
		if (!working && may_work()) {
			dict_fact("engine", "tick");
			begin(now_ns);
		}
		working = may_work();
		if (!working) {
			sleep_idle(seen);
			continue;
		}
		if (now_ns - t.noted_ns >= NOTE_NS)
			note_cost(now_ns);
		sleep_until(t.ticks.due_ns, seen);
		now_ns = agent_now_ns();
		if (now_ns < t.ticks.due_ns || atomic_load(&tick_stopping))
			continue;
		struct schedule_look due = schedule_take(&t.ticks, now_ns);

		for (uint64_t i = 0; i < due.missed; i++)
			count(TICK_LATE);
		if (may_work())
			tick(now_ns, due.stands_for_ns);
		else
			count(TICK_LATE);
		schedule_next(&t.ticks, stretch());
	}
	if (working)
		close_all();
	t.ended_cpu_ns += clock_thread_cpu_ns();
	guarded_pipe_close(&t.pipe);
}

void tick_work_after_fork(void)
{
	memset(&t, 0, sizeof t);
}
