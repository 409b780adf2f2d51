#include "agent/tornado.h"

#include <stdlib.h>

#include "agent/app_errors.h"
#include "agent/exceptions.h"
#include "agent/facts.h"
#include "agent/headers.h"
#include "agent/loop.h"
#include "agent/routes.h"
#include "agent/stepped.h"

enum { ROW_EXECUTE, ROW_EXCEPTION };

static bool is_a(py_object object, const char *module, const char *class_name)
{
	py_object class = py_attribute(py_module(module), class_name);
	bool yes = class != NULL && py.PyObject_IsInstance(object, class) == 1;

	app_errors_forget();
	py.Py_DecRef(class);
	return yes;
}

static struct unit *begin(py_object handler, uint64_t made_ns)
{
	static py_object key_request;
	struct unit *unit = unit_begin_since(UNIT_REQUEST, made_ns);
	py_object request;

	if (unit == NULL)
		return NULL;
	request = py_attribute_kept(handler, &key_request, "request");
	headers_note_request(unit, request);
	py.Py_DecRef(request);
	return unit;
}

static void finish(struct unit *unit, py_object handler, bool returned)
{
	static py_object key_headers;
	long status = py_long_attribute(handler, "_status_code", 0);
	py_object headers = py_attribute_kept(handler, &key_headers, "_headers");
	py_object value = header_in(headers, "Content-Length");
	size_t length;
	const char *text = py_text(value, &length);

	unit->status = returned && status > 0 && status < 1000 ? (int16_t)status : 0;
	if (text != NULL)
		unit->response_bytes = strtoull(text, NULL, 10);
	if (is_a(handler, "tornado.web", "ErrorHandler"))
		unit_set_route(unit, route_unmatched_id());
	else
		route_from_view(unit, handler);
	py.Py_DecRef(value);
	py.Py_DecRef(headers);
}

static py_object execute(py_object self, const py_object *values, py_ssize count,
			 py_object keywords)
{
	py_object coroutine = py_call(tornado_hooks[ROW_EXECUTE].original, self,
				      (struct py_arguments){values, count, keywords});
	struct stepped *call;

	if (coroutine == NULL)
		return NULL;
	if (is_a(self, "tornado.websocket", "WebSocketHandler")) {
		units_note_websocket();
		return coroutine;
	}
	loop_note();
	facts_at_unit(self, NULL);
	call = stepped_new(NULL, self, finish);
	if (call == NULL) {
		app_errors_forget();
		return coroutine;
	}
	call->coroutine = coroutine;
	call->begin = begin;
	call->has_value = true;
	return call;
}

/* (type, value, traceback): HTTPError is how handlers answer, the others are errors. */
static py_object log_exception(py_object self, const py_object *values, py_ssize count,
			       py_object keywords)
{
	if (count == 3 && !is_a(values[1], "tornado.web", "HTTPError"))
		exception_note_object(values[1]);
	return py_call(tornado_hooks[ROW_EXCEPTION].original, self,
		       (struct py_arguments){values, count, keywords});
}

struct hook_row tornado_hooks[] = {
	[ROW_EXECUTE] = HOOK_ROW("tornado.web", "RequestHandler", "_execute", execute),
	[ROW_EXCEPTION] = HOOK_ROW("tornado.web", "RequestHandler", "log_exception", log_exception),
	{.module = NULL},
};
