#include "agent/calls_change.h"

#include "agent/abi.h"
#include "agent/calls_control.h"
#include "agent/calls_eval.h"
#include "agent/calls_windows.h"
#include "agent/core.h"
#include "agent/finalize.h"
#include "agent/heap_control.h"
#include "agent/heap_seconds.h"
#include "agent/own_thread.h"
#include "base/clock.h"

#define PENDING_NS NS_PER_S /* a pending call that is not made by then: the main thread waits */

static _Atomic uint64_t seen;     /* generations that are in force, or on their way */
static _Atomic bool threaded;     /* a thread of ours is on its way with it … */
static _Atomic uint64_t asked_ns; /* … or a pending call, since then; 0: none */

/* Of calls, and of the heap. */
static uint64_t generations(void)
{
	return (uint64_t)heap_control_generation() << 32 | calls_control_generation();
}

/* GIL held. */
static void apply(void)
{
	calls_control_apply();
	heap_control_apply();
	walk_control_now();
}

void calls_change_begin(void)
{
	atomic_store(&seen, generations());
	atomic_store(&threaded, false);
	atomic_store(&asked_ns, 0);
	walk_control_begin();
}

bool calls_change_is_due(void)
{
	return UNLIKELY(generations() != atomic_load_explicit(&seen, memory_order_relaxed) ||
			walk_control_is_due()) &&
	       core_started() && !finalize_begun();
}

void calls_change_now(void)
{
	if (UNLIKELY(calls_eval_is_covered()))
		calls_eval_tell_covered();
	calls_windows_end_overdue();
	if (LIKELY(!calls_change_is_due()))
		return;
	atomic_store(&seen, generations());
	atomic_store(&asked_ns, 0);
	apply();
}

/* Python's own state may be read until it ends. */
static bool must_be_told(void)
{
	return core_started() && !finalize_begun() &&
	       (calls_eval_is_covered() || calls_windows_are_overdue());
}

/* --- by a thread ----------------------------------------------------------- */

static void *change(void *nothing)
{
	struct agent_thread *self = agent_thread_self();

	(void)nothing;
	if (self != NULL)
		self->in_hook = true; /* what it waits for is the agent's own time */
	if (!finalize_begun()) {
		int state = py.PyGILState_Ensure();
		calls_eval_tell_covered();
		calls_windows_end_overdue();
		apply();
		py.PyGILState_Release(state);
	}
	atomic_store(&threaded, false);
	return NULL;
}

static void send_thread(void)
{
	if (atomic_exchange(&threaded, true))
		return;
	atomic_store(&seen, generations());
	atomic_store(&asked_ns, 0);
	if (!own_thread_send(change))
		atomic_store(&threaded, false);
}

/* --- by a pending call ------------------------------------------------------ */

static int on_pending(void *nothing)
{
	(void)nothing;
	atomic_store(&asked_ns, 0); /* also where nothing is due any more */
	calls_change_now();
	return 0;
}

static void ask_python(uint64_t now_ns)
{
	uint64_t none = 0;

	if (atomic_compare_exchange_strong(&asked_ns, &none, now_ns) &&
	    py.Py_AddPendingCall(on_pending, NULL) != 0)
		atomic_store(&asked_ns, 0); /* all 32 places are taken: next time */
}

void calls_change_look(void)
{
	uint64_t now_ns, asked;

	calls_control_note_clocks();
	walk_control_look();
	heap_seconds_look(agent_now_ns());
	if (LIKELY(!calls_change_is_due() && !must_be_told()))
		return;
	now_ns = agent_now_ns();
	asked = atomic_load(&asked_ns);
	if (!own_thread_app_is_alone() && (asked == 0 || now_ns - asked > PENDING_NS))
		send_thread();
	else
		ask_python(now_ns);
}
