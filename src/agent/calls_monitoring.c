#include "agent/calls_monitoring.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/calls_arguments.h"
#include "agent/calls_chosen.h"
#include "agent/calls_control.h"
#include "agent/calls_cost.h"
#include "agent/calls_fused.h"
#include "agent/calls_repeats.h"
#include "agent/calls_tool.h"
#include "agent/mapped.h"

/* Bits of sys.monitoring.events (Include/internal/pycore_instruments.h, 3.12 and 3.13); what
 * differs between versions is asked by name. */
enum event {
	ON_START,
	ON_RESUME,
	ON_RETURN,
	ON_YIELD,
	ON_THROW,
	ON_UNWIND,
	ON_CALL,
	ON_C_RETURN,
	ON_C_RAISE,
	EVENTS
};
#define BIT(event) (1u << (event))
#define OF_CALLS \
	(BIT(ON_START) | BIT(ON_RESUME) | BIT(ON_RETURN) | BIT(ON_YIELD) | BIT(ON_THROW) | \
	 BIT(ON_UNWIND))
#define OF_C_CALLS (BIT(ON_CALL) | BIT(ON_C_RETURN) | BIT(ON_C_RAISE))
/* Of a chosen code object alone; the C calls' ends come with CALL (PEP 669). */
#define OF_CODE (BIT(ON_START) | BIT(ON_RESUME) | BIT(ON_RETURN) | BIT(ON_YIELD))

static struct tool tool = TOOL_NONE;
static bool paused;

#define CODE_SUSPENDS \
	(0x80u | 0x100u | 0x200u) /* coroutine, iterable coroutine, async generator \
				   */
#define CODE_ASYNC_GENERATOR 0x200u

/* --- callbacks ------------------------------------------------------------- */

/* The running frame of the calling thread. */
static inline uintptr_t frame_now(void)
{
	const struct py_layout *l = &agent_layout;
	uintptr_t state = (uintptr_t)(py.PyThreadState_GetUnchecked != NULL
					      ? py.PyThreadState_GetUnchecked()
					      : py._PyThreadState_UncheckedGet());
	uintptr_t frame = *(const uintptr_t *)(state + l->tstate_frame);

	if (l->frame_kind == PY_FRAME_CFRAME)
		frame = *(const uintptr_t *)(frame + l->cframe_current_frame);
	return frame;
}

static inline uint32_t flags_of(uintptr_t code)
{
	return *(const uint32_t *)(code + agent_layout.code_flags);
}

/* What an asynchronous generator's `yield x` hands over (Objects/genobject.c); what it awaits comes
 * as it is. */
static bool is_wrapped_value(py_object value)
{
	static void *wrapped; /* the type */
	void *type = py_type_of(value);

	if (LIKELY(type == wrapped))
		return true;
	if (strcmp(*(const char *const *)((const char *)type + agent_layout.type_name),
		   "async_generator_wrapped_value") != 0)
		return false;
	wrapped = type;
	return true;
}

/* For whom the time until the resume is a wait: 0, or the frame. */
static inline uintptr_t waiter_of(uintptr_t code, py_object value)
{
	uint32_t flags = flags_of(code);

	if (!(flags & CODE_SUSPENDS) || (flags & CODE_ASYNC_GENERATOR && is_wrapped_value(value)))
		return 0;
	return frame_now();
}

/* The ints that Python makes once (_PY_NSMALLPOSINTS, 3.12 and 3.13), of which an event's place in
 * its code mostly is one; for a larger one, past the first 256 bytes, it makes an int, which costs
 * as much as most of what else an event does. */
static uintptr_t first_small, bytes_of_small;

static void find_small_ints(void)
{
	py_object builtins = py_module("builtins");
	py_object first = py.PyObject_CallMethod(builtins, "int", "i", 0);
	py_object last = py.PyObject_CallMethod(builtins, "int", "i", 256);

	first_small = (uintptr_t)first;
	bytes_of_small = first != NULL && last != NULL ? (uintptr_t)last - (uintptr_t)first : 0;
	app_errors_forget();
	py.Py_DecRef(first);
	py.Py_DecRef(last);
}

static inline bool is_far(const py_object *values)
{
	return (uintptr_t)values[1] - first_small > bytes_of_small;
}

#define CALLBACK(name) \
	static py_object name(py_object self, const py_object *values, py_ssize count)

CALLBACK(on_start)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = (uintptr_t)values[0];

	(void)self;
	(void)count;
	if (LIKELY(t != NULL))
		calls_enter(t, calls_code_key(code), code);
	return py.none;
}

CALLBACK(on_resume)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = (uintptr_t)values[0];

	(void)self;
	(void)count;
	if (UNLIKELY(t == NULL))
		return py.none;
	calls_resume(t, calls_code_key(code), code,
		     flags_of(code) & CODE_SUSPENDS ? frame_now() : 0);
	if (is_far(values))
		calls_note_far(t, calls_code_key(code));
	return py.none;
}

