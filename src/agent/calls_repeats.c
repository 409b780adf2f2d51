#include "agent/calls_repeats.h"

#include "agent/calls_control.h"
#include "agent/calls_windows.h"
#include "base/clock.h"

#define SHORTEST_NS (50 * NS_PER_US) /* of a call: what its own two events cost is 0.1 % of it */
#define LONGEST_NS (50 * NS_PER_MS)

uint64_t calls_repeats_key;

static bool looks;
static uint64_t since; /* clock ticks; then it began to look */
static struct calls_thread *chosen_thread;
static struct {
	uint32_t turn; /* it began in; 0: none is open, or it counts in none */
	struct calls_times began;
	uint64_t events;
} unit;

void calls_repeats_begin(void)
{
	calls_repeats_key = 0;
	chosen_thread = NULL;
	unit.turn = 0;
	looks = true;
	since = calls_ticks();
}

void calls_repeats_end(void)
{
	calls_repeats_begin();
	looks = false;
}

/* --- which ------------------------------------------------------------------ */

/* Its calls are inside one another: none is a unit. */
static bool calls_itself(struct calls_thread *t, const struct calls_node *node)
{
	uint32_t at = (uint32_t)(node - t->nodes);
	uint32_t count = atomic_load(&calls_area_of(t)->node_count);

	for (uint32_t i = at + 1; i < count; i++)
		if (t->nodes[i].folds == at)
			return true;
	return false;
}

/* The call under way is not in its total time. */
static bool fits(struct calls_thread *t)
{
	const struct calls_node *node = t->top;
	uint64_t calls = atomic_load(&node->calls) - 1;
	uint64_t total = atomic_load(&node->total_wall);
	uint64_t from = calls_live_of(t)[0].wall > since ? calls_live_of(t)[0].wall : since;
	uint64_t now = atomic_load(&calls_area_of(t)->last_wall);
	uint64_t passed = now > from ? now - from : 0;
	uint64_t each_ns = calls == 0 ? 0 : calls_ns_of_ticks(total) / calls;

	return node->kind == CALLS_FUNCTION && node->folds == 0 &&
	       atomic_load(&node->resumes) == 0 && each_ns >= SHORTEST_NS &&
	       each_ns <= LONGEST_NS && total >= passed / 2;
}

bool calls_repeats_choose(struct calls_thread *t, uintptr_t code)
{
	if (UNLIKELY(!looks))
		calls_windows_end_overdue();
	if (!looks || !fits(t) || calls_itself(t, t->top) || !calls_code_repeats(code))
		return false;
	looks = false;
	calls_repeats_key = t->top->key;
	chosen_thread = t;
	unit.turn = 0;
	calls_process->repeats_code = t->top->code;
	calls_windows_await_repeats();
	return true;
}

/* --- its calls --------------------------------------------------------------- */

static struct calls_times times_now(const struct calls_thread *t)
{
	struct calls_times now = {.wall = calls_ticks()};

	now.cpu = calls_cpu_at(t->thread, now.wall, 0);
	return now;
}

static uint64_t events_of(struct calls_thread *t)
{
	return atomic_load_explicit(&calls_area_of(t)->events, memory_order_relaxed);
}

bool calls_repeats_enter(void)
{
	struct calls_thread *t = calls_self;

	if (t == NULL || t != chosen_thread)
		return !calls_counting();
	unit.turn = calls_windows_enter();
	unit.events = events_of(t);
	unit.began = times_now(t);
	return !calls_counting();
}

void calls_repeats_leave(void)
{
	struct calls_thread *t = calls_self;
	struct calls_times now;

	if (t == NULL || t != chosen_thread || unit.turn == 0)
		return;
	now = times_now(t);
	if (now.cpu >= unit.began.cpu)
		calls_windows_leave(unit.turn, calls_ns_of_ticks(now.wall - unit.began.wall),
				    calls_ns_of_ticks(now.cpu - unit.began.cpu),
				    events_of(t) - unit.events);
	unit.turn = 0;
}
