#include "agent/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "agent/app_errors.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/loop.h"
#include "agent/packages.h"

#define VALUE_MAX 120

static uint32_t written_generation; /* dict_generation() the facts were written to */
static py_object gunicorn_config;   /* strong */
static py_object uvicorn_config;
static bool takes_turns; /* the server */

/* --- values ------------------------------------------------------------------ */

/* str(value), or what bytes decode to; new reference or NULL, with an exception set. */
static py_object text_of(py_object value)
{
	if (py_type_of(value) == py.bytes_type)
		return py.PyUnicode_FromString(py.PyBytes_AsString(value));
	return py.PyObject_Str(value);
}

/* Its text if that is short and printable. */
static void fact_object(const char *key, py_object value)
{
	char text[VALUE_MAX + 1];
	py_object string = value == NULL ? NULL : text_of(value);
	size_t length;
	const char *bytes = py_text(string, &length);

	app_errors_forget();
	if (bytes != NULL && length <= VALUE_MAX) {
		memcpy(text, bytes, length);
		text[length] = '\0';
		dict_fact(key, text);
	}
	py.Py_DecRef(string);
}

struct attribute_fact {
	const char *key;
	const char *attribute;
};

static void fact_attributes(py_object object, const struct attribute_fact *facts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		py_object value = py_attribute(object, facts[i].attribute);

		/* classes and callables have addresses in their text; they say nothing */
		if (value != NULL && !py.PyCallable_Check(value))
			fact_object(facts[i].key, value);
		py.Py_DecRef(value);
	}
}

/* What a function without arguments returns; new reference or NULL. */
static py_object result_of(py_object owner, const char *function)
{
	py_object callable = py_attribute(owner, function);
	py_object result = callable == NULL ? NULL : py.PyObject_CallObject(callable, NULL);

	app_errors_forget();
	py.Py_DecRef(callable);
	return result;
}

static void fact_result(const char *key, py_object owner, const char *function)
{
	py_object result = result_of(owner, function);

	fact_object(key, result);
	py.Py_DecRef(result);
}

/* --- Python ----------------------------------------------------------------------- */

/* Something is called at each function or line: named by its type. */
static void fact_tracer(const char *key, const char *getter)
{
	py_object tracer = result_of(py_module("sys"), getter);

	if (tracer != NULL && tracer != py.none) {
		py_object name = py_attribute(py_type_of(tracer), "__name__");

		fact_object(key, name);
		py.Py_DecRef(name);
	}
	py.Py_DecRef(tracer);
}

static void write_python(void)
{
	static const struct attribute_fact flags[] = {
		{"python.dev_mode", "dev_mode"},
		{"python.optimize", "optimize"},
	};
	static const struct attribute_fact build[] = {{"python.abiflags", "abiflags"}};
	py_object flags_object = py_attribute(py_module("sys"), "flags");
	py_object implementation = py_attribute(py_module("sys"), "implementation");
	py_object name = py_attribute(implementation, "name");

	dict_fact("python.version", py.version);
	fact_object("python.implementation", name);
	fact_attributes(flags_object, flags, sizeof flags / sizeof flags[0]);
	fact_attributes(py_module("sys"), build, sizeof build / sizeof build[0]);
	fact_tracer("python.trace", "gettrace");
	fact_tracer("python.profile", "getprofile");
	fact_result("python.switch_interval", py_module("sys"), "getswitchinterval");
	fact_result("python.gc_threshold", py_module("gc"), "get_threshold");
	fact_result("python.gc_enabled", py_module("gc"), "isenabled");
	py.Py_DecRef(name);
	py.Py_DecRef(implementation);
	py.Py_DecRef(flags_object);
}