static inline void ended(struct calls_thread *t, uint64_t key, const py_object *values)
{
	if (is_far(values))
		calls_note_far(t, key);
	calls_leave(t, key, false);
}

CALLBACK(on_return)
{
	struct calls_thread *t = calls_thread_now();

	(void)self;
	(void)count;
	if (LIKELY(t != NULL))
		ended(t, calls_code_key((uintptr_t)values[0]), values);
	return py.none;
}

CALLBACK(on_yield)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = (uintptr_t)values[0];

	(void)self;
	if (UNLIKELY(t == NULL || tool_count(count) < 3))
		return py.none;
	if (is_far(values))
		calls_note_far(t, calls_code_key(code));
	calls_suspend(t, calls_code_key(code), waiter_of(code, values[2]));
	return py.none;
}

CALLBACK(on_unwind)
{
	struct calls_thread *t = calls_thread_now();

	(void)self;
	(void)count;
	if (LIKELY(t != NULL))
		calls_leave(t, calls_code_key((uintptr_t)values[0]), true);
	return py.none;
}

/* --- leaves that cost more to count than to run ---------------------------- */

CALLBACK(on_start_or_demote)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = (uintptr_t)values[0];

	(void)self;
	(void)count;
	if (UNLIKELY(t == NULL))
		return py.none;
	calls_enter(t, calls_code_key(code), code);
	return UNLIKELY(calls_is_demoted(t)) ? py_keep(tool.disable) : py.none;
}

CALLBACK(on_return_or_demote)
{
	struct calls_thread *t = calls_thread_now();
	uint64_t key = calls_code_key((uintptr_t)values[0]);
	bool is_top;

	(void)self;
	(void)count;
	if (UNLIKELY(t == NULL))
		return py.none;
	is_top = t->top->key == key;
	if (LIKELY(is_top && t->top->demoted == 0)) {
		ended(t, key, values);
		return py.none;
	}
	if (is_top)
		ended(t, key, values);
	return calls_key_is_demoted(t, key) ? py_keep(tool.disable) : py.none;
}

/* --- C functions ----------------------------------------------------------- */

/* struct PyCFunctionObject and PyMethodDescrObject: behind the head, unchanged from 3.8 to 3.14
 * (Include/cpython/methodobject.h, descrobject.h); tried at the install. */
#define FUNCTION_DEFINITION 16
#define DESCRIPTOR_DEFINITION 40

static void *function_type, *descriptor_type, *method_type;

/* 0: it is no C function. */
static inline uint64_t c_key_of(py_object callable)
{
	const void *type = py_type_of(callable);

	if (type == function_type || type == method_type)
		return calls_c_key(*(void **)((char *)callable + FUNCTION_DEFINITION));
	if (type == descriptor_type)
		return calls_c_key(*(void **)((char *)callable + DESCRIPTOR_DEFINITION));
	return 0;
}

CALLBACK(on_call)
{
	uint64_t key = tool_count(count) > 2 ? c_key_of(values[2]) : 0;
	struct calls_thread *t = key == 0 ? NULL : calls_thread_now();

	(void)self;
	if (t == NULL)
		return py.none;
	calls_c_enter(t, key, values[2]);
	if (is_far(values))
		calls_note_far(t, key);
	return py.none;
}

static inline py_object c_ended(const py_object *values, py_ssize count, bool raised)
{
	uint64_t key = tool_count(count) > 2 ? c_key_of(values[2]) : 0;
	struct calls_thread *t = key == 0 ? NULL : calls_thread_now();

	if (t == NULL)
		return py.none;
	if (is_far(values))
		calls_note_far(t, key);
	calls_c_leave(t, key, raised);
	return py.none;
}

CALLBACK(on_c_return)
{
	(void)self;
	return c_ended(values, count, false);
}

CALLBACK(on_c_raise)
{
	(void)self;
	return c_ended(values, count, true);
}

/* --- by turns (calls_repeats.h) --------------------------------------------- */

/* The function's own calls come with hooks off, too. So do ends of others that began before. */
#define OF_REPEATED (BIT(ON_START) | BIT(ON_RETURN))

CALLBACK(on_start_by_turns)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = (uintptr_t)values[0];
	uint64_t key = calls_code_key(code);

	(void)self;
	(void)count;
	if (UNLIKELY(t == NULL))
		return py.none;
	if (UNLIKELY(key == calls_repeats_key) ? calls_repeats_enter() : paused)
		return py.none;
	calls_enter(t, key, code);
	if (UNLIKELY(calls_repeats_is_found(t, code)) && !tool_set_local(&tool, code, OF_REPEATED))
		calls_repeats_end();
	return py.none;
}

