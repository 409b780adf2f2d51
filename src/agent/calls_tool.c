#include "agent/calls_tool.h"

#include "agent/app_errors.h"

#include <stdio.h>

/* The call's result is of no interest. False: it failed. */
static bool done(py_object result)
{
	bool fine = result != NULL;

	app_errors_forget();
	py.Py_DecRef(result);
	return fine;
}

static bool find_module(struct tool *tool, const struct tool_row *rows, size_t count)
{
	py_object events;

	if (tool->monitoring == NULL)
		tool->monitoring = py_attribute(py_module("sys"), "monitoring");
	if (tool->monitoring == NULL)
		return false;
	if (tool->disable == NULL)
		tool->disable = py_attribute(tool->monitoring, "DISABLE");
	events = py_attribute(tool->monitoring, "events");
	tool->count = count;
	for (size_t i = 0; i < count; i++)
		tool->bits[i] = py_long_attribute(events, rows[i].name, 0);
	py.Py_DecRef(events);
	return tool->disable != NULL && events != NULL;
}

static bool take_id(struct tool *tool, char *reason, size_t reason_size)
{
	static const long ids[] = {3, 4, 5};
	char names[3][40] = {"", "", ""};

	for (size_t i = 0; i < sizeof ids / sizeof *ids && tool->id < 0; i++) {
		py_object name = py.PyObject_CallMethod(tool->monitoring, "get_tool", "l", ids[i]);
		size_t length;
		const char *text = name == NULL ? NULL : py_text(name, &length);

		if (text != NULL)
			snprintf(names[i], sizeof names[i], "%s", text);
		if (name == py.none && done(py.PyObject_CallMethod(tool->monitoring, "use_tool_id",
								   "ls", ids[i], "unslow")))
			tool->id = ids[i];
		app_errors_forget();
		py.Py_DecRef(name);
	}
	if (tool->id < 0)
		snprintf(
			reason, reason_size,
			"the tool ids 3, 4 and 5 of sys.monitoring are taken by %s, %s and %s; run "
			"without one of them",
			names[0], names[1], names[2]);
	return tool->id >= 0;
}

static bool set_callback(struct tool *tool, size_t row, py_object callback)
{
	return tool->bits[row] == 0 ||
	       done(py.PyObject_CallMethod(tool->monitoring, "register_callback", "llO", tool->id,
					   tool->bits[row], callback));
}

/* --- entries --------------------------------------------------------------- */

/* PyCFunctionObject.vectorcall (Include/cpython/methodobject.h, 3.8–3.14): what Python enters. Of a
 * METH_FASTCALL function it is one that looks at the arguments and the depth of recursion and asks
 * for the thread's state, then calls the function: more than half of what the callback itself
 * takes. */
#define FUNCTION_ENTRY 48

static void *entry_of(int flags)
{
	/* nobody else has the object: it does not outlive this */
	struct py_method_def of = {.name = "unslow", .function = (void *)entry_of, .flags = flags};
	py_object function = py.PyCFunction_NewEx(&of, NULL, NULL);
	void *entry = NULL;

	if (function != NULL)
		entry = *(void **)((char *)function + FUNCTION_ENTRY);
	app_errors_forget();
	py.Py_DecRef(function);
	return entry;
}

/* One for each kind of function, none for that which takes a tuple. */
static bool entries_are_known(void)
{
	static int known; /* 1: yes, -1: no */
	const void *of_one, *of_many;

	if (known == 0) {
		of_one = entry_of(PY_METH_O);
		of_many = entry_of(PY_METH_FASTCALL);
		known = entry_of(PY_METH_VARARGS) == NULL && of_one != NULL && of_many != NULL &&
					of_one != of_many
				? 1
				: -1;
	}
	return known > 0;
}

/* The callback itself is entered. Its arguments are the same, but for the first, which is the
 * object in place of its `self`, and a bit in their number (PY_VECTORCALL_ARGUMENTS_OFFSET). */
