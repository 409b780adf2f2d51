#include "agent/calls_line_events.h"

#include <dlfcn.h>
#include <stdio.h>

#include "agent/app_errors.h"
#include "agent/calls_chosen.h"
#include "agent/calls_code.h"
#include "agent/calls_frames.h"
#include "agent/calls_fused.h"
#include "agent/calls_lines.h"
#include "agent/calls_lines_memory.h"
#include "agent/calls_loops.h"
#include "agent/calls_tool.h"
#include "base/clock.h"

#define RESTART_NS (50 * NS_PER_MS)

enum event {
	ON_START,
	ON_RESUME,
	ON_RETURN,
	ON_YIELD,
	ON_THROW,
	ON_UNWIND,
	ON_LINE,
	ON_JUMP,
	ON_BRANCH,
	ON_CALL,
	EVENTS
};
#define BIT(event) (1u << (event))
/* An exception's ways cannot be had for one code object (PEP 669); they come when one unwinds. */
#define OF_ALL (BIT(ON_START) | BIT(ON_THROW) | BIT(ON_UNWIND))
#define OF_CALLED (BIT(ON_START) | BIT(ON_RESUME) | BIT(ON_RETURN) | BIT(ON_YIELD))
#define OF_CHOSEN (OF_CALLED | BIT(ON_LINE) | BIT(ON_JUMP) | BIT(ON_BRANCH) | BIT(ON_CALL))

static struct tool tool = TOOL_NONE;
static struct py_evaluation at; /* offsets of the running version */
static void *method_type, *builtin_type, *descriptor_type;
static py_object name_init, name_call; /* interned */
static uint64_t restarted_ns;
static bool paused;

#define CALLBACK(name) \
	static py_object name(py_object self __attribute__((unused)), const py_object *values, \
			      py_ssize count __attribute__((unused)))

/* --- code ---------------------------------------------------------------------------- */

static struct chosen *choice_of(uintptr_t code)
{
	uint64_t key = calls_code_key(code);
	struct chosen *chosen = chosen_find(key);

	return LIKELY(chosen != NULL) ? chosen : chosen_decide(key, code, py.PyEval_GetGlobals());
}

static uint32_t events_of(const struct chosen *chosen)
{
	return chosen->lines != 0 ? OF_CHOSEN : OF_CALLED;
}

/* Gives it the events it has from now on. */
static void watch(struct chosen *chosen, uintptr_t code)
{
	chosen->watched = tool_set_local(&tool, code, events_of(chosen));
}

static py_object left_alone(void)
{
	return py_keep(tool.disable);
}

/* A line's number, or an offset: one digit, from 3.12 on also of 0 (Objects/longobject.c). */
static inline uint32_t number_of(py_object number)
{
	return *(const uint32_t *)((const char *)number + at.long_digits);
}

#define LAST_SMALL 256u /* of the ints that are made once (_PY_NSMALLPOSINTS, 3.12 and 3.13) */

static inline void note_number(struct lines_thread *t, const void *number)
{
	if (number_of((py_object)(uintptr_t)number) > LAST_SMALL)
		lines_far(t);
}

/* --- begin and end ------------------------------------------------------------------- */

/* Called by the newest frame of chosen code itself. */
static bool is_called_from_chosen(const struct lines_thread *t)
{
	return t != NULL && t->depth > 0 && t->other == 0;
}

CALLBACK(on_start)
{
	uintptr_t code = (uintptr_t)values[0];
	struct chosen *chosen = paused ? NULL : choice_of(code);
	struct lines_thread *t;

	if (UNLIKELY(chosen == NULL))
		return py.none;
	t = chosen->lines != 0 ? lines_thread_now() : lines_self;
	if (UNLIKELY(!chosen->watched)) {
		if (chosen->lines == 0 && !is_called_from_chosen(t)) {
			chosen->left_alone = true;
			fused_restore(code);
			return left_alone();
		}
		watch(chosen, code);
	}
	if (t == NULL)
		return py.none;
	if (chosen->lines == 0) {
		lines_other_begin(t, frame_running());
		return py.none;
	}
	lines_begin(t, frame_running(), chosen->lines);
	if (lines_memory_is_on())
		lines_memory_begin(t, frame_running(), values[1]);
	return py.none;
}

/* The frame goes on. */
static void go_on(struct lines_thread *t, const struct chosen *chosen, const void *number)
{
	note_number(t, number);
	lines_resume(t, frame_running(), chosen->lines);
	if (lines_memory_is_on())
		lines_memory_begin(t, frame_running(), number);
}

CALLBACK(on_resume)
{
	const struct chosen *chosen = choice_of((uintptr_t)values[0]);
	struct lines_thread *t = lines_thread_now();

	if (UNLIKELY(chosen == NULL || t == NULL))
		return py.none;
	if (chosen->lines != 0)
		go_on(t, chosen, values[1]);
	else if (chosen->watched)
		lines_other_begin(t, frame_running());
	return py.none;
}

