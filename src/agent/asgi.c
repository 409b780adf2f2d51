#include "agent/asgi.h"

#include <string.h>
#include <strings.h>

#include "agent/app_errors.h"
#include "agent/core.h"
#include "agent/facts.h"
#include "agent/loop.h"
#include "agent/routes.h"
#include "agent/stepped.h"
#include "agent/steps.h"
#include "agent/trace_context.h"
#include "agent/units.h"

/* The send() that the application gets: sees status and bytes, and when the answer is complete. */
struct asgi_send {
	struct py_head head;
	py_object send;
	struct unit *unit;
};

static py_object send_type;
static py_object key_type, key_status, key_body, key_more_body, key_method, key_headers, key_await,
	key_throw; /* interned, strong */

/* --- send -------------------------------------------------------------------- */

static bool is_text(py_object text, const char *wanted)
{
	size_t length;
	const char *bytes = py_text(text, &length);

	return bytes != NULL && strcmp(bytes, wanted) == 0;
}

/* The value of a header, a pair of bytes, if that is its name (lower case). NULL: it is another. */
static const char *value_of(py_object header, const char *name, size_t name_length, size_t *length)
{
	py_object parts[2];

	if (py_type_of(header) == py.tuple_type && py.PyTuple_Size(header) == 2) {
		parts[0] = py.PyTuple_GetItem(header, 0);
		parts[1] = py.PyTuple_GetItem(header, 1);
	} else if (py_type_of(header) == py.list_type && py.PyList_Size(header) == 2) {
		parts[0] = py.PyList_GetItem(header, 0);
		parts[1] = py.PyList_GetItem(header, 1);
	} else {
		return NULL;
	}
	if (py_type_of(parts[0]) != py.bytes_type || py_type_of(parts[1]) != py.bytes_type ||
	    (size_t)py.PyBytes_Size(parts[0]) != name_length ||
	    strncasecmp(py.PyBytes_AsString(parts[0]), name, name_length) != 0)
		return NULL;
	*length = (size_t)py.PyBytes_Size(parts[1]);
	return py.PyBytes_AsString(parts[1]);
}

/* Content-Type: text/event-stream, a response that ends when the client leaves. */
static bool is_event_stream(py_object header)
{
	static const char name[] = "content-type", type[] = "text/event-stream";
	size_t length;
	const char *value = value_of(header, name, sizeof name - 1, &length);

	return value != NULL && strncasecmp(value, type, sizeof type - 1) == 0;
}

/* What its headers say: its trace, and how long its body is. */
static void note_headers(struct unit *unit, py_object headers)
{
	static const char trace[] = "traceparent", length_name[] = "content-length";
	py_ssize count = headers != NULL && py_type_of(headers) == py.list_type
				 ? py.PyList_Size(headers)
				 : 0;
	bool traced = false, told = false;

	for (py_ssize i = 0; i < count; i++) {
		py_object header = py.PyList_GetItem(headers, i); /* borrowed */
		const char *value;
		size_t length;

		if (!traced && (value = value_of(header, trace, sizeof trace - 1, &length))) {
			trace_context_note(unit, value, length);
			traced = true;
		} else if (!told && (value = value_of(header, length_name, sizeof length_name - 1,
						      &length))) {
			unit_note_length(unit, value, length);
			told = true;
		}
	}
}

/* What the headers of the answer say: whether it is a stream, and how long it is. */
static void note_answer(struct unit *unit, py_object headers)
{
	static const char length_name[] = "content-length";
	py_object iterator = headers == NULL || py_type_of(headers) != py.list_type
				     ? NULL
				     : py.PyObject_GetIter(headers);
	py_object header;
	const char *value;
	size_t length;
	bool found = false;

	while (iterator != NULL && !found && (header = py.PyIter_Next(iterator)) != NULL) {
		found = is_event_stream(header);
		value = value_of(header, length_name, sizeof length_name - 1, &length);
		if (value != NULL)
			unit->answer_bytes = unit_length_of(value, length);
		py.Py_DecRef(header);
	}
	if (found)
		unit_becomes(unit, UNIT_STREAM);
	if (iterator == NULL)
		app_errors_forget();
	else
		py.Py_DecRef(iterator);
}

