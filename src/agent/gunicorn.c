/* Gunicorn's loader: any WSGI callable that it serves is an entry.
 *
 * A callable of a class from the table (Flask, Django …) has its hook already
 * and is left alone; so is everything under a worker that does not speak WSGI.
 * Of what is left, an instance of a class written in Python stays the object
 * it is: the __call__ of its class gets a hook. Functions, partials and objects
 * of compiled classes are given to the worker as stand-ins (descriptor.h).
 */
#include "agent/gunicorn.h"

#include <string.h>

#include "agent/app_errors.h"
#include "agent/delegate.h"
#include "agent/facts.h"
#include "agent/python_hooks.h"
#include "agent/wsgi.h"

static py_object key_call, key_method; /* interned, strong */

/* A class's __call__ may be called by others too, for other things. */
static py_object serve_application(py_object original, py_object self, struct py_arguments a)
{
	if (a.count != 2 || a.keywords != NULL ||
	    py.PyDict_GetItem(a.values[0], key_method) == NULL)
		return py_call(original, self, a);
	return wsgi_serve(original, self, a.values, a.count, NULL, false);
}

bool gunicorn_prepare(void)
{
	key_call = py.PyUnicode_InternFromString("__call__");
	key_method = py.PyUnicode_InternFromString("REQUEST_METHOD");
	if (key_call == NULL || key_method == NULL)
		app_errors_forget();
	return key_call != NULL && key_method != NULL;
}

/* The class that __call__ of `class` comes from; borrowed from its __mro__. */
static py_object call_owner(py_object class, py_object call)
{
	py_object mro = py_attribute(class, "__mro__");
	py_object owner = NULL;

	for (py_ssize i = 0; mro != NULL && owner == NULL && i < py.PyTuple_Size(mro); i++) {
		py_object members = py_attribute(py.PyTuple_GetItem(mro, i), "__dict__");
		py_object found = members == NULL ? NULL : py.PyObject_GetItem(members, key_call);

		if (found == call)
			owner = py.PyTuple_GetItem(mro, i);
		if (found == NULL)
			app_errors_forget();
		else
			py.Py_DecRef(found);
		py.Py_DecRef(members);
	}
	py.Py_DecRef(mro);
	return owner;
}

/* Hooks __call__ of the callable's class, if that is a Python function. */
static bool hook_class(py_object callable)
{
	py_object call = py._PyType_Lookup(py_type_of(callable), key_call); /* borrowed */
	py_object owner, hook, done;

	if (call == NULL)
		return false;
	if (delegate_target(call) != call)
		return true; /* loaded before, or an instance of the same class */
	if (py_type_of(call) != py.function_type)
		return false;
	owner = call_owner(py_type_of(callable), call);
	if (owner == NULL || (py.PyType_GetFlags(owner) & PY_TYPE_HEAP) == 0)
		return false;
	hook = hook_method(call, serve_application);
	/* not by the metaclass's own __setattr__: that is the application's code */
	done = hook == NULL ? NULL
			    : py.PyObject_CallMethod(py.type_type, "__setattr__", "OOO", owner,
						     key_call, hook);
	app_errors_forget();
	py.Py_DecRef(hook);
	py.Py_DecRef(done);
	return done != NULL;
}

/* Workers that call the application by (environ, start_response). */
static bool worker_speaks_wsgi(py_object loader)
{
	static const char *const wsgi_workers[] = {"sync",         "gthread",       "gevent",
						   "eventlet",     "SyncWorker",    "ThreadWorker",
						   "GeventWorker", "EventletWorker"};
	py_object config = py_attribute(loader, "cfg");
	py_object name = py_attribute(config, "worker_class_str");
	size_t length;
	const char *text = py_text(name, &length);
	bool found = false;

	if (text != NULL) {
		const char *dot = strrchr(text, '.');

		for (size_t i = 0; i < sizeof wsgi_workers / sizeof wsgi_workers[0]; i++)
			found = found || strcmp(dot == NULL ? text : dot + 1, wsgi_workers[i]) == 0;
	}
	py.Py_DecRef(name);
	py.Py_DecRef(config);
	return found;
}

static bool has_its_own_hook(py_object callable)
{
	for (const struct hook_row *row = wsgi_hooks; row->module != NULL; row++) {
		py_object class = py_attribute(py_module(row->module), row->class_name);
		bool yes = class != NULL && py.PyType_IsSubtype(py_type_of(callable), class) != 0;

		py.Py_DecRef(class);
		if (yes)
			return true;
	}
	return false;
}

static py_object load_application(py_object self, const py_object *values, py_ssize count,
				  py_object keywords)
{
	py_object callable = py_call(gunicorn_hooks[0].original, self,
				     (struct py_arguments){values, count, keywords});
	py_object made;
	py_object config = callable == NULL ? NULL : py_attribute(self, "cfg");

	python_hooks_at_application(); /* its class may have come with the last module */
	if (config != NULL) {
		facts_keep_gunicorn(config);
		py.Py_DecRef(config);
	}
	if (callable == NULL || !py.PyCallable_Check(callable) || !worker_speaks_wsgi(self) ||
	    has_its_own_hook(callable) || hook_class(callable))
		return callable;
	made = hook_callable(callable, serve_application);
	if (made == NULL) {
		app_errors_forget();
		return callable;
	}
	py.Py_DecRef(callable);
	return made;
}

struct hook_row gunicorn_hooks[] = {
	HOOK_ROW("gunicorn.app.base", "BaseApplication", "wsgi", load_application),
	{.module = NULL},
};
