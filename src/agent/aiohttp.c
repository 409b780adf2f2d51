#include "agent/aiohttp.h"

#include <string.h>
#include <strings.h>

#include "agent/app_errors.h"
#include "agent/exceptions.h"
#include "agent/facts.h"
#include "agent/headers.h"
#include "agent/loop.h"
#include "agent/routes.h"
#include "agent/stepped.h"

enum { ROW_HANDLE, ROW_PREPARE, ROW_ERROR };

/* --- the request ------------------------------------------------------------------ */

/* What aiohttp's parser takes for "Upgrade: websocket" (http_parser.py, RawRequestMessage). */
static bool is_websocket(py_object request)
{
	static py_object key_message, key_upgrade;
	py_object message = py_attribute_kept(request, &key_message, "_message");
	py_object upgrade = py_attribute_kept(message, &key_upgrade, "upgrade");
	py_object value = NULL;
	const char *text;
	size_t length;
	bool found = false;

	if (upgrade != NULL && upgrade != py.none && py.PyObject_IsTrue(upgrade) == 1) {
		value = header_of(message, "Upgrade");
		text = py_text(value, &length);
		found = text != NULL && strcasecmp(text, "websocket") == 0;
	}
	app_errors_forget();
	py.Py_DecRef(value);
	py.Py_DecRef(upgrade);
	py.Py_DecRef(message);
	return found;
}

static struct unit *begin(py_object request, uint64_t made_ns)
{
	struct unit *unit = unit_begin_since(UNIT_REQUEST, made_ns);

	if (unit != NULL)
		headers_note_request(unit, request);
	return unit;
}

/* --- the response ----------------------------------------------------------------- */

static bool is_event_stream(py_object response)
{
	static const char type[] = "text/event-stream";
	py_object value = header_of(response, "Content-Type");
	size_t length;
	const char *text = py_text(value, &length);
	bool found = text != NULL && strncasecmp(text, type, sizeof type - 1) == 0;

	py.Py_DecRef(value);
	return found;
}

/* Bytes of a response whose length its headers do not say: all that was written, its head too. */
static uint64_t written_bytes(py_object request)
{
	static py_object key_writer, key_size;
	py_object writer = py_attribute_kept(request, &key_writer, "_payload_writer");
	long bytes = py_long_kept(writer, &key_size, "output_size", 0);

	py.Py_DecRef(writer);
	return bytes > 0 ? (uint64_t)bytes : 0;
}

static void note_response(struct unit *unit, py_object response)
{
	static py_object key_status, key_length;
	long status = py_long_kept(response, &key_status, "status", 0);
	long length = py_long_kept(response, &key_length, "content_length", -1); /* None: -1 */

	unit->status = status > 0 && status < 1000 ? (int16_t)status : 0;
	unit->flags |= RECORD_ABORTED; /* until the coroutine that writes it returns */
	unit->response_bytes = length > 0 ? (uint64_t)length : 0;
	if (length >= 0)
		return;
	unit->flags |= RECORD_STREAMED;
	if (is_event_stream(response))
		unit_becomes(unit, UNIT_STREAM);
}

static void finish(struct unit *unit, py_object request, bool returned)
{
	if (unit->route == 0)
		route_from_aiohttp(unit, request);
	if ((unit->flags & RECORD_STREAMED) != 0)
		unit->response_bytes = written_bytes(request);
	if (returned)
		unit->flags &= (uint16_t)~RECORD_ABORTED;
}

/* --- hooks ------------------------------------------------------------------------ */

/* (request, start_time, request_handler) → coroutine */
static py_object handle_request(py_object self, const py_object *values, py_ssize count,
				py_object keywords)
{
	struct py_arguments arguments = {values, count, keywords};
	py_object original = aiohttp_hooks[ROW_HANDLE].original;
	py_object coroutine = py_call(original, self, arguments);
	struct stepped *call;

	if (coroutine == NULL || count == 0)
		return coroutine;
	if (is_websocket(values[0])) {
		units_note_websocket();
		return coroutine;
	}
	loop_note();
	facts_at_unit(self, NULL);
	call = stepped_new(NULL, values[0], finish);
	if (call == NULL) {
		app_errors_forget();
		return coroutine;
	}
	call->coroutine = coroutine;
	call->begin = begin;
	call->has_value = true;
	return call;
}

/* StreamResponse.prepare(request): all that a handler may set is set. Asked again
 * by the framework once the handler has returned. */
static py_object prepare(py_object self, const py_object *values, py_ssize count,
			 py_object keywords)
{
	struct unit *unit = unit_here();

	if (unit != NULL && (unit->flags & RECORD_ABORTED) == 0)
		note_response(unit, self);
	return py_call(aiohttp_hooks[ROW_PREPARE].original, self,
		       (struct py_arguments){values, count, keywords});
}

/* (request, status, exception, message): what the handler did not take. */
static py_object handle_error(py_object self, const py_object *values, py_ssize count,
			      py_object keywords)
{
	if (count > 2 && values[2] != py.none)
		exception_note_object(values[2]);
	return py_call(aiohttp_hooks[ROW_ERROR].original, self,
		       (struct py_arguments){values, count, keywords});
}

struct hook_row aiohttp_hooks[] = {
	[ROW_HANDLE] = HOOK_ROW("aiohttp.web_protocol", "RequestHandler", "_handle_request",
				handle_request),
	[ROW_PREPARE] = HOOK_ROW("aiohttp.web_response", "StreamResponse", "prepare", prepare),
	[ROW_ERROR] =
		HOOK_ROW("aiohttp.web_protocol", "RequestHandler", "handle_error", handle_error),
	{.module = NULL},
};
