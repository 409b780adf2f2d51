#include "agent/routes.h"

#include <stdio.h>
#include <string.h>

#include "agent/app_errors.h"
#include "agent/dict.h"

#define CACHE_SLOTS 1024 /* rules held; an app with more has the rest worked out each time */
#define CACHE_PROBES 8

/* What a rule object says. */
struct known_rule {
	py_object rule; /* strong: its address stays its own */
	uint32_t generation;
	uint32_t route;
	uint32_t handler;
};

static struct known_rule cache[CACHE_SLOTS];

static struct known_rule *cache_slot(py_object rule)
{
	size_t hash = (uintptr_t)rule >> 4;

	for (size_t i = 0; i < CACHE_PROBES; i++) {
		struct known_rule *slot = &cache[(hash * 0x9e3779b1u + i) % CACHE_SLOTS];

		if (slot->rule == rule || slot->rule == NULL)
			return slot;
	}
	return NULL;
}

uint32_t route_unmatched_id(void)
{
	static const char text[] = "(unmatched)";

	return dict_text_id(text, sizeof text - 1);
}

/* The function below decorators that say what they wrap; new reference. */
static py_object unwrapped(py_object function)
{
	py_object at = py_keep(function);

	for (int depth = 0; depth < 16; depth++) {
		py_object inner = py_attribute_quiet(at, "__wrapped__");

		if (inner == NULL)
			break;
		py.Py_DecRef(at);
		at = inner;
	}
	return at;
}

/* Code object of a function, a method or an instance with __call__; new reference. */
static py_object code_of(py_object callable)
{
	py_object code = py_attribute_quiet(callable, "__code__");
	py_object call;

	if (code != NULL)
		return code;
	if (py_type_of(callable) == py.type_type)
		return NULL;
	call = py_attribute_quiet(callable, "__call__");
	code = py_attribute_quiet(call, "__code__");
	py.Py_DecRef(call);
	return code;
}

uint32_t route_handler_stack(py_object function)
{
	py_object plain = unwrapped(function);
	py_object code = code_of(plain);
	uint32_t stack = 0;

	py.Py_DecRef(plain);
	if (code == NULL)
		return 0;
	if (py_type_of(code) == py.code_type) {
		struct dict_frame frame = {.code = code_id((uintptr_t)code)};

		if (frame.code != 0)
			stack = stack_of_frames(&frame, 1);
	}
	py.Py_DecRef(code);
	return stack;
}

static uint32_t text_id_of(py_object text, const char *prefix)
{
	char joined[1024];
	size_t length;
	const char *bytes = py_text(text, &length);
	int total;

	if (bytes == NULL)
		return 0;
	if (prefix[0] == '\0')
		return dict_text_id(bytes, length);
	total = snprintf(joined, sizeof joined, "%s%.*s", prefix, (int)length, bytes);
	return dict_text_id(joined,
			    (size_t)total < sizeof joined ? (size_t)total : sizeof joined - 1);
}

/* What is known of `key` is put into the unit. False: nothing yet. */
static bool set_known(struct unit *unit, py_object key)
{
	const struct known_rule *slot = cache_slot(key);

	if (slot == NULL || slot->rule != key || slot->generation != dict_generation())
		return false;
	unit_set_route(unit, slot->route);
	unit->handler = slot->handler;
	return true;
}

/* Learn `key`: template by attribute `template` of `rule`, handler by `function`
 * (may be NULL). Both go into the unit. */
static void set_rule(struct unit *unit, py_object key, py_object rule, const char *template,
		     py_object function)
{
	struct known_rule *slot = cache_slot(key);
	py_object text = py_attribute(rule, template);

	unit_set_route(unit, text_id_of(text, ""));
	unit->handler = function != NULL ? route_handler_stack(function) : 0;
	py.Py_DecRef(text);
	if (slot == NULL)
		return;
	*slot = (struct known_rule){
		.rule = slot->rule == NULL ? py_keep(key) : key,
		.generation = dict_generation(),
		.route = unit->route,
		.handler = unit->handler,
	};
}

/* --- Flask ------------------------------------------------------------------ */

/* app.view_functions[rule.endpoint], new reference or NULL. */
static py_object flask_view(py_object context, py_object rule)
{
	py_object app = py_attribute(context, "app");
	py_object views = py_attribute(app, "view_functions");
	py_object endpoint = py_attribute(rule, "endpoint");
	py_object view = NULL;

	if (views != NULL && endpoint != NULL)
		view = py.PyObject_CallMethod(views, "get", "O", endpoint);
	if (view == NULL)
		app_errors_forget();
	py.Py_DecRef(app);
	py.Py_DecRef(views);
	py.Py_DecRef(endpoint);
	return view;
}