static void write_process(void)
{
	struct rlimit files;
	char text[32];
	const char *asyncio_debug = getenv("PYTHONASYNCIODEBUG");
	const char *reloader = getenv("WERKZEUG_RUN_MAIN");

	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY) {
		snprintf(text, sizeof text, "%llu", (unsigned long long)files.rlim_cur);
		dict_fact("rlimit.nofile", text);
	}
	if (asyncio_debug != NULL && asyncio_debug[0] != '\0')
		dict_fact("asyncio.debug", "True");
	if (reloader != NULL && strcmp(reloader, "true") == 0)
		dict_fact("werkzeug.reloader", "True");
	if (py_module("sqlite3") != NULL) {
		static const struct attribute_fact sqlite[] = {
			{"sqlite.version", "sqlite_version"}};
		fact_attributes(py_module("sqlite3"), sqlite, 1);
	}
	dict_fact("agent.audit_hook", "taken out after the first units of work");
	if (loop_is_uvloop())
		dict_fact(
			"agent.loop",
			"uvloop: of its callbacks only steps of units are visible; units and calls "
			"that wait are");
}

/* --- servers ------------------------------------------------------------------------ */

void facts_keep_gunicorn(py_object config)
{
	py_clear(&gunicorn_config);
	gunicorn_config = py_keep(config);
}

/* uvicorn.config.Config.load(self): every way of starting uvicorn passes here. */
static py_object uvicorn_load(py_object self, const py_object *values, py_ssize count,
			      py_object keywords)
{
	py_clear(&uvicorn_config);
	uvicorn_config = py_keep(self);
	return py_call(fact_hooks[0].original, self,
		       (struct py_arguments){values, count, keywords});
}

struct hook_row fact_hooks[] = {
	HOOK_ROW("uvicorn.config", "Config", "load", uvicorn_load),
	{.module = NULL},
};

/* Servers that say who they are in the environ: "gunicorn/27.0", "WSGIServer/0.2". */
static void write_wsgi_server(py_object environ)
{
	char name[VALUE_MAX + 1];
	size_t length;
	const char *text = py_text(py.PyDict_GetItemString(environ, "SERVER_SOFTWARE"), &length);
	char *slash;

	if (text == NULL || length == 0 || length > VALUE_MAX)
		return;
	memcpy(name, text, length + 1);
	name[strcspn(name, " ")] = '\0';
	slash = strchr(name, '/');
	if (slash != NULL)
		*slash = '\0';
	for (char *c = name; *c != '\0'; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + ('a' - 'A') : *c);
	if (strcmp(name, "wsgiserver") == 0)
		dict_fact("server", py_module("django.core.servers.basehttp") != NULL ? "runserver"
										      : "wsgiref");
	else
		dict_fact("server", name);
	if (slash != NULL)
		dict_fact("server.version", slash + 1);
}

/* Servers known by a module that only they load. Its package has the version, but
 * uWSGI's module is made by the program itself (plugins/python/uwsgi_pymodule.c). */
static bool write_server_by_module(void)
{
	static const struct {
		const char *module;
		bool takes_turns; /* bjoern's loop writes below WSGI: wsgi_run.h */
	} servers[] = {
		{"uwsgi", false},     {"mod_wsgi", false}, {"bjoern", true},
		{"hypercorn", false}, {"daphne", false},   {"granian", false},
	};
	static const struct attribute_fact uwsgi[] = {
		{"server.version", "version"},
		{"uwsgi.processes", "numproc"},
		{"uwsgi.threads", "cores"},
	};

	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
		if (py_module(servers[i].module) != NULL) {
			dict_fact("server", servers[i].module);
			takes_turns = servers[i].takes_turns;
			if (i == 0)
				fact_attributes(py_module("uwsgi"), uwsgi,
						sizeof uwsgi / sizeof uwsgi[0]);
			return true;
		}
	return false;
}

bool facts_server_takes_turns(void)
{
	return takes_turns;
}

static void write_version(const char *module)
{
	static const struct attribute_fact version[] = {{"server.version", "__version__"}};

	fact_attributes(py_module(module), version, 1);
}

