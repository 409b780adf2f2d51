#include "agent/headers.h"

#include "agent/app_errors.h"
#include "agent/dict.h"
#include "agent/trace_context.h"

#define METHOD_MAX 16

py_object header_in(py_object headers, const char *name)
{
	static py_object key_get;
	py_object get = py_attribute_kept(headers, &key_get, "get");
	py_object key = get == NULL ? NULL : py_name(name);
	py_object value =
		key == NULL ? NULL : py_call(get, NULL, (struct py_arguments){&key, 1, NULL});

	app_errors_forget();
	py.Py_DecRef(key);
	py.Py_DecRef(get);
	return value;
}

py_object header_of(py_object message, const char *name)
{
	static py_object key_headers;
	py_object headers = py_attribute_kept(message, &key_headers, "headers");
	py_object value = header_in(headers, name);

	py.Py_DecRef(headers);
	return value;
}

void headers_note_request(struct unit *unit, py_object request)
{
	static py_object key_method;
	py_object method = py_attribute_kept(request, &key_method, "method");
	py_object trace = header_of(request, "traceparent");
	size_t length;
	const char *text = py_text(method, &length);

	if (text != NULL && length <= METHOD_MAX)
		unit->method = dict_text_id(text, length);
	text = py_text(trace, &length);
	if (text != NULL)
		trace_context_note(unit, text, length);
	py.Py_DecRef(trace);
	py.Py_DecRef(method);
}