static void flask_matched(py_object context)
{
	static py_object key_request, key_rule;
	struct unit *unit = unit_here();
	py_object request =
		unit == NULL ? NULL : py_attribute_kept(context, &key_request, "request");
	py_object rule = py_attribute_kept(request, &key_rule, "url_rule");

	if (unit != NULL && rule != NULL && rule != py.none) {
		if (!set_known(unit, rule)) {
			py_object view = flask_view(context, rule);

			set_rule(unit, rule, rule, "rule", view);
			py.Py_DecRef(view);
		}
	} else if (unit != NULL) {
		unit_set_route(unit, route_unmatched_id());
	}
	py.Py_DecRef(rule);
	py.Py_DecRef(request);
}

static py_object flask_match_request(py_object self, const py_object *values, py_ssize count,
				     py_object keywords);
static py_object django_resolve_request(py_object self, const py_object *values, py_ssize count,
					py_object keywords);
static py_object falcon_get_responder(py_object self, const py_object *values, py_ssize count,
				      py_object keywords);

enum { ROW_FLASK, ROW_DJANGO, ROW_FALCON };
struct hook_row route_hooks[] = {
	[ROW_FLASK] = HOOK_ROW("flask.ctx", "RequestContext", "match_request", flask_match_request),
	[ROW_DJANGO] = HOOK_ROW("django.core.handlers.base", "BaseHandler", "resolve_request",
				django_resolve_request),
	[ROW_FALCON] = HOOK_ROW("falcon.app", "App", "_get_responder", falcon_get_responder),
	{.module = NULL},
};

static py_object flask_match_request(py_object self, const py_object *values, py_ssize count,
				     py_object keywords)
{
	py_object result = py_call(route_hooks[ROW_FLASK].original, self,
				   (struct py_arguments){values, count, keywords});

	if (result != NULL)
		flask_matched(self);
	return result;
}

/* --- Django ------------------------------------------------------------------ */

/* The match's own route text is joined anew for each request: only the view is
 * a lasting object, and one view may serve several routes. */
static py_object django_resolve_request(py_object self, const py_object *values, py_ssize count,
					py_object keywords)
{
	py_object match = py_call(route_hooks[ROW_DJANGO].original, self,
				  (struct py_arguments){values, count, keywords});
	struct unit *unit = match == NULL ? NULL : unit_here();
	static py_object key_route, key_view;
	py_object route = unit == NULL ? NULL : py_attribute_kept(match, &key_route, "route");
	py_object view = route == NULL ? NULL : py_attribute_kept(match, &key_view, "func");

	if (view != NULL) {
		if (!set_known(unit, view))
			set_rule(unit, view, view, "__qualname__", view);
		unit_set_route(unit, text_id_of(route, "/"));
		py.Py_DecRef(view);
	}
	py.Py_DecRef(route);
	return match;
}

/* --- Falcon -------------------------------------------------------------------- */

/* (responder, params, resource, uri_template) */
static py_object falcon_get_responder(py_object self, const py_object *values, py_ssize count,
				      py_object keywords)
{
	py_object found = py_call(route_hooks[ROW_FALCON].original, self,
				  (struct py_arguments){values, count, keywords});
	struct unit *unit = found == NULL ? NULL : unit_here();

	if (unit == NULL || py_type_of(found) != py.tuple_type || py.PyTuple_Size(found) != 4)
		return found;
	py_object template = py.PyTuple_GetItem(found, 3);
	if (template != py.none) {
		unit_set_route(unit, text_id_of(template, ""));
		unit->handler = route_handler_stack(py.PyTuple_GetItem(found, 0));
	} else {
		unit_set_route(unit, route_unmatched_id());
	}
	return found;
}

/* --- the others --------------------------------------------------------------- */

void route_from_callable(struct unit *unit, py_object callable)
{
	py_object plain = unwrapped(callable);
	py_object named = py_attribute_quiet(plain, "__qualname__");
	py_object subject = named != NULL ? py_keep(plain) : py_keep(py_type_of(plain));

	unit_set_route(unit, py_qualname_id(subject));
	unit->handler = route_handler_stack(plain);
	py.Py_DecRef(named);
	py.Py_DecRef(subject);
	py.Py_DecRef(plain);
}