/* Has it the last part of the body? Without one that says so, the last of as many bytes as the
 * answer's headers promise: BaseHTTPMiddleware sends its own end later. */
static bool note_message(struct unit *unit, py_object message)
{
	py_object type = py.PyDict_GetItem(message, key_type); /* borrowed, as all below */
	py_object body;
	py_object more;

	if (is_text(type, "http.response.start")) {
		py_object status = py.PyDict_GetItem(message, key_status);
		long value = status == NULL ? 0 : py.PyLong_AsLong(status);

		if (value == -1 && py.PyErr_Occurred() != NULL)
			app_errors_forget();
		unit->status = value > 0 && value < 1000 ? (int16_t)value : 0;
		note_answer(unit, py.PyDict_GetItem(message, key_headers));
		unit->flags |= RECORD_ABORTED; /* until the last part of the body is sent */
	} else if (is_text(type, "http.response.body")) {
		body = py.PyDict_GetItem(message, key_body);
		more = py.PyDict_GetItem(message, key_more_body);
		if (body != NULL && py_type_of(body) == py.bytes_type &&
		    py.PyBytes_Size(body) > 0) {
			if (unit->response_bytes > 0)
				unit->flags |= RECORD_STREAMED;
			unit->response_bytes += (uint64_t)py.PyBytes_Size(body);
		}
		return more == NULL || py.PyObject_IsTrue(more) != 1 ||
		       (unit->answer_bytes > 0 && unit->response_bytes >= unit->answer_bytes);
	}
	return false;
}

/* The server has the whole answer: what its coroutine still does, no client of it waits for. */
static void note_sent(const struct stepped *call)
{
	struct unit *unit = call->unit;

	if (unit->ended || call->raised)
		return;
	unit->flags &= (uint16_t)~RECORD_ABORTED;
	unit->answered = true;
	step_finish(unit, agent_thread_peek());
	unit_done(unit);
}

/* The server's coroutine that sends the last part of the body, with its end seen. Takes it over. */
static py_object sending_last(struct unit *unit, py_object coroutine)
{
	struct stepped *call = NULL;

	/* other awaitables (a generator's, futures) go as they are: a step of them is another's */
	if (py._PyType_Lookup(py_type_of(coroutine), key_await) != NULL &&
	    py._PyType_Lookup(py_type_of(coroutine), key_throw) != NULL) {
		call = stepped_new(unit, NULL, NULL);
		if (call == NULL)
			app_errors_forget();
	}
	if (call == NULL) {
		unit->flags &= (uint16_t)~RECORD_ABORTED;
		unit->answered = true; /* it ends when it is suspended */
		return coroutine;
	}
	call->inner = true; /* it returns None: has_value would ask every iterator for send() */
	call->over = note_sent;
	call->coroutine = coroutine;
	return call;
}

static py_object send_call(py_object self, py_object arguments, py_object named)
{
	struct asgi_send *send = self;
	py_object sending;
	bool is_last = false;

	if (send->send == NULL) { /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "send is no longer valid");
		return NULL;
	}
	if (!send->unit->ended && !send->unit->answered && py.PyTuple_Size(arguments) == 1)
		is_last = note_message(send->unit, py.PyTuple_GetItem(arguments, 0));
	sending = py.PyObject_Call(send->send, arguments, named);
	return sending != NULL && is_last ? sending_last(send->unit, sending) : sending;
}

static int send_traverse(py_object self, py_visit visit, void *data)
{
	struct asgi_send *send = self;

	return send->send == NULL ? 0 : visit(send->send, data);
}

static int send_clear(py_object self)
{
	py_clear(&((struct asgi_send *)self)->send);
	return 0;
}