CALLBACK(on_return_by_turns)
{
	struct calls_thread *t = calls_thread_now();
	uint64_t key = calls_code_key((uintptr_t)values[0]);

	(void)self;
	(void)count;
	if (LIKELY(t != NULL && !paused))
		ended(t, key, values);
	if (UNLIKELY(key == calls_repeats_key))
		calls_repeats_leave();
	return py.none;
}

#define UNLESS_PAUSED(name, of) \
	CALLBACK(name) \
	{ \
		return UNLIKELY(paused) ? py.none : of(self, values, count); \
	}

UNLESS_PAUSED(on_resume_by_turns, on_resume)
UNLESS_PAUSED(on_yield_by_turns, on_yield)
UNLESS_PAUSED(on_unwind_by_turns, on_unwind)
UNLESS_PAUSED(on_call_by_turns, on_call)
UNLESS_PAUSED(on_c_return_by_turns, on_c_return)
UNLESS_PAUSED(on_c_raise_by_turns, on_c_raise)

static const struct tool_row by_turns[EVENTS] = {
	[ON_START] = {"PY_START", (void *)on_start_by_turns},
	[ON_RESUME] = {"PY_RESUME", (void *)on_resume_by_turns},
	[ON_RETURN] = {"PY_RETURN", (void *)on_return_by_turns},
	[ON_YIELD] = {"PY_YIELD", (void *)on_yield_by_turns},
	[ON_THROW] = {"PY_THROW", (void *)on_resume_by_turns},
	[ON_UNWIND] = {"PY_UNWIND", (void *)on_unwind_by_turns},
	[ON_CALL] = {"CALL", (void *)on_call_by_turns},
	[ON_C_RETURN] = {"C_RETURN", (void *)on_c_return_by_turns},
	[ON_C_RAISE] = {"C_RAISE", (void *)on_c_raise_by_turns},
};

/* --- chosen functions alone ----------------------------------------------- */

static uint32_t events_of_code(void)
{
	return OF_CODE | (calls_asked.want & CALLS_C ? BIT(ON_CALL) : 0);
}

static bool is_chosen(uint64_t key)
{
	const struct chosen *chosen = chosen_find(key);

	return LIKELY(chosen != NULL) && chosen->counted;
}

/* First sight, or one that was made since the events of all code were set anew. */
static bool choose(uintptr_t code, uint64_t key)
{
	py_object globals = py.PyEval_GetGlobals();
	struct chosen *chosen;

	calls_look_for_hooks();
	if (!calls_cost_has(code) && !calls_pattern_chooses(&calls_asked.pattern, code, globals))
		return false;
	chosen = chosen_decide(key, code, globals);
	if (chosen == NULL || !tool_set_local(&tool, code, events_of_code()))
		return false;
	chosen->counted = true;
	return true;
}

CALLBACK(on_targeted_start)
{
	uintptr_t code = (uintptr_t)values[0];
	uint64_t key = calls_code_key(code);
	struct calls_thread *t = calls_self;

	(void)self;
	(void)count;
	/* what a tree expects was chosen (calls_tree_forget_order) */
	if (LIKELY(t != NULL && calls_child_guess(t, key) != 0)) {
		calls_enter(t, key, code);
		return py.none;
	}
	if (UNLIKELY(!is_chosen(key)) && !choose(code, key)) {
		fused_restore(code);
		return py_keep(tool.disable);
	}
	t = calls_thread_now();
	if (LIKELY(t != NULL))
		calls_enter(t, key, code);
	return py.none;
}

/* CALLS_ARGUMENTS, in callbacks of their own: without it no event does more. What is looked at is
 * in the caller's time. */
CALLBACK(on_start_with_arguments)
{
	uintptr_t code = (uintptr_t)values[0], frame;
	uint64_t key = calls_code_key(code);
	bool is_known = calls_self != NULL && is_chosen(key);
	py_object answer = is_known ? py.none : on_targeted_start(self, values, count);
	struct arguments_call call;

	if (answer != py.none || UNLIKELY(calls_self == NULL))
		return answer;
	frame = frame_now();
	call = calls_arguments_begin(calls_self, key, code, frame);
	if (is_known)
		(void)on_targeted_start(self, values, count);
	calls_arguments_keep(frame, key, &call);
	return answer;
}

CALLBACK(on_return_with_arguments)
{
	uint64_t key = calls_code_key((uintptr_t)values[0]);
	struct calls_thread *t = calls_self;

	(void)on_return(self, values, count);
	if (LIKELY(t != NULL && tool_count(count) > 2))
		calls_arguments_end_kept(t, frame_now(), key, values[2]);
	return py.none;
}

CALLBACK(on_targeted_throw)
{
	return is_chosen(calls_code_key((uintptr_t)values[0])) ? on_resume(self, values, count)
							       : py.none;
}

