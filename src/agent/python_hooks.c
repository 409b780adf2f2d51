#include "agent/python_hooks.h"

#include <dlfcn.h>
#include <string.h>

#include "agent/asgi.h"
#include "agent/collector.h"
#include "agent/core.h"
#include "agent/exceptions.h"
#include "agent/facts.h"
#include "agent/gunicorn.h"
#include "agent/loop.h"
#include "agent/routes.h"
#include "agent/run_unit.h"
#include "agent/spans.h"
#include "agent/units.h"
#include "agent/wsgi.h"

/* Every table of hooks; each ends with a row without module. */
static struct hook_row *const tables[] = {
	wsgi_hooks,	 gunicorn_hooks, asgi_hooks, route_hooks,
	exception_hooks, loop_hooks,	 span_hooks, fact_hooks,
};
#define TABLES (sizeof tables / sizeof tables[0])

enum progress { WAITING = 0, STARTING, ON, OFF };
static enum progress progress; /* guarded by the GIL, which every event after start-up holds */
static py_object modules;      /* sys.modules of the interpreter that is followed; borrowed, lives on */
static bool pending;	       /* a module of the tables was asked for, its hook is not in place */

/* Puts in place what can be. An exception that is set stays set. */
static void install_pending(void)
{
	py_object type, value, traceback;

	if (!pending || py.PyImport_GetModuleDict() != modules)
		return;
	pending = false;
	py.PyErr_Fetch(&type, &value, &traceback);
	for (size_t i = 0; i < TABLES; i++)
		for (struct hook_row *row = tables[i]; row->module != NULL; row++)
			if (row->wanted && row->original == NULL && !hook_install(row))
				pending = true;
	py.PyErr_Restore(type, value, traceback);
}

/* A module of the tables is about to be loaded: its rows are looked at from the
 * next event on. */
static void on_import(py_object arguments)
{
	size_t length;
	const char *name = py_text(py.PyTuple_GetItem(arguments, 0), &length);

	units_count_import();
	install_pending();
	for (size_t i = 0; name != NULL && i < TABLES; i++)
		for (struct hook_row *row = tables[i]; row->module != NULL; row++)
			if (!row->wanted && strcmp(row->module, name) == 0)
				row->wanted = pending = true;
}

/* What was imported before we came (an embedding host, a site hook). */
static void want_imported(void)
{
	for (size_t i = 0; i < TABLES; i++)
		for (struct hook_row *row = tables[i]; row->module != NULL; row++)
			if (py_module(row->module) != NULL)
				row->wanted = pending = true;
}

/* GIL held, the interpreter is up. */
static void start(void)
{
	char reason[160];
	py_object type, value, traceback;

	progress = STARTING; /* what we do raises audit events of its own */
	agent_start();
	progress = OFF;
	if (!core_started())
		return;
	py.PyErr_Fetch(&type, &value, &traceback);
	modules = py.PyImport_GetModuleDict();
	if (agent_layout.free_threaded)
		agent_part_off("agent.units", "not visible: Python without GIL is not yet followed");
	else if (!context_make(reason, sizeof reason))
		agent_part_off("agent.units", "not visible: %s", reason);
	else if (!wsgi_prepare() || !asgi_prepare() || !gunicorn_prepare())
		agent_part_off("agent.units", "not visible: Python refused the agent's types");
	else
		progress = ON;
	if (progress == ON) {
		collector_install();
		want_imported();
		install_pending();
	}
	py.PyErr_Restore(type, value, traceback);
}

static void on_run(const char *event, py_object arguments)
{
	py_object first = NULL;
	size_t length;
	const char *name;

	if (progress == WAITING)
		start();
	if (progress != ON)
		return;
	/* run_command's argument is the program's text: never kept */
	if (strcmp(event, "cpython.run_command") != 0 && py.PyTuple_Size(arguments) > 0)
		first = py.PyTuple_GetItem(arguments, 0);
	name = py_text(first, &length);
	run_begin(name != NULL ? name : "-c");
}

static int on_event(const char *event, py_object arguments, void *data)
{
	(void)data;
	if (event[0] == 'i' && strcmp(event, "import") == 0) {
		if (progress == ON)
			on_import(arguments);
	} else if (event[0] == 's' && event[1] == 'o' && strcmp(event, "socket.bind") == 0) {
		if (progress == ON)
			install_pending();
	} else if (event[0] == 'c' && strncmp(event, "cpython.", 8) == 0) {
		if (strncmp(event + 8, "run_", 4) == 0)
			on_run(event, arguments);
		else if (strcmp(event + 8, "_PySys_ClearAuditHooks") == 0)
			run_end();
	}
	return 0;
}

void python_hooks_install(void)
{
	int (*add)(int (*)(const char *, py_object, void *), void *) =
		(int (*)(int (*)(const char *, py_object, void *), void *))dlsym(
			RTLD_DEFAULT, "PySys_AddAuditHook");

	if (add != NULL)
		(void)add(on_event, NULL);
}
