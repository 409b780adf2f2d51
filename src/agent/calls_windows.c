#include "agent/calls_windows.h"

#include "agent/calls_control.h"
#include "agent/calls_repeats.h"
#include "agent/calls_roots.h"
#include "base/clock.h"

#define FIRST_UNITS 3 /* of a turn; measured in Flask: 171, then 145, then 90 µs a request */
#define OVERDUE_NS \
	(250 * NS_PER_MS) /* five of the longest calls that are units (calls_repeats.c) */

static struct {
	uint64_t on_ns, off_ns; /* 0: no turns */
	uint64_t due_ns;        /* when the turn changes */
	uint32_t turn;          /* odd: hooks are on; 0: no turns */
	uint32_t units;         /* begun in it */
} w;
static _Atomic uint64_t overdue_ns; /* when the turn's end is overdue; 0: it never is */

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
	calls_repeats_begin();
}

void calls_windows_end(void)
{
	w.turn = 0;
	atomic_store(&overdue_ns, 0);
	calls_repeats_end();
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
	atomic_store(&overdue_ns, calls_repeats_key == 0 ? 0 : w.due_ns + OVERDUE_NS);
}

static void empty(struct calls_window *window)
{
	atomic_store(&window->units, 0);
	atomic_store(&window->wall_ns, 0);
	atomic_store(&window->cpu_ns, 0);
	atomic_store(&window->events, 0);
}

void calls_windows_await_repeats(void)
{
	uint64_t now_ns = agent_now_ns();

	empty(&calls_process->on);
	empty(&calls_process->off);
	atomic_store(&overdue_ns, (w.due_ns > now_ns ? w.due_ns : now_ns) + OVERDUE_NS);
}

uint32_t calls_windows_enter(void)
{
	uint64_t now_ns;

	if (w.turn == 0)
		return 0;
	now_ns = agent_now_ns();
	if (now_ns >= w.due_ns)
		change_turn(now_ns);
	return w.units++ < FIRST_UNITS ? 0 : w.turn;
}

void calls_windows_leave(uint32_t turn, uint64_t wall_ns, uint64_t cpu_ns, uint64_t events)
{
	struct calls_window *window;

	if (turn == 0 || turn != w.turn || calls_process == NULL)
		return;
	window = is_on(turn) ? &calls_process->on : &calls_process->off;
	calls_add64(&window->units, 1);
	calls_add64(&window->wall_ns, wall_ns);
	calls_add64(&window->cpu_ns, cpu_ns);
	calls_add64(&window->events, events);
}

void calls_windows_unit_begin(struct unit *unit)
{
	if (w.turn == 0)
		return;
	calls_repeats_end();
	atomic_store(&overdue_ns, 0);
	unit->calls_turn = calls_windows_enter();
}

void calls_windows_unit_end(struct unit *unit, uint64_t wall_ns, uint64_t cpu_ns)
{
	if (!unit->shared)
		calls_windows_leave(unit->calls_turn, wall_ns, cpu_ns, calls_unit_events(unit));
}

bool calls_windows_are_overdue(void)
{
	uint64_t at_ns = atomic_load_explicit(&overdue_ns, memory_order_relaxed);

	return UNLIKELY(at_ns != 0) && agent_now_ns() >= at_ns;
}

void calls_windows_end_overdue(void)
{
	if (!calls_windows_are_overdue())
		return;
	if (!is_on(w.turn))
		change_turn(agent_now_ns());
	if (w.turn != 0)
		calls_repeats_begin();
	atomic_store(&overdue_ns, 0);
}