CALLBACK(on_targeted_unwind)
{
	return is_chosen(calls_code_key((uintptr_t)values[0])) ? on_unwind(self, values, count)
							       : py.none;
}

/* --- in and out ------------------------------------------------------------ */

static const struct tool_row whole[EVENTS] = {
	[ON_START] = {"PY_START", (void *)on_start},
	[ON_RESUME] = {"PY_RESUME", (void *)on_resume},
	[ON_RETURN] = {"PY_RETURN", (void *)on_return},
	[ON_YIELD] = {"PY_YIELD", (void *)on_yield},
	[ON_THROW] = {"PY_THROW", (void *)on_resume},
	[ON_UNWIND] = {"PY_UNWIND", (void *)on_unwind},
	[ON_CALL] = {"CALL", (void *)on_call},
	[ON_C_RETURN] = {"C_RETURN", (void *)on_c_return},
	[ON_C_RAISE] = {"C_RAISE", (void *)on_c_raise},
};

static const struct tool_row *rows_wanted(struct tool_row rows[EVENTS])
{
	bool takes_turns = (calls_asked.want & CALLS_DUTY) != 0 &&
			   !(calls_asked.want & (CALLS_TARGETED | CALLS_DEMOTE));

	memcpy(rows, takes_turns ? by_turns : whole, sizeof whole);
	if (calls_asked.want & CALLS_TARGETED) {
		rows[ON_START].callback = (void *)on_targeted_start;
		rows[ON_THROW].callback = (void *)on_targeted_throw;
		rows[ON_UNWIND].callback = (void *)on_targeted_unwind;
		if (calls_asked.want & CALLS_ARGUMENTS) {
			rows[ON_START].callback = (void *)on_start_with_arguments;
			rows[ON_RETURN].callback = (void *)on_return_with_arguments;
		}
	} else if (calls_asked.want & CALLS_DEMOTE) {
		rows[ON_START].callback = (void *)on_start_or_demote;
		rows[ON_RETURN].callback = (void *)on_return_or_demote;
	}
	return rows;
}

static uint32_t events_of_all(void)
{
	if (calls_asked.want & CALLS_TARGETED)
		return BIT(ON_START) | BIT(ON_THROW) | BIT(ON_UNWIND);
	return OF_CALLS | (calls_asked.want & CALLS_C ? OF_C_CALLS : 0);
}

static bool find_types(void)
{
	py_object builtins = py_module("builtins");
	py_object length = py_attribute(builtins, "len");
	py_object text = py_attribute(builtins, "str");
	py_object join = py_attribute(text, "join");
	struct py_method_def **of_length = NULL, **of_join = NULL;

	if (length != NULL && join != NULL) {
		function_type = py_type_of(length);
		descriptor_type = py_type_of(join);
		of_length = (struct py_method_def **)((char *)length + FUNCTION_DEFINITION);
		of_join = (struct py_method_def **)((char *)join + DESCRIPTOR_DEFINITION);
	}
	bool fit = of_length != NULL && mapped_read() &&
		   mapped_readable((uintptr_t)*of_length, sizeof **of_length) &&
		   mapped_readable((uintptr_t)*of_join, sizeof **of_join) &&
		   mapped_readable((uintptr_t)(*of_length)->name, sizeof "len") &&
		   mapped_readable((uintptr_t)(*of_join)->name, sizeof "join") &&
		   strcmp((*of_length)->name, "len") == 0 && strcmp((*of_join)->name, "join") == 0;

	method_type = dlsym(RTLD_DEFAULT, "PyCMethod_Type");
	py.Py_DecRef(join);
	py.Py_DecRef(text);
	py.Py_DecRef(length);
	return fit;
}

bool calls_monitoring_install(char *reason, size_t reason_size)
{
	struct tool_row rows[EVENTS];

	paused = false;
	if (!find_types()) {
		snprintf(reason, reason_size, "C functions of Python %s are not as they are known",
			 py.version);
		return false;
	}
	fused_prepare();
	find_small_ints();
	if (!tool_take(&tool, rows_wanted(rows), EVENTS, reason, reason_size))
		return false;
	if (!tool_set(&tool, events_of_all())) {
		snprintf(reason, reason_size, "sys.monitoring refused the events");
		tool_give_back(&tool);
		return false;
	}
	tool_restart(&tool); /* what an earlier pattern did not choose is asked for again */
	return true;
}

void calls_monitoring_remove(void)
{
	tool_give_back(&tool);
}

void calls_monitoring_pause(bool off)
{
	paused = off;
	(void)tool_set(&tool, off ? 0 : events_of_all());
	if (calls_asked.want & CALLS_TARGETED)
		tool_set_kept(&tool, off ? 0 : events_of_code());
}
