#include "agent/wsgi_run.h"

#include "agent/calls_roots.h"
#include "agent/steps.h"

struct wsgi_run wsgi_run_enter(struct unit *unit)
{
	struct wsgi_run run = {.thread = agent_thread_self()};

	if (run.thread != NULL) {
		run.base_before = run.thread->unit_base_frame;
		run.thread->unit_base_frame = context_frame();
		run.thread->lingers = false;
	}
	if (run.thread != NULL && unit->in_turns)
		step_enter(unit, run.thread, 0);
	else if (unit->entered++ == 0)
		calls_unit_enter(unit);
	return run;
}

void wsgi_run_leave(struct unit *unit, struct wsgi_run run)
{
	py_object type, value, traceback;

	if (run.thread != NULL)
		run.thread->unit_base_frame = run.base_before;
	if (run.thread == NULL || !unit->in_turns) {
		if (--unit->entered == 0)
			calls_unit_leave(unit);
		return;
	}
	step_leave(unit, run.thread, 0);
	if (unit->entered > 0)
		return;
	py.PyErr_Fetch(&type, &value, &traceback);
	unit_leave_context(unit);
	py.PyErr_Restore(type, value, traceback);
}
