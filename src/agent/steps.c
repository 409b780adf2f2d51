#include "agent/steps.h"

#include "agent/calls_roots.h"
#include "agent/core.h"
#include "agent/cpu_clock.h"
#include "agent/run_queue.h"
#include "agent/work.h"

uint64_t step_cpu_at(struct agent_thread *thread, uint64_t now_ns)
{
	if (thread->poll_end_ns >= thread->sync_wall_ns) {
		cpu_clock_sync(thread, now_ns);
		return thread->sync_cpu_ns;
	}
	return thread->sync_cpu_ns + (now_ns - thread->sync_wall_ns);
}

/* Written after the loop's next poll at the latest: two polls later nothing is queued any more. */
static void note_step(const struct unit *unit, struct agent_thread *thread)
{
	bool stale = thread->polls - thread->stepped_poll > 1;

	thread->stepped_unit =
		stale || thread->stepped_unit == 0 || thread->stepped_unit == unit->id ? unit->id
										       : UINT64_MAX;
	thread->stepped_poll = thread->polls;
}

void step_enter(struct unit *unit, struct agent_thread *thread, uint64_t now_ns)
{
	uint64_t ready_from;

	if (unit->entered++ > 0 || unit->ended || unit->done_ns != 0)
		return;
	note_step(unit, thread);
	__atomic_store_n(&thread->passing, false, __ATOMIC_RELEASE);
	if (now_ns == 0)
		now_ns = agent_now_ns();
	unit->entered_ns = now_ns;
	unit->entered_cpu_ns = step_cpu_at(thread, now_ns);
	unit->entered_blocked_ns = thread->blocked_ns;
	unit->entered_queue_ns = units_watch_queue() ? run_queue_in(cpu_clock_stay(thread)) : 0;
	calls_unit_enter(unit);
	if (unit->steps++ == 0 && unit->left_ns == 0)
		return;
	ready_from = unit->left_ns;
	if (thread->poll_end_ns > ready_from && thread->poll_end_ns < now_ns)
		ready_from = thread->poll_end_ns;
	unit->suspended_ns += now_ns - unit->left_ns;
	unit->ready_ns += now_ns - ready_from;
	if (unit->hop_end_ns != 0)
		work_resumed(unit, now_ns);
}

/* What was no CPU and no call: if the run queue was read, its share of that. */
static void count_missing(struct unit *unit, const struct agent_thread *thread, uint64_t wall_ns,
			  uint64_t cpu_ns)
{
	uint64_t missing = unit_missing_ns(thread, wall_ns, cpu_ns, unit->entered_blocked_ns);
	uint64_t queued;

	if (missing == 0)
		return;
	unit->missing_ns += missing;
	if (unit->entered_queue_ns == 0)
		return;
	queued = run_queue_in(cpu_clock_stay(thread));
	queued = queued > unit->entered_queue_ns ? queued - unit->entered_queue_ns : 0;
	unit->queued_ns += queued < missing ? queued : missing;
	unit->queue_read = true;
}

/* A short run is CPU; after a long one the thread's clock is read. */
static void count_run(struct unit *unit, struct agent_thread *thread, uint64_t now_ns)
{
	if (now_ns == 0)
		now_ns = agent_now_ns();
	uint64_t wall_ns = now_ns - unit->entered_ns;
	uint64_t cpu_ns = wall_ns;

	if (wall_ns >= CALL_LONG_NS) {
		cpu_clock_sync(thread, now_ns);
		cpu_ns = thread->sync_cpu_ns > unit->entered_cpu_ns
				 ? thread->sync_cpu_ns - unit->entered_cpu_ns
				 : 0;
	}
	cpu_ns = cpu_ns < wall_ns ? cpu_ns : wall_ns;
	if (wall_ns >= CALL_LONG_NS)
		count_missing(unit, thread, wall_ns, cpu_ns);
	unit->running_ns += wall_ns;
	unit->cpu_ns += cpu_ns;
	unit->left_ns = unit->entered_ns + wall_ns;
	unit->entered_ns = 0;
}

void step_leave(struct unit *unit, struct agent_thread *thread, uint64_t now_ns)
{
	if (--unit->entered > 0)
		return;
	calls_unit_leave(unit);
	if (unit->entered_ns != 0)
		count_run(unit, thread, now_ns);
}

void step_finish(struct unit *unit, struct agent_thread *thread)
{
	if (unit->entered_ns != 0 && thread != NULL)
		count_run(unit, thread, 0);
}
