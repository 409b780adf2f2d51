/* The context variable that carries the unit, written with the GIL, read without.
 *
 * Reading: own thread state → context → HAMT. The thread's own context can be
 * changed by nobody else, and its trie is never changed after it was made, so
 * the read needs no lock; PyGILState_GetThisThreadState is the only way to the
 * own thread state that is right while the GIL is released (finalize.h).
 */
#include "agent/app_errors.h"
#include "agent/units.h"

#include <stdio.h>
#include <string.h>

#include "agent/core.h"
#include "agent/finalize.h"
#include "agent/run_unit.h"
#include "python/hamt.h"
#include "python/walk.h"

static py_object variable; /* strong, for the life of the process */
static uint32_t variable_hash;

bool context_make(char *reason, size_t reason_size)
{
	py_object made = py.PyContextVar_New("unslow_unit", NULL);

	if (made == NULL) {
		app_errors_forget();
		snprintf(reason, reason_size, "the context variable cannot be made");
		return false;
	}
	variable_hash = hamt_hash_of(py.PyObject_Hash(made));
	variable = made;
	/* another thread's call may have made the channel already */
	if (core_channel_now() != NULL)
		context_describe(&core_channel_now()->units);
	return true;
}

void context_describe(struct channel_units *units)
{
	units->bitmap_type = agent_hamt_types.bitmap;
	units->array_type = agent_hamt_types.array;
	units->run = run_unit_address();
	units->hash = variable_hash;
	atomic_store_explicit(&units->variable, (uintptr_t)variable, memory_order_release);
}

bool context_set(py_object value)
{
	py_object token = py.PyContextVar_Set(variable, value);

	if (token == NULL) {
		app_errors_forget();
		return false;
	}
	py.Py_DecRef(token);
	return true;
}

WALK_INLINE uint64_t unit_in(struct peek *from, uintptr_t context)
{
	uintptr_t value;

	if (variable == NULL)
		return 0;
	value = hamt_peek_in_context(from, &agent_layout, &agent_hamt_types, context,
				     (uintptr_t)variable, variable_hash);
	return value == 0 ? 0 : peek(from, value, agent_layout.bytes_data);
}

uint64_t context_unit_of(py_object context)
{
	struct peek direct = PEEK_DIRECT;

	return unit_in(&direct, (uintptr_t)context);
}

uint64_t context_unit_peek(struct peek *from, uintptr_t context)
{
	return unit_in(from, context);
}

uint64_t context_unit(void)
{
	struct peek direct = PEEK_DIRECT;
	uintptr_t thread_state;

	if (variable == NULL)
		return 0;
	thread_state = python_thread_state();
	return thread_state == 0
		       ? 0
		       : unit_in(&direct, peek(&direct, thread_state, agent_layout.tstate_context));
}

uint64_t unit_current(struct agent_thread *thread)
{
	bool in_hook = thread->in_hook;
	uint64_t id;

	thread->in_hook = true; /* python_thread_state() wants it */
	atomic_signal_fence(memory_order_seq_cst);
	id = context_unit();
	atomic_signal_fence(memory_order_seq_cst);
	thread->in_hook = in_hook;
	return id != 0 ? id : run_unit_id();
}

uintptr_t context_frame(void)
{
	uintptr_t thread_state = python_thread_state();
	uintptr_t frame = 0;

	if (thread_state != 0)
		(void)walk_newest(&agent_layout, walk_read_direct, NULL, thread_state, &frame);
	return frame;
}
