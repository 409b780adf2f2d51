#include "agent/calls_windows.h"

#include "agent/calls_control.h"
#include "agent/calls_roots.h"
#include "base/clock.h"

#define FIRST_UNITS 3 /* of a turn; measured in Flask: 171, then 145, then 90 µs a request */

static struct {
	uint64_t on_ns, off_ns; /* 0: no turns */
	uint64_t due_ns;        /* when the turn changes */
	uint32_t turn;          /* odd: hooks are on; 0: no turns */
	uint32_t units;         /* begun in it */
} w;

void calls_windows_begin(uint32_t on_ms, uint32_t period_ms)
{
	w.turn = 0;
	if (on_ms == 0 || period_ms <= on_ms)
		return;
	w.on_ns = on_ms * NS_PER_MS;
	w.off_ns = (period_ms - on_ms) * NS_PER_MS;
	w.due_ns = agent_now_ns() + w.on_ns;
	w.turn = 1;
	w.units = 0;
}

void calls_windows_end(void)
{
	w.turn = 0;
}

static bool is_on(uint32_t turn)
{
	return turn % 2 == 1;
}

static void change_turn(uint64_t now_ns)
{
	if (!calls_control_pause(is_on(w.turn))) {
		w.turn = 0;
		return;
	}
	w.turn++;
	w.units = 0;
	w.due_ns = now_ns + (is_on(w.turn) ? w.on_ns : w.off_ns);
}

void calls_windows_unit_begin(struct unit *unit)
{
	uint64_t now_ns;

	if (w.turn == 0)
		return;
	now_ns = agent_now_ns();
	if (now_ns >= w.due_ns)
		change_turn(now_ns);
	unit->calls_turn = w.units++ < FIRST_UNITS ? 0 : w.turn;
}

void calls_windows_unit_end(struct unit *unit, uint64_t wall_ns, uint64_t cpu_ns)
{
	struct calls_window *window;

	if (unit->calls_turn == 0 || unit->calls_turn != w.turn || unit->shared ||
	    calls_process == NULL)
		return;
	window = is_on(w.turn) ? &calls_process->on : &calls_process->off;
	calls_add64(&window->units, 1);
	calls_add64(&window->wall_ns, wall_ns);
	calls_add64(&window->cpu_ns, cpu_ns);
	calls_add64(&window->events, calls_unit_events(unit));
}