void route_from_environ(struct unit *unit, py_object environ)
{
	py_object route = py.PyDict_GetItemString(environ, "bottle.route");
	py_object callback;

	if (route == NULL || set_known(unit, route))
		return;
	callback = py_attribute(route, "callback");
	set_rule(unit, route, route, "rule", callback);
	py.Py_DecRef(callback);
}

/* Starlette before 1.0 leaves the endpoint only: its route is the one of the
 * router's list with that endpoint. New reference or NULL. */
static py_object starlette_route_of(py_object scope, py_object endpoint)
{
	py_object router = py.PyDict_GetItemString(scope, "router");
	py_object routes = py_attribute(router, "routes");
	py_object iterator = routes == NULL ? NULL : py.PyObject_GetIter(routes);
	py_object route = NULL;

	while (iterator != NULL && (route = py.PyIter_Next(iterator)) != NULL) {
		py_object theirs = py_attribute(route, "endpoint");
		bool found = theirs == endpoint;

		py.Py_DecRef(theirs);
		if (found)
			break;
		py.Py_DecRef(route);
	}
	app_errors_forget();
	py.Py_DecRef(iterator);
	py.Py_DecRef(routes);
	return route;
}

void route_from_scope(struct unit *unit, py_object scope)
{
	py_object endpoint = py.PyDict_GetItemString(scope, "endpoint");
	py_object route = py.PyDict_GetItemString(scope, "route");

	py_object key = route != NULL ? route : endpoint;

	if (endpoint == NULL || set_known(unit, key))
		return;
	route = route != NULL ? py_keep(route) : starlette_route_of(scope, endpoint);
	if (route == NULL)
		return;
	set_rule(unit, key, route, "path", endpoint);
	py.Py_DecRef(route);
}

/* The function of a handler that is a class (web.View): the method of the request's name. */
static py_object view_method(py_object handler, py_object request)
{
	char name[17];
	py_object method = py_attribute(request, "method");
	size_t length;
	const char *text = py_text(method, &length);
	py_object function = NULL;

	if (text != NULL && length < sizeof name) {
		for (size_t i = 0; i <= length; i++)
			name[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A')
									  : text[i]);
		function = py_attribute(handler, name);
	}
	py.Py_DecRef(method);
	return function;
}

void route_from_view(struct unit *unit, py_object view)
{
	py_object request = py_attribute(view, "request");
	py_object method = view_method(view, request);

	unit_set_route(unit, py_qualname_id(py_type_of(view)));
	unit->handler = method == NULL ? 0 : route_handler_stack(method);
	py.Py_DecRef(method);
	py.Py_DecRef(request);
}

/* A route of the framework's own (404, 405) has no resource, and is made anew for each request. */
static void aiohttp_matched(struct unit *unit, py_object route, py_object request)
{
	static py_object key_resource;
	py_object resource;
	py_object handler;

	if (set_known(unit, route))
		return;
	resource = py_attribute_kept(route, &key_resource, "resource");
	if (resource == NULL || resource == py.none) {
		unit_set_route(unit, route_unmatched_id());
		py.Py_DecRef(resource);
		return;
	}
	handler = py_attribute(route, "handler");
	if (handler != NULL && py_type_of(py_type_of(handler)) == py.type_type &&
	    py.PyType_IsSubtype(py_type_of(handler), py.type_type)) {
		py_object method = view_method(handler, request);

		py.Py_DecRef(handler);
		handler = method;
	}
	set_rule(unit, route, resource, "canonical", handler);
	py.Py_DecRef(handler);
	py.Py_DecRef(resource);
}

/* web.Server has one handler and no routes. */
static void aiohttp_no_routes(struct unit *unit, py_object request)
{
	py_object protocol = py_attribute(request, "_protocol");
	py_object handler = py_attribute(protocol, "_request_handler");

	if (handler != NULL)
		route_from_callable(unit, handler);
	py.Py_DecRef(handler);
	py.Py_DecRef(protocol);
}

void route_from_aiohttp(struct unit *unit, py_object request)
{
	static py_object key_match, key_route;
	py_object match = py_attribute_kept(request, &key_match, "_match_info");
	py_object route = match == NULL || match == py.none
				  ? NULL
				  : py_attribute_kept(match, &key_route, "route");

	if (route != NULL)
		aiohttp_matched(unit, route, request);
	else if (match == NULL)
		aiohttp_no_routes(unit, request);
	py.Py_DecRef(route);
	py.Py_DecRef(match);
}
