/* Gunicorn's loader: any WSGI callable that it serves is an entry.
 *
 * A callable of a class from the table (Flask, Django …) has its hook already
 * and is left alone; so is everything under a worker that does not speak WSGI.
 * What is left is given to the worker inside an object that calls it as a unit
 * and has its attributes.
 */
#include "agent/gunicorn.h"

#include <string.h>

#include "agent/facts.h"
#include "agent/wsgi.h"

struct wsgi_application {
	struct py_head head;
	py_object callable;
};

static py_object application_type;

static py_object application_call(py_object self, py_object arguments, py_object named)
{
	struct wsgi_application *application = self;
	py_object values[2];

	if (application->callable == NULL) { /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "the application is gone");
		return NULL;
	}
	if (named != NULL || py.PyTuple_Size(arguments) != 2)
		return py.PyObject_Call(application->callable, arguments, named);
	values[0] = py.PyTuple_GetItem(arguments, 0);
	values[1] = py.PyTuple_GetItem(arguments, 1);
	return wsgi_serve(application->callable, NULL, values, 2, NULL, false);
}

static py_object application_attribute(py_object self, py_object name)
{
	struct wsgi_application *application = self;
	py_object own = py.PyObject_GenericGetAttr(self, name);

	if (own != NULL || application->callable == NULL ||
	    !py.PyErr_ExceptionMatches(py.attribute_error))
		return own;
	py.PyErr_Clear();
	return py.PyObject_GetAttr(application->callable, name);
}

static int application_traverse(py_object self, py_visit visit, void *data)
{
	struct wsgi_application *application = self;

	return application->callable == NULL ? 0 : visit(application->callable, data);
}

static int application_clear(py_object self)
{
	py_clear(&((struct wsgi_application *)self)->callable);
	return 0;
}

static void application_dealloc(py_object self)
{
	py.PyObject_GC_UnTrack(self);
	py_clear(&((struct wsgi_application *)self)->callable);
	py_free(self);
}

static struct py_type_slot application_slots[] = {
	{ PY_SLOT_CALL, (void *)application_call },
	{ PY_SLOT_GETATTRO, (void *)application_attribute },
	{ PY_SLOT_TRAVERSE, (void *)application_traverse },
	{ PY_SLOT_CLEAR, (void *)application_clear },
	{ PY_SLOT_DEALLOC, (void *)application_dealloc },
	{ 0, NULL },
};
static struct py_type_spec application_spec = { "unslow.application",
						sizeof(struct wsgi_application), 0, PY_TYPE_FLAGS,
						application_slots };

bool gunicorn_prepare(void)
{
	application_type = py.PyType_FromSpec(&application_spec);
	if (application_type == NULL)
		py.PyErr_Clear();
	return application_type != NULL;
}

/* Workers that call the application by (environ, start_response). */
static bool worker_speaks_wsgi(py_object loader)
{
	static const char *const wsgi_workers[] = { "sync", "gthread", "gevent", "eventlet",
						    "SyncWorker", "ThreadWorker", "GeventWorker",
						    "EventletWorker" };
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
	if (name != NULL)
		py.Py_DecRef(name);
	if (config != NULL)
		py.Py_DecRef(config);
	return found;
}

static bool has_its_own_hook(py_object callable)
{
	for (const struct hook_row *row = wsgi_hooks; row->module != NULL; row++) {
		py_object class = py_attribute(py_module(row->module), row->class_name);
		int yes = class == NULL ? 0 : py.PyObject_IsInstance(callable, class);

		if (class != NULL)
			py.Py_DecRef(class);
		if (yes < 0)
			py.PyErr_Clear();
		if (yes > 0)
			return true;
	}
	return false;
}

static py_object load_application(py_object self, const py_object *values, py_ssize count,
				  py_object keywords)
{
	py_object callable = py_call(gunicorn_hooks[0].original, self,
				     (struct py_arguments){ values, count, keywords });
	struct wsgi_application *made;
	py_object config = callable == NULL ? NULL : py_attribute(self, "cfg");

	if (config != NULL) {
		facts_keep_gunicorn(config);
		py.Py_DecRef(config);
	}
	if (callable == NULL || !py.PyCallable_Check(callable) || !worker_speaks_wsgi(self) ||
	    has_its_own_hook(callable))
		return callable;
	made = py_new(application_type);
	if (made == NULL) {
		py.PyErr_Clear();
		return callable;
	}
	made->callable = callable;
	return made;
}

struct hook_row gunicorn_hooks[] = {
	HOOK_ROW("gunicorn.app.base", "BaseApplication", "wsgi", load_application),
	{ .module = NULL },
};