static void send_dealloc(py_object self)
{
	struct asgi_send *send = self;

	py.PyObject_GC_UnTrack(self);
	py_clear(&send->send);
	unit_release(send->unit);
	py_free(self);
}

/* --- the entry ------------------------------------------------------------------ */

static struct asgi_send *send_new(struct unit *unit, py_object send)
{
	struct asgi_send *made = py_new(send_type);

	if (made == NULL)
		return NULL;
	made->send = py_keep(send);
	made->unit = unit_keep(unit);
	return made;
}

/* Is this a mounted application, part of its parent's unit? The context alone
 * does not tell: the task of the next request of a connection is made, by
 * uvicorn, in the context of the last. Copies of a scope share its headers,
 * which the unit keeps, so that no other list has their address. */
static bool is_nested(py_object scope)
{
	const struct unit *outer = unit_here();
	py_object headers = py.PyDict_GetItem(scope, key_headers); /* borrowed */

	return outer != NULL &&
	       (outer->entered > 0 || (headers != NULL && outer->headers == headers));
}

/* The application is done: what matched is in the scope. */
static void note_scope(struct unit *unit, py_object scope, bool returned)
{
	(void)returned;
	if (unit->route == 0)
		route_from_scope(unit, scope);
}

static py_object serve(py_object callable, py_object self, struct py_arguments arguments)
{
	const py_object *values = arguments.values;
	struct stepped *call = NULL;
	struct asgi_send *send = NULL;
	struct unit *unit = NULL;
	size_t length;
	const char *method;

	if (arguments.count == 3 && is_text(py.PyDict_GetItem(values[0], key_type), "websocket"))
		units_note_websocket();
	/* values: scope, receive, send */
	if (arguments.count == 3 && arguments.keywords == NULL &&
	    is_text(py.PyDict_GetItem(values[0], key_type), "http") && !is_nested(values[0])) {
		loop_note();
		facts_at_unit(self, NULL);
		unit = unit_begin(UNIT_REQUEST);
	}
	if (unit == NULL)
		return py_call(callable, self, arguments);
	call = stepped_new(unit, values[0], note_scope);
	send = call == NULL ? NULL : send_new(unit, values[2]);
	if (send == NULL) {
		app_errors_forget();
		py.Py_DecRef(call);
		unit_end(unit);
		unit_release(unit);
		return py_call(callable, self, arguments);
	}
	method = py_text(py.PyDict_GetItem(values[0], key_method), &length);
	if (method != NULL && length <= 16)
		unit->method = dict_text_id(method, length);
	unit->headers = py.PyDict_GetItem(values[0], key_headers);
	if (unit->headers != NULL)
		py.Py_IncRef(unit->headers);
	note_headers(unit, unit->headers);
	call->coroutine =
		py_call(callable, self,
			(struct py_arguments){(py_object[]){values[0], values[1], send}, 3, NULL});
	py.Py_DecRef(send);
	unit_release(unit); /* held by call and send */
	if (call->coroutine == NULL) {
		stepped_end(call);
		py.Py_DecRef(call);
		return NULL;
	}
	return call;
}

enum { ROW_STARLETTE, ROW_STARLETTE_INNER, ROW_STARLETTE_STREAM, ROW_STARLETTE_ROUTE, ROW_DJANGO };

static py_object starlette_entry(py_object self, const py_object *values, py_ssize count,
				 py_object keywords)
{
	return serve(asgi_hooks[ROW_STARLETTE].original, self,
		     (struct py_arguments){values, count, keywords});
}

/* A coroutine that may run in a task of its own, in which no step of the unit is seen: on uvloop no
 * callback tells when that runs. */
