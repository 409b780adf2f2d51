#include "agent/calls_monitoring.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/calls_control.h"
#include "agent/calls_cost.h"
#include "agent/mapped.h"
#include "base/hash.h"

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

static struct {
	py_object monitoring; /* the module, strong */
	py_object disable;    /* sys.monitoring.DISABLE, strong */
	long bits[EVENTS];
	py_object codes; /* list of the chosen code objects, strong; NULL: nothing is in place */
	long tool;       /* -1: none */
	long of_code;
} m = {.tool = -1};

#define CODE_GENERATOR 0x20u
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
	if (LIKELY(t != NULL))
		calls_resume(t, calls_code_key(code), code,
			     flags_of(code) & CODE_SUSPENDS ? frame_now() : 0);
	return py.none;
}

CALLBACK(on_return)
{
	struct calls_thread *t = calls_thread_now();

	(void)self;
	(void)count;
	if (LIKELY(t != NULL))
		calls_leave(t, calls_code_key((uintptr_t)values[0]), false);
	return py.none;
}

CALLBACK(on_yield)
{
	struct calls_thread *t = calls_thread_now();
	uintptr_t code = (uintptr_t)values[0];

	(void)self;
	if (LIKELY(t != NULL && count > 2))
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
	return UNLIKELY(calls_is_demoted(t)) ? py_keep(m.disable) : py.none;
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
		calls_leave(t, key, false);
		return py.none;
	}
	if (is_top)
		calls_leave(t, key, false);
	return calls_key_is_demoted(t, key) ? py_keep(m.disable) : py.none;
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
	uint64_t key = count > 2 ? c_key_of(values[2]) : 0;
	struct calls_thread *t = key == 0 ? NULL : calls_thread_now();

	(void)self;
	if (t != NULL)
		calls_c_enter(t, key, values[2]);
	return py.none;
}