/* Frameworks that are servers, by the class whose method a request of theirs passes. */
static void write_own_server(py_object application)
{
	static const struct {
		const char *name, *module, *class_name;
	} servers[] = {
		{"aiohttp", "aiohttp.web_protocol", "RequestHandler"},
		{"tornado", "tornado.web", "RequestHandler"},
	};

	for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++) {
		py_object class = py_attribute(py_module(servers[i].module), servers[i].class_name);

		if (class != NULL && py.PyObject_IsInstance(application, class) == 1)
			dict_fact("server", servers[i].name);
		app_errors_forget();
		py.Py_DecRef(class);
	}
}

static void write_server(py_object environ, py_object application)
{
	static const struct attribute_fact gunicorn[] = {
		{"gunicorn.worker_class", "worker_class_str"},
		{"gunicorn.workers", "workers"},
		{"gunicorn.threads", "threads"},
		{"gunicorn.worker_connections", "worker_connections"},
		{"gunicorn.keepalive", "keepalive"},
		{"gunicorn.timeout", "timeout"},
		{"gunicorn.max_requests", "max_requests"},
		{"gunicorn.preload_app", "preload_app"},
		{"gunicorn.reload", "reload"},
		{"gunicorn.backlog", "backlog"},
	};
	static const struct attribute_fact uvicorn[] = {
		{"uvicorn.loop", "loop"},
		{"uvicorn.http", "http"},
		{"uvicorn.workers", "workers"},
		{"uvicorn.reload", "reload"},
		{"uvicorn.limit_concurrency", "limit_concurrency"},
		{"uvicorn.timeout_keep_alive", "timeout_keep_alive"},
		{"uvicorn.backlog", "backlog"},
	};

	if (gunicorn_config != NULL) {
		dict_fact("server", "gunicorn");
		write_version("gunicorn");
		fact_attributes(gunicorn_config, gunicorn, sizeof gunicorn / sizeof gunicorn[0]);
	} else if (uvicorn_config != NULL) {
		dict_fact("server", "uvicorn");
		write_version("uvicorn");
	} else if (!write_server_by_module()) {
		if (environ != NULL)
			write_wsgi_server(environ);
		else
			write_own_server(application);
	}
	if (uvicorn_config != NULL)
		fact_attributes(uvicorn_config, uvicorn, sizeof uvicorn / sizeof uvicorn[0]);
}

/* --- frameworks ------------------------------------------------------------------------ */

static void write_debug(const char *key, py_object owner, const char *attribute)
{
	py_object value = py_attribute(owner, attribute);

	if (value != NULL)
		dict_fact(key, py.PyObject_IsTrue(value) == 1 ? "True" : "False");
	app_errors_forget();
	py.Py_DecRef(value);
}

static void write_framework(py_object application)
{
	static const struct {
		const char *key, *module, *class_name;
	} applications[] = {
		{"flask.debug", "flask.app", "Flask"},
		{"starlette.debug", "starlette.middleware.errors", "ServerErrorMiddleware"},
	};
	py_object django =
		py_module("django.core.handlers.base") == NULL ? NULL : py_module("django.conf");
	py_object settings = py_attribute(django, "settings");

	write_debug("django.debug", settings, "DEBUG");
	py.Py_DecRef(settings);
	for (size_t i = 0; application != NULL && i < sizeof applications / sizeof applications[0];
	     i++) {
		py_object class =
			py_attribute(py_module(applications[i].module), applications[i].class_name);

		if (class != NULL && py.PyObject_IsInstance(application, class) == 1)
			write_debug(applications[i].key, application, "debug");
		app_errors_forget();
		py.Py_DecRef(class);
	}
}

void facts_at_unit(py_object application, py_object environ)
{
	struct agent_thread *thread;
	bool in_hook;

	if (written_generation != 0 && written_generation == dict_generation())
		return;
	if (!atomic_load_explicit(&agent_awake, memory_order_relaxed) || !agent_need_channel())
		return;
	thread = agent_thread_self();
	if (thread == NULL)
		return;
	written_generation = dict_generation();
	in_hook = thread->in_hook;
	thread->in_hook = true; /* folders read here are not the app's work */
	write_python();
	write_process();
	write_server(environ, application);
	write_framework(application);
	packages_write();
	thread->in_hook = in_hook;
}
