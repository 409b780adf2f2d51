#include "agent/calls_roots.h"

#include "agent/calls_control.h"
#include "agent/calls_lines.h"

static uint64_t events_of(struct calls_thread *t)
{
	return atomic_load_explicit(&calls_area_of(t)->events, memory_order_relaxed);
}

/* Of the calling thread's lines. */
static uint64_t line_events(void)
{
	return lines_self == NULL
		       ? 0
		       : atomic_load_explicit(&lines_self->area->events, memory_order_relaxed);
}

static void lines_enter(struct unit *unit)
{
	if (!calls_lines_counting() || lines_thread_now() == NULL)
		return;
	unit->lines_entered_events = line_events() + 1;
}

static uint64_t lines_passed(const struct unit *unit)
{
	return unit->lines_entered_events == 0 ? 0 : line_events() + 1 - unit->lines_entered_events;
}

void calls_unit_enter(struct unit *unit)
{
	struct calls_thread *t = calls_counting() ? calls_thread_now() : NULL;

	lines_enter(unit);
	unit->calls = t;
	if (t == NULL)
		return;
	unit->calls_entered_events = events_of(t);
	t->unit = (uint32_t)unit->id & 0xffffff;
	unit->calls_depth =
		calls_root_enter(t, (struct calls_root){.kind = CALLS_ROOT, .code = unit->route},
				 !unit->calls_begun);
	if (t->timeline != NULL && !unit->calls_begun) {
		unit->calls_timeline = t->timeline;
		unit->calls_timeline_at = calls_timeline_position(t->timeline);
	}
	unit->calls_begun = true;
}

void calls_unit_ended(struct unit *unit, uint64_t wall_ns)
{
	if (unit->calls_timeline != NULL && calls_self != NULL &&
	    calls_self->timeline == unit->calls_timeline)
		calls_timeline_unit_ended(unit->calls_timeline, unit->calls_timeline_at, wall_ns);
}

void calls_unit_leave(struct unit *unit)
{
	unit->lines_events += lines_passed(unit);
	unit->lines_entered_events = 0;
	if (unit->calls != NULL && unit->calls == calls_self) {
		unit->calls_events = calls_unit_events(unit);
		calls_root_leave(unit->calls, unit->calls_depth);
		unit->calls->unit = 0;
	}
	unit->calls = NULL;
}

uint64_t calls_unit_events(const struct unit *unit)
{
	if (unit->done_ns != 0)
		return unit->calls_done_events;
	if (!calls_asked_of_calls())
		return unit->lines_events + lines_passed(unit);
	return unit->calls_events +
	       (unit->calls == NULL ? 0 : events_of(unit->calls) - unit->calls_entered_events);
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