/* Its events are of all code. */
CALLBACK(on_throw)
{
	const struct chosen *chosen = chosen_find(calls_code_key((uintptr_t)values[0]));
	struct lines_thread *t = lines_self;

	if (chosen == NULL || t == NULL || paused)
		return py.none;
	if (chosen->lines != 0)
		go_on(t, chosen, values[1]);
	else if (chosen->watched)
		lines_other_begin(t, frame_running());
	return py.none;
}

CALLBACK(on_end)
{
	struct lines_thread *t = lines_self;
	uintptr_t frame;

	if (t == NULL || t->depth == 0)
		return py.none;
	frame = frame_running();
	if (t->other == frame) {
		lines_other_end(t, frame);
		return py.none;
	}
	if (lines_memory_is_on())
		lines_memory_event(t, frame, values[1]);
	note_number(t, values[1]);
	lines_end(t, frame);
	return py.none;
}

CALLBACK(on_yield)
{
	struct lines_thread *t = lines_self;
	uintptr_t frame;

	if (t == NULL || t->depth == 0)
		return py.none;
	frame = frame_running();
	if (t->other == frame) {
		lines_other_end(t, frame);
		return py.none;
	}
	if (lines_memory_is_on())
		lines_memory_event(t, frame, values[1]);
	note_number(t, values[1]);
	lines_suspend(t, frame);
	return py.none;
}

/* --- lines --------------------------------------------------------------------------- */

CALLBACK(on_line)
{
	struct lines_thread *t = lines_thread_now();
	uint32_t line = number_of(values[1]);
	const struct line_frame *f;
	uintptr_t frame;

	if (UNLIKELY(t == NULL))
		return py.none;
	frame = frame_running();
	f = lines_find(t, frame);
	if (line > LAST_SMALL)
		lines_far(t);
	if (LIKELY(f != NULL)) {
		if (lines_memory_is_on())
			lines_memory_event(t, frame, values[1]);
		lines_at(t, frame, f->code, line);
		return py.none;
	}
	const struct chosen *chosen = choice_of((uintptr_t)values[0]);
	if (chosen == NULL || chosen->lines == 0)
		return py.none;
	lines_at(t, frame, chosen->lines, line);
	if (lines_memory_is_on())
		lines_memory_begin(t, frame, values[1]);
	return py.none;
}

/* From values[1] to values[2]. What a `for` decides is a branch; the way back to it tells nothing.
 */
CALLBACK(on_jump)
{
	uintptr_t code = (uintptr_t)values[0];
	uint32_t from = number_of(values[1]), to = number_of(values[2]);
	enum loop_kind kind = to > from ? LOOP_NONE : loops_kind(calls_code_key(code), code, to);

	if (kind != LOOP_COUNTS && kind != LOOP_ASYNC)
		return left_alone();
	if (lines_self != NULL)
		lines_again(lines_self, frame_running(), kind == LOOP_ASYNC, LINE_NEVER_KNOWN);
	return py.none;
}

/* Each look of a `for` for more: goes on with what follows, or past the loop. */
CALLBACK(on_branch)
{
	uintptr_t code = (uintptr_t)values[0];
	uint32_t from = number_of(values[1]), to = number_of(values[2]);

	if (loops_kind(calls_code_key(code), code, from) != LOOP_LATE)
		return left_alone();
	if (lines_self == NULL)
		return py.none;
	if (to == from + at.for_bytes)
		lines_again(lines_self, frame_running(), true, LINE_NEVER_KNOWN);
	else
		lines_again_over(lines_self, frame_running());
	return py.none;
}

/* --- calls --------------------------------------------------------------------------- */

static inline uintptr_t code_of_function(py_object function)
{
	return *(const uintptr_t *)((const char *)function + at.function_code);
}

/* The code that a call of it runs; 0: none of Python's. */
static uintptr_t code_called(py_object callable)
{
	void *type = py_type_of(callable);
	py_object found;

	if (LIKELY(type == py.function_type))
		return code_of_function(callable);
	if (type == method_type) {
		found = *(void **)((char *)callable + at.method_function);
		return py_type_of(found) == py.function_type ? code_of_function(found) : 0;
	}
	found = py.PyType_IsSubtype(type, py.type_type) ? py._PyType_Lookup(callable, name_init)
							: py._PyType_Lookup(type, name_call);
	return found != NULL && py_type_of(found) == py.function_type ? code_of_function(found) : 0;
}

