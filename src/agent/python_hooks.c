#include "agent/python_hooks.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "agent/aiohttp.h"
#include "agent/app_errors.h"
#include "agent/asgi.h"
#include "agent/calls_control.h"
#include "agent/code_freed.h"
#include "agent/collector.h"
#include "agent/core.h"
#include "agent/exceptions.h"
#include "agent/facts.h"
#include "agent/finalize.h"
#include "agent/heap_control.h"
#include "agent/gunicorn.h"
#include "agent/loop.h"
#include "agent/mapped.h"
#include "agent/pool_waits.h"
#include "agent/routes.h"
#include "agent/run_queue.h"
#include "agent/run_unit.h"
#include "agent/spans.h"
#include "agent/sql_text.h"
#include "agent/stepped.h"
#include "agent/tasks.h"
#include "agent/tick.h"
#include "agent/tornado.h"
#include "agent/units.h"
#include "agent/work.h"
#include "agent/wsgi.h"

/* Every table of hooks; each ends with a row without module. */
static struct hook_row *const tables[] = {
	wsgi_hooks,    gunicorn_hooks, asgi_hooks,      route_hooks,    exception_hooks,
	loop_hooks,    span_hooks,     fact_hooks,      sql_text_hooks, work_hooks,
	aiohttp_hooks, tornado_hooks,  pool_wait_hooks, task_hooks,
};
#define TABLES (sizeof tables / sizeof tables[0])

#define UNIT_TRIES 64         /* units at whose begin the tables are looked through again */
#define HEAP_REACH (4L << 20) /* bytes: two blocks of a process that has just started */

static int (*py_is_initialized)(void); /* before the other functions are resolved */

enum progress { WAITING = 0, STARTING, ON, OFF };
static enum progress progress; /* guarded by the GIL, which every event after start-up holds */
static py_object modules; /* sys.modules of the interpreter that is followed; borrowed, lives on */
static uint32_t tries;    /* left for units, since a module was last asked for */
static bool pending;      /* a module of the tables was asked for, its hook is not in place */

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
	slots_scan_if_pending();
	install_pending();
	for (size_t i = 0; name != NULL && i < TABLES; i++)
		for (struct hook_row *row = tables[i]; row->module != NULL; row++)
			if (!row->wanted && strcmp(row->module, name) == 0)
				row->wanted = pending = true, tries = UNIT_TRIES;
}

void python_hooks_at_application(void)
{
	if (progress == ON)
		install_pending();
}

/* What was imported before we came (an embedding host, a site hook). */
static void want_imported(void)
{
	for (size_t i = 0; i < TABLES; i++)
		for (struct hook_row *row = tables[i]; row->module != NULL; row++)
			if (py_module(row->module) != NULL)
				row->wanted = pending = true;
}

static void start_parts(void)
{
	char reason[160];
	py_object type, value, traceback;

	py.PyErr_Fetch(&type, &value, &traceback);
	modules = py.PyImport_GetModuleDict();
	if (!finalize_prepare())
		agent_switch_off("module atexit cannot be used, so the end of Python is not safe");
	if (agent_layout.free_threaded)
		agent_part_off("agent.units",
			       "not visible: Python without GIL is not yet followed");
	else if (!context_make(reason, sizeof reason))
		agent_part_off("agent.units", "not visible: %s", reason);
	else if (!hook_prepare() || !wsgi_prepare() || !stepped_prepare() || !asgi_prepare() ||
		 !gunicorn_prepare() || !work_prepare())
		agent_part_off("agent.units", "not visible: Python refused the agent's types");
	else
		progress = ON;
	if (progress == ON) {
		if (!run_queue_prepare())
			agent_part_off("agent.run_queue", "not visible: no thread key is free");
		code_freed_prepare();
		collector_install();
		want_imported();
		install_pending();
		heap_control_apply();
		calls_control_start();
	}
	py.PyErr_Restore(type, value, traceback);
}

/* GIL held, the interpreter is up. */
static void start(void)
{
	progress = STARTING; /* what we do raises audit events of its own */
	agent_start();
	progress = OFF;
	if (core_started())
		start_parts();
	app_signals_go_on();
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
	tick_ensure(agent_now_ns());
}

/* --- the audit hook ------------------------------------------------------------ */

/* One entry of CPython's list of hooks (_Py_AuditHookEntry, pycore_interp.h and
 * pycore_sysmodule.h, 3.8–3.13). */
struct audit_entry {
	struct audit_entry *next;
	void *function;
	void *data;
};