static void enter_directly(py_object callback, void *function)
{
	if (entries_are_known())
		*(void **)((char *)callback + FUNCTION_ENTRY) = function;
}

static bool register_all(struct tool *tool, const struct tool_row *rows)
{
	for (size_t i = 0; i < tool->count; i++) {
		py_object callback;
		bool fine;

		tool->definitions[i] = (struct py_method_def){
			.name = "unslow",
			.function = rows[i].callback,
			.flags = PY_METH_FASTCALL,
		};
		callback = py.PyCFunction_NewEx(&tool->definitions[i], NULL, NULL);
		if (callback != NULL)
			enter_directly(callback, rows[i].callback);
		fine = callback != NULL && set_callback(tool, i, callback);
		py.Py_DecRef(callback);
		if (!fine)
			return false;
	}
	return true;
}

bool tool_take(struct tool *tool, const struct tool_row *rows, size_t count, char *reason,
	       size_t reason_size)
{
	snprintf(reason, reason_size, "sys.monitoring of Python %s is not as it is known",
		 py.version);
	if (!find_module(tool, rows, count) || !take_id(tool, reason, reason_size))
		return false;
	tool->codes = py.PyList_New(0);
	if (tool->codes != NULL && register_all(tool, rows)) {
		reason[0] = '\0';
		return true;
	}
	tool_give_back(tool);
	return false;
}

/* free_tool_id() leaves events and callbacks as they are (3.12). */
void tool_give_back(struct tool *tool)
{
	if (tool->id < 0)
		return;
	(void)tool_set(tool, 0);
	tool_set_kept(tool, 0);
	py.Py_DecRef(tool->codes);
	tool->codes = NULL;
	for (size_t i = 0; i < tool->count; i++)
		(void)set_callback(tool, i, py.none);
	(void)done(py.PyObject_CallMethod(tool->monitoring, "free_tool_id", "l", tool->id));
	tool->id = -1;
}

static long bits_of(const struct tool *tool, uint32_t events)
{
	long bits = 0;

	for (size_t i = 0; i < tool->count; i++)
		if (events >> i & 1)
			bits |= tool->bits[i];
	return bits;
}

bool tool_set(struct tool *tool, uint32_t events)
{
	return done(py.PyObject_CallMethod(tool->monitoring, "set_events", "ll", tool->id,
					   bits_of(tool, events)));
}

static bool set_local(struct tool *tool, py_object code, uint32_t events)
{
	return done(py.PyObject_CallMethod(tool->monitoring, "set_local_events", "lOl", tool->id,
					   code, bits_of(tool, events)));
}

bool tool_set_once(struct tool *tool, uintptr_t code, uint32_t events)
{
	return set_local(tool, (py_object)code, events) && set_local(tool, (py_object)code, 0);
}

void tool_set_kept(struct tool *tool, uint32_t events)
{
	py_ssize count = tool->codes == NULL ? 0 : py.PyList_Size(tool->codes);

	for (py_ssize i = 0; i < count; i++)
		(void)set_local(tool, py.PyList_GetItem(tool->codes, i), events);
}

void tool_set_kept_by(struct tool *tool, uint32_t (*events)(uintptr_t code))
{
	py_ssize count = tool->codes == NULL ? 0 : py.PyList_Size(tool->codes);

	for (py_ssize i = 0; i < count; i++) {
		py_object code = py.PyList_GetItem(tool->codes, i);

		(void)set_local(tool, code, events((uintptr_t)code));
	}
}

bool tool_set_local(struct tool *tool, uintptr_t code, uint32_t events)
{
	if (py.PyList_Append(tool->codes, (py_object)code) != 0) {
		app_errors_forget();
		return false;
	}
	return set_local(tool, (py_object)code, events);
}

void tool_restart(struct tool *tool)
{
	(void)done(py.PyObject_CallMethod(tool->monitoring, "restart_events", NULL));
}