/* It had been left alone when it was called from elsewhere. */
static void call_again(struct chosen *chosen, uintptr_t code)
{
	uint64_t now_ns = agent_now_ns();

	if (now_ns - restarted_ns < RESTART_NS)
		return; /* its next call asks again */
	restarted_ns = now_ns;
	chosen->left_alone = false;
	watch(chosen, code);
	tool_restart(&tool);
}

/* values[2] is about to be called by chosen code. */
CALLBACK(on_call)
{
	void *type = py_type_of(values[2]);
	struct chosen *chosen;
	uintptr_t code;

	if (type == builtin_type || type == descriptor_type)
		return left_alone();
	if (lines_self != NULL)
		lines_calls(lines_self);
	code = code_called(values[2]);
	if (code == 0)
		return py.none;
	chosen = chosen_find(calls_code_key(code));
	/* one that was never seen is asked for when it starts */
	if (chosen != NULL && UNLIKELY(chosen->left_alone))
		call_again(chosen, code);
	return py.none;
}

/* --- in and out ---------------------------------------------------------------------- */

static const struct tool_row rows[EVENTS] = {
	[ON_START] = {"PY_START", (void *)on_start}, [ON_RESUME] = {"PY_RESUME", (void *)on_resume},
	[ON_RETURN] = {"PY_RETURN", (void *)on_end}, [ON_YIELD] = {"PY_YIELD", (void *)on_yield},
	[ON_THROW] = {"PY_THROW", (void *)on_throw}, [ON_UNWIND] = {"PY_UNWIND", (void *)on_end},
	[ON_LINE] = {"LINE", (void *)on_line},       [ON_JUMP] = {"JUMP", (void *)on_jump},
	[ON_BRANCH] = {"BRANCH", (void *)on_branch}, [ON_CALL] = {"CALL", (void *)on_call},
};

static bool find_types(void)
{
	method_type = dlsym(RTLD_DEFAULT, "PyMethod_Type");
	builtin_type = dlsym(RTLD_DEFAULT, "PyCFunction_Type");
	descriptor_type = dlsym(RTLD_DEFAULT, "PyMethodDescr_Type");
	if (name_init == NULL)
		name_init = py.PyUnicode_InternFromString("__init__");
	if (name_call == NULL)
		name_call = py.PyUnicode_InternFromString("__call__");
	app_errors_forget();
	return method_type != NULL && builtin_type != NULL && descriptor_type != NULL &&
	       name_init != NULL && name_call != NULL;
}

/* Chosen code that runs already: its next line is seen without its begin. */
static void watch_running(void)
{
	const struct py_layout *l = &agent_layout;
	uintptr_t mine = (uintptr_t)frame_thread_state();
	uintptr_t interp = *(const uintptr_t *)(mine + l->tstate_interp);
	uintptr_t tstate = *(const uintptr_t *)(interp + l->interp_threads_head);

	for (; tstate != 0; tstate = *(const uintptr_t *)(tstate + l->tstate_next)) {
		struct walk_frame f = {.frame = 0};

		(void)walk_newest(l, walk_read_direct, NULL, tstate, &f.frame);
		for (; f.frame != 0; f.frame = f.back) {
			if (!walk_read_frame(l, walk_read_direct, NULL, (uintptr_t)py.code_type,
					     &f))
				break;
			if (f.kind != WALK_PYTHON)
				continue;
			struct chosen *chosen = chosen_find(calls_code_key(f.code));
			if (chosen == NULL)
				chosen = chosen_decide(calls_code_key(f.code), f.code,
						       *(void **)(f.frame + at.frame_globals));
			if (chosen != NULL && chosen->lines != 0 && !chosen->watched)
				watch(chosen, f.code);
		}
	}
}

bool calls_line_events_install(char *reason, size_t reason_size)
{
	const struct py_evaluation *row = py_evaluation_for(py.version_hex);

	if (row == NULL || !loops_prepare() || !find_types()) {
		snprintf(reason, reason_size, "opcodes of Python %s are not known", py.version);
		return false;
	}
	at = *row;
	paused = false;
	lines_reset();
	fused_prepare();
	if (!tool_take(&tool, rows, EVENTS, reason, reason_size))
		return false;
	if (tool_set(&tool, OF_ALL)) {
		tool_restart(&tool); /* what an earlier pattern did not choose */
		restarted_ns = agent_now_ns();
		watch_running();
		return true;
	}
	tool_give_back(&tool);
	return false;
}

static uint32_t events_wanted(uintptr_t code)
{
	const struct chosen *chosen = paused ? NULL : chosen_find(calls_code_key(code));

	return chosen == NULL ? 0 : events_of(chosen);
}

void calls_line_events_pause(bool off)
{
	paused = off;
	lines_reset();
	tool_set_kept_by(&tool, events_wanted);
}

void calls_line_events_remove(void)
{
	tool_give_back(&tool);
}
