#include "agent/steps.h"

#include "agent/core.h"

uint64_t step_cpu_at(struct agent_thread *thread, uint64_t now_ns)
{
	if (thread->poll_end_ns >= thread->sync_wall_ns) {
		call_sync_clocks(thread);
		return thread->sync_cpu_ns;
	}
	return thread->sync_cpu_ns + (now_ns - thread->sync_wall_ns);
}

void step_enter(struct unit *unit, struct agent_thread *thread)
{
	uint64_t now_ns;
	uint64_t ready_from;

	if (unit->entered++ > 0 || unit->ended)
		return;
	now_ns = agent_now_ns();
	unit->entered_ns = now_ns;
	unit->entered_cpu_ns = step_cpu_at(thread, now_ns);
	if (unit->steps++ == 0)
		return;
	ready_from = unit->left_ns;
	if (thread->poll_end_ns > ready_from && thread->poll_end_ns < now_ns)
		ready_from = thread->poll_end_ns;
	unit->suspended_ns += now_ns - unit->left_ns;
	unit->ready_ns += now_ns - ready_from;
}

/* A short run is CPU; after a long one the thread's clock is read. */
static void count_run(struct unit *unit, struct agent_thread *thread)
{
	uint64_t wall_ns = agent_now_ns() - unit->entered_ns;
	uint64_t cpu_ns = wall_ns;

	if (wall_ns >= CALL_LONG_NS) {
		call_sync_clocks(thread);
		cpu_ns = thread->sync_cpu_ns > unit->entered_cpu_ns
				 ? thread->sync_cpu_ns - unit->entered_cpu_ns
				 : 0;
	}
	unit->running_ns += wall_ns;
	unit->cpu_ns += cpu_ns < wall_ns ? cpu_ns : wall_ns;
	unit->left_ns = unit->entered_ns + wall_ns;
	unit->entered_ns = 0;
}

void step_leave(struct unit *unit, struct agent_thread *thread)
{
	if (--unit->entered == 0 && unit->entered_ns != 0)
		count_run(unit, thread);
}

void step_finish(struct unit *unit, struct agent_thread *thread)
{
	if (unit->entered_ns != 0)
		count_run(unit, thread);
}
