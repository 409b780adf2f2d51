#include "agent/wsgi.h"

#include <string.h>

#include "agent/app_errors.h"
#include "agent/exceptions.h"
#include "agent/facts.h"
#include "agent/routes.h"
#include "agent/trace_context.h"
#include "agent/wsgi_body.h"
#include "agent/wsgi_response.h"
#include "agent/wsgi_run.h"

static py_object key_file_wrapper; /* interned, strong */
static py_object key_method;
static py_object key_read;
static py_object key_trace;
static py_object key_length;

/* Iterables the server looks for by type must reach it as they are; the unit
 * then ends when the application returns. */
static bool must_pass(py_object environ, py_object iterable)
{
	py_object wrapper = py.PyDict_GetItem(environ, key_file_wrapper); /* borrowed */

	if (!wsgi_body_wraps(iterable))
		return true;
	if (wrapper == NULL)
		return false;
	if (py_type_of(wrapper) == py.type_type)
		return py.PyType_IsSubtype(py_type_of(iterable), wrapper) != 0;
	/* uWSGI's is a function that returns the file, and knows it again */
	return py._PyType_Lookup(py_type_of(iterable), key_read) != NULL;
}

/* Bytes of a list or tuple, whose iteration runs nobody's code. */
static void count_bytes(struct unit *unit, py_object parts)
{
	py_object iterator = NULL;
	py_object part;

	if (py_type_of(parts) == py.list_type || py_type_of(parts) == py.tuple_type)
		iterator = py.PyObject_GetIter(parts);
	while (iterator != NULL && (part = py.PyIter_Next(iterator)) != NULL) {
		if (py_type_of(part) == py.bytes_type)
			unit->response_bytes += (uint64_t)py.PyBytes_Size(part);
		py.Py_DecRef(part);
	}
	if (iterator != NULL)
		py.Py_DecRef(iterator);
	else
		app_errors_forget();
}

static void end_without_body(struct unit *unit, py_object iterable)
{
	py_object type, value, traceback;

	py.PyErr_Fetch(&type, &value, &traceback);
	if (iterable == NULL)
		exception_note(unit, type, traceback);
	else
		count_bytes(unit, iterable);
	unit_end(unit);
	py.PyErr_Restore(type, value, traceback);
}

/* What the server gets for the application's iterable (reference taken over). */
static py_object finish(struct unit *unit, py_object environ, py_object iterable)
{
	py_object body;

	if (iterable == NULL || must_pass(environ, iterable)) {
		end_without_body(unit, iterable);
		return iterable;
	}
	body = wsgi_body_new(unit, iterable);
	if (body != NULL)
		return body;
	app_errors_forget(); /* it cannot be: the app goes on, the unit ends here */
	unit_end(unit);
	return iterable;
}

static void note_method(struct unit *unit, py_object environ)
{
	size_t length;
	const char *method = py_text(py.PyDict_GetItem(environ, key_method), &length);

	if (method != NULL && length <= 16)
		unit->method = dict_text_id(method, length);
}

/* What its headers say: its trace, and how long its body is. */
static void note_headers(struct unit *unit, py_object environ)
{
	py_object header = py.PyDict_GetItem(environ, key_trace); /* borrowed */
	const char *text;
	size_t length;

	if (header != NULL) {
		text = py_text(header, &length);
		trace_context_note(unit, text, length);
	}
	header = py.PyDict_GetItem(environ, key_length);
	if (header != NULL) {
		text = py_text(header, &length);
		unit_note_length(unit, text, length);
	}
}

/* The application runs: its unit is entered. Stacks begin at our caller, also in
 * what the server does for the unit afterwards, until unit_end(). */
static py_object run_entered(struct unit *unit, py_object callable, py_object self,
			     struct py_arguments arguments)
{
	struct wsgi_run run = wsgi_run_enter(unit);
	py_object result = py_call(callable, self, arguments);

	if (run.thread != NULL && !unit->in_turns)
		run.base_before = run.thread->unit_base_frame;
	wsgi_run_leave(unit, run);
	return result;
}

py_object wsgi_serve(py_object callable, py_object self, const py_object *values, py_ssize count,
		     py_object keywords, bool framework)
{
	struct py_arguments arguments = {values, count, keywords};
	struct unit *outer = unit_here();
	struct unit *unit = NULL;
	py_object start;
	py_object result;

	/* an async unit may run a WSGI application in a thread, while it waits */
	if (outer != NULL && (outer->entered > 0 || outer->steps > 0)) {
		if (framework && outer->route == 0)
			unit_set_route(outer, route_unmatched_id());
		return py_call(callable, self, arguments);
	}
	if (count == 2 && keywords == NULL) {
		facts_at_unit(self, values[0]);
		unit = unit_begin(UNIT_REQUEST);
	}
	if (unit == NULL)
		return py_call(callable, self, arguments);
	unit->in_turns = facts_server_takes_turns();
	note_method(unit, values[0]);
	note_headers(unit, values[0]);
	start = wsgi_start_new(unit, values[1]);
	if (start == NULL) {
		app_errors_forget();
		unit_end(unit);
		unit_release(unit);
		return py_call(callable, self, arguments);
	}
	result = run_entered(unit, callable, self,
			     (struct py_arguments){(py_object[]){values[0], start}, 2, NULL});
	py.Py_DecRef(start);
	if (unit->route == 0 && result != NULL)
		route_from_environ(unit, values[0]);
	if (unit->route == 0 && !framework) {
		py_object type, value, traceback;

		py.PyErr_Fetch(&type, &value, &traceback);
		route_from_callable(unit, self != NULL ? self : callable);
		py.PyErr_Restore(type, value, traceback);
	}
	result = finish(unit, values[0], result);
	unit_release(unit);
	return result;
}

/* --- the frameworks' entries -------------------------------------------------- */

enum { ROW_FLASK, ROW_DJANGO, ROW_BOTTLE, ROW_FALCON };

#define ENTRY(function, row) \
	static py_object function(py_object self, const py_object *values, py_ssize count, \
				  py_object keywords) \
	{ \
		return wsgi_serve(wsgi_hooks[row].original, self, values, count, keywords, true); \
	}

ENTRY(flask_entry, ROW_FLASK)
ENTRY(django_entry, ROW_DJANGO)
ENTRY(bottle_entry, ROW_BOTTLE)
ENTRY(falcon_entry, ROW_FALCON)

struct hook_row wsgi_hooks[] = {
	[ROW_FLASK] = HOOK_ROW("flask.app", "Flask", "__call__", flask_entry),
	[ROW_DJANGO] =
		HOOK_ROW("django.core.handlers.wsgi", "WSGIHandler", "__call__", django_entry),
	[ROW_BOTTLE] = HOOK_ROW("bottle", "Bottle", "__call__", bottle_entry),
	[ROW_FALCON] = HOOK_ROW("falcon.app", "App", "__call__", falcon_entry),
	{.module = NULL},
};

bool wsgi_prepare(void)
{
	key_file_wrapper = py.PyUnicode_InternFromString("wsgi.file_wrapper");
	key_method = py.PyUnicode_InternFromString("REQUEST_METHOD");
	key_read = py.PyUnicode_InternFromString("read");
	key_trace = py.PyUnicode_InternFromString("HTTP_TRACEPARENT");
	key_length = py.PyUnicode_InternFromString("CONTENT_LENGTH");
	if (key_file_wrapper == NULL || key_method == NULL || key_read == NULL ||
	    key_trace == NULL || key_length == NULL) {
		app_errors_forget();
		return false;
	}
	return wsgi_response_prepare() && wsgi_body_prepare();
}
