#include "agent/calls_roots.h"

#include "agent/calls_control.h"

void calls_unit_enter(struct unit *unit)
{
	struct calls_thread *t = calls_counting() ? calls_thread_now() : NULL;

	unit->calls = t;
	if (t == NULL)
		return;
	unit->calls_depth =
		calls_root_enter(t, (struct calls_root){.kind = CALLS_ROOT, .code = unit->route},
				 !unit->calls_begun);
	unit->calls_begun = true;
}

void calls_unit_leave(struct unit *unit)
{
	if (unit->calls != NULL && unit->calls == calls_self)
		calls_root_leave(unit->calls, unit->calls_depth);
	unit->calls = NULL;
}

void calls_unit_routed(struct unit *unit)
{
	if (unit->calls != NULL && unit->calls == calls_self)
		calls_root_move(unit->calls, unit->calls_depth,
				(struct calls_root){.kind = CALLS_ROOT, .code = unit->route});
}

struct calls_place calls_place_now(void)
{
	struct calls_thread *t = calls_counting() ? calls_thread_now() : NULL;

	return t == NULL ? (struct calls_place){0}
			 : (struct calls_place){t->number, (uint32_t)(t->top - t->nodes)};
}

uint32_t calls_work_enter(struct calls_place from)
{
	struct calls_thread *t = from.area != 0 && calls_counting() ? calls_thread_now() : NULL;

	if (t == NULL)
		return 0;
	return calls_root_enter(t,
				(struct calls_root){
					.kind = CALLS_WORK,
					.from_area = from.area,
					.from_node = from.node,
				},
				true);
}

void calls_work_leave(uint32_t entered)
{
	if (calls_self != NULL)
		calls_root_leave(calls_self, entered);
}