static py_object in_own_task(size_t row, py_object self, struct py_arguments arguments,
			     py_object about)
{
	py_object coroutine = py_call(asgi_hooks[row].original, self, arguments);
	struct unit *unit = coroutine == NULL ? NULL : unit_here();
	struct stepped *call;

	if (unit == NULL || unit->steps == 0 || unit->entered > 0)
		return coroutine;
	call = stepped_new(unit, about, NULL);
	if (call == NULL) {
		app_errors_forget();
		return coroutine;
	}
	call->inner = true;
	call->coroutine = coroutine;
	return call;
}

/* The innermost middleware: BaseHTTPMiddleware runs what is below it in another task. */
static py_object starlette_inner(py_object self, const py_object *values, py_ssize count,
				 py_object keywords)
{
	return in_own_task(ROW_STARLETTE_INNER, self,
			   (struct py_arguments){values, count, keywords},
			   count > 0 ? values[0] : NULL);
}

/* StreamingResponse sends its parts in a task, beside one that waits for the client to go. */
static py_object starlette_stream(py_object self, const py_object *values, py_ssize count,
				  py_object keywords)
{
	return in_own_task(ROW_STARLETTE_STREAM, self,
			   (struct py_arguments){values, count, keywords}, NULL);
}

/* route.handle(scope, receive, send): what matched is in the scope, and nothing of the handler has
 * run, whose calls are then counted below the route. */
static py_object starlette_route(py_object self, const py_object *values, py_ssize count,
				 py_object keywords)
{
	struct unit *unit = count > 0 ? unit_here() : NULL;

	if (unit != NULL && !unit->ended && unit->route == 0)
		route_from_scope(unit, values[0]);
	return py_call(asgi_hooks[ROW_STARLETTE_ROUTE].original, self,
		       (struct py_arguments){values, count, keywords});
}

static py_object django_entry(py_object self, const py_object *values, py_ssize count,
			      py_object keywords)
{
	return serve(asgi_hooks[ROW_DJANGO].original, self,
		     (struct py_arguments){values, count, keywords});
}

/* ServerErrorMiddleware is the outermost part of every Starlette and FastAPI
 * application (Starlette.build_middleware_stack). */
struct hook_row asgi_hooks[] = {
	[ROW_STARLETTE] = HOOK_ROW("starlette.middleware.errors", "ServerErrorMiddleware",
				   "__call__", starlette_entry),
	[ROW_STARLETTE_INNER] = HOOK_ROW("starlette.middleware.exceptions", "ExceptionMiddleware",
					 "__call__", starlette_inner),
	[ROW_STARLETTE_STREAM] = HOOK_ROW("starlette.responses", "StreamingResponse",
					  "stream_response", starlette_stream),
	[ROW_STARLETTE_ROUTE] = HOOK_ROW("starlette.routing", "Route", "handle", starlette_route),
	[ROW_DJANGO] = HOOK_ROW("django.core.handlers.asgi", "ASGIHandler", "handle", django_entry),
	{.module = NULL},
};

/* --- types ----------------------------------------------------------------------- */

static struct py_type_slot send_slots[] = {
	{PY_SLOT_CALL, (void *)send_call},
	{PY_SLOT_TRAVERSE, (void *)send_traverse},
	{PY_SLOT_CLEAR, (void *)send_clear},
	{PY_SLOT_DEALLOC, (void *)send_dealloc},
	{0, NULL},
};

static struct py_type_spec send_spec = {"unslow.asgi_send", sizeof(struct asgi_send), 0,
					PY_TYPE_FLAGS, send_slots};

static bool intern(py_object *key, const char *text)
{
	*key = py.PyUnicode_InternFromString(text);
	return *key != NULL;
}

bool asgi_prepare(void)
{
	bool made = intern(&key_type, "type") && intern(&key_status, "status") &&
		    intern(&key_body, "body") && intern(&key_more_body, "more_body") &&
		    intern(&key_method, "method") && intern(&key_headers, "headers") &&
		    intern(&key_await, "__await__") && intern(&key_throw, "throw");

	send_type = made ? py.PyType_FromSpec(&send_spec) : NULL;
	if (send_type == NULL)
		app_errors_forget();
	return send_type != NULL;
}