static struct audit_entry **list_head; /* in _PyRuntime; NULL: not found */
static struct audit_entry *our_entry;

/* The entry is made before Python chooses its allocators, and freed after: with
 * PYTHONMALLOC=debug or -X dev that ends the process ("bad ID"). So it is taken
 * out of the list before the list is freed. */
static void unlink_hook(void)
{
	if (list_head != NULL && *list_head == our_entry)
		*list_head = our_entry->next;
}

/* --- at units ------------------------------------------------------------------ */

static bool settled; /* the audit hook is out, because of that */
static py_ssize modules_seen;

/* What the import events said before, the number of loaded modules says now. */
static void look_for_modules(void)
{
	py_ssize count =
		py.PyImport_GetModuleDict() == modules ? py.PyObject_Size(modules) : modules_seen;

	if (LIKELY(count == modules_seen))
		return;
	modules_seen = count;
	want_imported();
	tries = UNIT_TRIES;
}

void python_hooks_at_unit(bool has_settled)
{
	if (has_settled && !settled && list_head != NULL && *list_head == our_entry) {
		settled = true;
		unlink_hook();
	}
	if (settled)
		look_for_modules();
	if (tries == 0)
		return;
	tries--;
	install_pending();
}

void python_hooks_after_fork(void)
{
	if (!settled)
		return;
	settled = false;
	our_entry->next = *list_head;
	*list_head = our_entry;
}

/* --- events -------------------------------------------------------------------- */

static int on_event(const char *event, py_object arguments, void *data)
{
	(void)data;
	if (event[0] == 'i' && strcmp(event, "import") == 0) {
		if (progress == WAITING && py_is_initialized != NULL && py_is_initialized())
			start(); /* a host that embeds Python */
		if (progress == ON)
			on_import(arguments);
	} else if ((event[0] == 's' && strcmp(event, "socket.bind") == 0) ||
		   (event[0] == 'o' && strcmp(event, "open") == 0)) {
		/* a class of the last module that was loaded: servers bind a socket after
		 * that, uWSGI opens wsgi.errors for each application it loaded
		 * (plugins/python/pyloader.c, init_uwsgi_app) */
		if (progress == ON)
			install_pending();
	} else if (event[0] == 'c' && strcmp(event, "ctypes.dlsym") == 0) {
		/* a library that was loaded by its name alone is about to be used */
		if (progress == ON)
			slots_scan_if_pending();
	} else if (event[0] == 'c' && strncmp(event, "cpython.", 8) == 0) {
		if (strncmp(event + 8, "run_", 4) == 0) {
			on_run(event, arguments);
		} else if (strcmp(event + 8, "_PySys_ClearAuditHooks") == 0) {
			if (core_started())
				run_end();
			calls_control_over();
			finalize_over();
			unlink_hook();
		}
	}
	return 0;
}

/* Looks for the head of the list, now that we are in it: a word of _PyRuntime
 * that points to an entry with our function. */
static void find_entry(void)
{
	uintptr_t *runtime = dlsym(RTLD_DEFAULT, "_PyRuntime");
	char *near = malloc(16);
	const ElfW(Sym) *symbol = NULL;
	Dl_info info;

	if (!mapped_read() || runtime == NULL || near == NULL ||
	    dladdr1(runtime, &info, (void **)&symbol, RTLD_DL_SYMENT) == 0 || symbol == NULL) {
		free(near);
		return;
	}
	for (size_t i = 0; i < symbol->st_size / sizeof *runtime && list_head == NULL; i++) {
		struct audit_entry *entry = (struct audit_entry *)runtime[i];

		/* the entry is as young as `near`: same heap */
		if (runtime[i] % sizeof(void *) != 0 ||
		    labs((long)runtime[i] - (long)near) > HEAP_REACH)
			continue;
		if (mapped_readable(runtime[i], sizeof *entry) &&
		    entry->function == (void *)on_event) {
			list_head = (struct audit_entry **)&runtime[i];
			our_entry = entry;
		}
	}
	free(near);
}

void python_hooks_install(void)
{
	int (*add)(int (*)(const char *, py_object, void *), void *) =
		(int (*)(int (*)(const char *, py_object, void *), void *))dlsym(
			RTLD_DEFAULT, "PySys_AddAuditHook");

	py_is_initialized = (int (*)(void))dlsym(RTLD_DEFAULT, "Py_IsInitialized");
	if (add != NULL && add(on_event, NULL) == 0)
		find_entry();
}