static inline py_object c_ended(const py_object *values, py_ssize count, bool raised)
{
	uint64_t key = count > 2 ? c_key_of(values[2]) : 0;
	struct calls_thread *t = key == 0 ? NULL : calls_thread_now();

	if (t != NULL)
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

/* --- chosen functions alone ------------------------------------------------ */

#define CHOSEN_SLOTS 8192u /* a power of two; half of them are used */

static uint64_t chosen[CHOSEN_SLOTS]; /* keys */
static uint32_t chosen_count;

static uint32_t chosen_slot(uint64_t key)
{
	uint32_t at = (uint32_t)hash_mix64(key) & (CHOSEN_SLOTS - 1);

	while (chosen[at] != 0 && chosen[at] != key)
		at = (at + 1) & (CHOSEN_SLOTS - 1);
	return at;
}

static bool is_chosen(uint64_t key)
{
	return chosen[chosen_slot(key)] != 0;
}

/* The code object is kept, so that its events can be taken off again. */
static bool choose(py_object code, uint64_t key)
{
	py_object done;

	if (chosen_count >= CHOSEN_SLOTS / 2) {
		calls_control_reason("more than %u functions are chosen: the rest is not counted",
				     CHOSEN_SLOTS / 2);
		return false;
	}
	done = py.PyList_Append(m.codes, code) != 0
		       ? NULL
		       : py.PyObject_CallMethod(m.monitoring, "set_local_events", "lOl", m.tool,
						code, m.of_code);
	py.PyErr_Clear();
	py.Py_DecRef(done);
	if (done == NULL)
		return false;
	chosen[chosen_slot(key)] = key;
	chosen_count++;
	return true;
}

static bool is_wanted(py_object code)
{
	return (uintptr_t)code == calls_cost_code ||
	       calls_pattern_chooses(&calls_asked.pattern, (uintptr_t)code, py.PyEval_GetGlobals());
}

/* First sight of a code object, or a call of a chosen one. */
CALLBACK(on_targeted_start)
{
	py_object code = values[0];
	uint64_t key = calls_code_key((uintptr_t)code);
	struct calls_thread *t;

	(void)self;
	(void)count;
	if (UNLIKELY(!is_chosen(key)) && (!is_wanted(code) || !choose(code, key)))
		return py_keep(m.disable);
	t = calls_thread_now();
	if (LIKELY(t != NULL))
		calls_enter(t, key, (uintptr_t)code);
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

static void set_chosen(long events)
{
	py_ssize count = m.codes == NULL ? 0 : py.PyList_Size(m.codes);

	for (py_ssize i = 0; i < count; i++) {
		py.Py_DecRef(py.PyObject_CallMethod(m.monitoring, "set_local_events", "lOl", m.tool,
						    py.PyList_GetItem(m.codes, i), events));
		py.PyErr_Clear();
	}
}

static void forget_chosen(void)
{
	set_chosen(0);
	py_clear(&m.codes);
	memset(chosen, 0, sizeof chosen);
	chosen_count = 0;
}

/* --- in and out ------------------------------------------------------------ */

static const struct {
	const char *name; /* of sys.monitoring.events */
	void *callback, *targeted;
} rows[EVENTS] = {
	[ON_START] = {"PY_START", (void *)on_start, (void *)on_targeted_start},
	[ON_RESUME] = {"PY_RESUME", (void *)on_resume, (void *)on_resume},
	[ON_RETURN] = {"PY_RETURN", (void *)on_return, (void *)on_return},
	[ON_YIELD] = {"PY_YIELD", (void *)on_yield, (void *)on_yield},
	[ON_THROW] = {"PY_THROW", (void *)on_resume, (void *)on_targeted_throw},
	[ON_UNWIND] = {"PY_UNWIND", (void *)on_unwind, (void *)on_targeted_unwind},
	[ON_CALL] = {"CALL", (void *)on_call, (void *)on_call},
	[ON_C_RETURN] = {"C_RETURN", (void *)on_c_return, (void *)on_c_return},
	[ON_C_RAISE] = {"C_RAISE", (void *)on_c_raise, (void *)on_c_raise},
};
static struct py_method_def definitions[EVENTS];

/* The call's result is of no interest. False: it failed. */
static bool done(py_object result)
{
	bool fine = result != NULL;

	py.PyErr_Clear();
	py.Py_DecRef(result);
	return fine;
}

static bool find_module(void)
{
	py_object events;

	if (m.monitoring != NULL)
		return true;
	m.monitoring = py_attribute(py_module("sys"), "monitoring");
	m.disable = py_attribute(m.monitoring, "DISABLE");
	events = py_attribute(m.monitoring, "events");
	for (size_t i = 0; i < EVENTS; i++)
		m.bits[i] = py_long_attribute(events, rows[i].name, 0);
	py.Py_DecRef(events);
	return m.disable != NULL && m.bits[ON_START] != 0;
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

/* The ids that PEP 669 gives to nobody, then that of an optimizer. */
static bool take_tool(char *reason, size_t reason_size)
{
	static const long ids[] = {3, 4, 5};
	char names[3][40] = {"", "", ""};

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		py_object name = py.PyObject_CallMethod(m.monitoring, "get_tool", "l", ids[i]);
		size_t length;
		const char *text = name == NULL ? NULL : py_text(name, &length);

		if (text != NULL)
			snprintf(names[i], sizeof names[i], "%s", text);
		if (name == py.none && done(py.PyObject_CallMethod(m.monitoring, "use_tool_id",
								   "ls", ids[i], "unslow")))
			m.tool = ids[i];
		py.PyErr_Clear();
		py.Py_DecRef(name);
		if (m.tool >= 0)
			return true;
	}
	snprintf(reason, reason_size,
		 "the tool ids 3, 4 and 5 of sys.monitoring are taken by %s, %s and %s; run "
		 "without one of them",
		 names[0], names[1], names[2]);
	return false;
}

static uint32_t wanted_events(void)
{
	bool c_calls = (calls_asked.want & CALLS_C) != 0;

	if (calls_asked.want & CALLS_TARGETED)
		return BIT(ON_START) | BIT(ON_THROW) | BIT(ON_UNWIND);
	return OF_CALLS | (c_calls ? OF_C_CALLS : 0);
}

static long bits_of(uint32_t events)
{
	long bits = 0;

	for (size_t i = 0; i < EVENTS; i++)
		if (events & BIT(i))
			bits |= m.bits[i];
	return bits;
}

static void *callback_of(size_t event)
{
	if (calls_asked.want & CALLS_TARGETED)
		return rows[event].targeted;
	if (calls_asked.want & CALLS_DEMOTE && event == ON_START)
		return (void *)on_start_or_demote;
	if (calls_asked.want & CALLS_DEMOTE && event == ON_RETURN)
		return (void *)on_return_or_demote;
	return rows[event].callback;
}

static bool register_all(void)
{
	bool fine = true;

	for (size_t i = 0; i < EVENTS && fine; i++) {
		py_object callback;

		definitions[i] = (struct py_method_def){
			.name = "unslow",
			.function = callback_of(i),
			.flags = PY_METH_FASTCALL,
		};
		callback = py.PyCFunction_NewEx(&definitions[i], NULL, NULL);
		fine = callback != NULL &&
		       done(py.PyObject_CallMethod(m.monitoring, "register_callback", "llO", m.tool,
						   m.bits[i], callback));
		py.Py_DecRef(callback);
	}
	return fine;
}

bool calls_monitoring_install(char *reason, size_t reason_size)
{
	uint32_t of_code = OF_CODE | (calls_asked.want & CALLS_C ? BIT(ON_CALL) : 0);

	snprintf(reason, reason_size, "sys.monitoring of Python %s is not as it is known",
		 py.Py_GetVersion());
	if (!find_module() || !find_types() || !take_tool(reason, reason_size))
		return false;
	m.of_code = bits_of(of_code);
	m.codes = py.PyList_New(0);
	/* restart_events: what an earlier pattern did not choose is asked for again */
	if (m.codes != NULL && register_all() &&
	    done(py.PyObject_CallMethod(m.monitoring, "set_events", "ll", m.tool,
					bits_of(wanted_events()))) &&
	    done(py.PyObject_CallMethod(m.monitoring, "restart_events", NULL))) {
		reason[0] = '\0';
		return true;
	}
	calls_monitoring_remove();
	return false;
}

void calls_monitoring_remove(void)
{
	if (m.tool < 0)
		return;
	(void)done(py.PyObject_CallMethod(m.monitoring, "set_events", "ll", m.tool, 0L));
	forget_chosen();
	for (size_t i = 0; i < EVENTS; i++)
		(void)done(py.PyObject_CallMethod(m.monitoring, "register_callback", "llO", m.tool,
						  m.bits[i], py.none));
	(void)done(py.PyObject_CallMethod(m.monitoring, "free_tool_id", "l", m.tool));
	m.tool = -1;
}

void calls_monitoring_pause(bool off)
{
	(void)done(py.PyObject_CallMethod(m.monitoring, "set_events", "ll", m.tool,
					  off ? 0L : bits_of(wanted_events())));
	set_chosen(off ? 0L : m.of_code);
}
