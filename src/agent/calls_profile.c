#include "agent/calls_profile.h"

#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_chosen.h"
#include "agent/calls_control.h"
#include "agent/calls_eval.h"
#include "agent/calls_frames.h"
#include "agent/calls_threads.h"

/* Include/cpython/pystate.h, unchanged from 3.8 to 3.11. */
enum {
	PROFILE_CALL = 0,
	PROFILE_RETURN = 3,
	PROFILE_C_CALL,
	PROFILE_C_EXCEPTION,
	PROFILE_C_RETURN
};

static struct py_evaluation at; /* offsets of the running version */

/* --- events -------------------------------------------------------------------------- */

static inline uintptr_t frame_of(uintptr_t object)
{
	return at.object_frame == PY_UNKNOWN ? object
					     : *(const uintptr_t *)(object + at.object_frame);
}

/* Of a frame whose call is told. */
static inline bool starts(uintptr_t frame, uintptr_t code)
{
	uintptr_t first;

	if (at.suspended_kind != PY_SUSPENDED_GENERATOR)
		return frame_has_not_begun(frame);
	first = code + agent_layout.code_instructions +
		2 * *(const uint32_t *)(code + agent_layout.code_first_traceable);
	return *(const uintptr_t *)(frame + agent_layout.frame_instr) == first;
}

static void on_call(struct calls_thread *t, uint64_t key, uintptr_t frame, uintptr_t code)
{
	if (LIKELY(starts(frame, code)))
		calls_enter(t, key, code);
	else
		calls_resume(t, key, code, frame_waiter(frame, code, NULL));
}

/* The exception was thrown into it before it ran: no call. */
static bool was_no_call(uintptr_t frame)
{
	return at.suspended_kind != PY_SUSPENDED_GENERATOR && frame_has_not_begun(frame);
}

static void on_return(struct calls_thread *t, uint64_t key, uintptr_t frame, uintptr_t code,
		      py_object result)
{
	if (UNLIKELY(result == NULL) && was_no_call(frame) && t->top->key == key)
		calls_add64(&t->top->calls, (uint64_t)-1);
	if (result != NULL && UNLIKELY(frame_is_suspended(&at, frame)))
		calls_suspend(t, key, frame_waiter(frame, code, result));
	else
		calls_leave(t, key, result == NULL);
}

static inline bool is_chosen(uint64_t key, uintptr_t frame, uintptr_t code)
{
	const struct chosen *chosen;

	if (LIKELY(!(calls_asked.want & CALLS_TARGETED)))
		return true;
	chosen = chosen_find(key);
	if (UNLIKELY(chosen == NULL)) {
		calls_look_for_hooks();
		chosen = chosen_decide(key, code, *(void **)(frame + at.frame_globals));
	}
	return chosen != NULL && chosen->calls;
}

/* A C call belongs to who makes it. */
static bool is_called_by_chosen(uintptr_t object)
{
	uintptr_t frame, code;

	if (LIKELY(!(calls_asked.want & CALLS_TARGETED)))
		return true;
	frame = frame_of(object);
	code = *(const uintptr_t *)(frame + agent_layout.frame_code);
	return is_chosen(calls_code_key(code), frame, code);
}

static int on_python(struct calls_thread *t, uintptr_t object, int what, py_object argument)
{
	uintptr_t frame = frame_of(object);
	uintptr_t code = *(const uintptr_t *)(frame + agent_layout.frame_code);
	uint64_t key = calls_code_key(code);

	if (!is_chosen(key, frame, code))
		return 0;
	if (what == PROFILE_CALL)
		on_call(t, key, frame, code);
	else
		on_return(t, key, frame, code, argument);
	return 0;
}

static int on_profile(py_object self, uintptr_t object, int what, py_object argument)
{
	struct calls_thread *t = calls_thread_now();
	uint64_t key;

	(void)self;
	if (UNLIKELY(t == NULL))
		return 0;
	if (what == PROFILE_CALL || what == PROFILE_RETURN)
		return on_python(t, object, what, argument);
	if (what < PROFILE_C_CALL || what > PROFILE_C_RETURN || !(calls_asked.want & CALLS_C) ||
	    !is_called_by_chosen(object))
		return 0;
	/* always a builtin: Python binds a method descriptor before (call_function, Python/ceval.c)
	 */
	key = calls_c_key(*(void **)((char *)argument + at.builtin_definition));
	if (what == PROFILE_C_CALL)
		calls_c_enter(t, key, argument);
	else
		calls_c_leave(t, key, what == PROFILE_C_EXCEPTION);
	return 0;
}

/* --- threads ------------------------------------------------------------------------- */

void calls_profile_thread(void *tstate)
{
	const void *has = *(void *const *)((char *)tstate + at.tstate_profile);
	py_object type, value, traceback;
	char owner[96];

	if (LIKELY(has == (const void *)on_profile))
		return;
	if (has != NULL && (calls_process == NULL || calls_process->reason[0] != '\0'))
		return;
	if (has != NULL) {
		calls_control_reason("a thread has the profile function %s, so its calls are not "
				     "counted",
				     calls_threads_owner(has, "getprofile", owner, sizeof owner));
		return;
	}
	py.PyErr_Fetch(&type, &value, &traceback);
	py.PyEval_SetProfile(on_profile, NULL);
	app_errors_forget(); /* an audit hook forbids it */
	py.PyErr_Restore(type, value, traceback);
}

bool calls_profile_install(char *reason, size_t reason_size)
{
	const struct py_evaluation *row = py_evaluation_for(py.version_hex);
	const void *other = NULL;
	char owner[96];

	if (row == NULL || row->tracing_size == PY_UNKNOWN || py.PyEval_SetProfile == NULL ||
	    py.PyThreadState_Swap == NULL) {
		snprintf(reason, reason_size, "Python %s has no profile function that can be set",
			 py.version);
		return false;
	}
	at = *row;
	frames_prepare();
	if (!calls_eval_listen(EVAL_PROFILE, reason, reason_size))
		return false;
	other = calls_threads_give_profile((void *)on_profile);
	if (other != NULL)
		calls_control_reason("a thread has the profile function %s, so its calls are not "
				     "counted",
				     calls_threads_owner(other, "getprofile", owner, sizeof owner));
	return true;
}

void calls_profile_remove(void)
{
	calls_eval_leave(EVAL_PROFILE);
	calls_threads_take_profile((void *)on_profile);
}
