#include "agent/calls_threads.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "python/evaluation.h"

/* sys.settrace() and sys.setprofile() put a function of Python's own there, which calls theirs. */
static bool is_pythons(const char *library)
{
	Dl_info info;

	return dladdr((void *)py.Py_GetVersion, &info) != 0 && info.dli_fname != NULL &&
	       strcmp(info.dli_fname, library) == 0;
}

/* "module.qualname" of what sys.`getter`() gives on this thread, read quietly. False: it has none.
 */
static bool name_of(const char *getter, char *text, size_t size)
{
	py_object function = py.PyObject_CallMethod(py_module("sys"), getter, NULL);
	py_object module, name;
	const char *of_module, *of_name;
	size_t length;

	app_errors_forget();
	if (function == NULL)
		return false;
	module = py_attribute_quiet(function, "__module__");
	name = py_attribute_quiet(function, "__qualname__");
	of_module = py_text(module, &length);
	of_name = py_text(name, &length);
	if (of_module != NULL && of_name != NULL)
		snprintf(text, size, "%.60s.%.60s", of_module, of_name);
	py.Py_DecRef(name);
	py.Py_DecRef(module);
	py.Py_DecRef(function);
	return of_module != NULL && of_name != NULL;
}

/* With the folder that it lies in: coverage/tracer.… */
static const char *tail_of(const char *file)
{
	const char *at = file + strlen(file);

	for (int slashes = 0; at > file && (slashes += at[-1] == '/') < 2; at--)
		;
	return at;
}

const char *calls_threads_owner(const void *function, const char *getter, char *text, size_t size)
{
	py_object type, value, traceback;
	Dl_info info;
	bool named;

	snprintf(text, size, "of an unknown library");
	if (dladdr(function, &info) == 0 || info.dli_fname == NULL)
		return text;
	py.PyErr_Fetch(&type, &value, &traceback);
	named = getter != NULL && is_pythons(info.dli_fname) && name_of(getter, text, size);
	py.PyErr_Restore(type, value, traceback);
	if (!named)
		snprintf(text, size, "of %.80s", tail_of(info.dli_fname));
	return text;
}

typedef int py_trace(py_object self, uintptr_t frame, int what, py_object argument);

/* 3.8 sets it for the current thread alone: that one is made current for the moment, which nobody
 * sees, as the GIL is held. */
static void set_as_current(void *tstate, py_trace *function)
{
	void *mine = py.PyThreadState_Swap(tstate);

	py.PyEval_SetProfile(function, NULL);
	app_errors_forget();
	py.PyThreadState_Swap(mine);
}

static void set(void *tstate, py_trace *function)
{
	if (py._PyEval_SetProfile == NULL)
		set_as_current(tstate, function);
	else if (py._PyEval_SetProfile(tstate, function, NULL) != 0)
		app_errors_forget(); /* of an audit hook that forbids it */
}

static uintptr_t first_thread(void)
{
	uintptr_t mine = (uintptr_t)py._PyThreadState_UncheckedGet();
	uintptr_t interp = *(const uintptr_t *)(mine + agent_layout.tstate_interp);

	return *(const uintptr_t *)(interp + agent_layout.interp_threads_head);
}

/* The function of a thread that has neither, or NULL. */
static const void *change_all(const void *from, py_trace *to)
{
	size_t place = py_evaluation_for(py.version_hex)->tstate_profile;
	const void *other = NULL;
	py_object type, value, traceback;
	uintptr_t next;

	py.PyErr_Fetch(&type, &value, &traceback);
	for (uintptr_t tstate = first_thread(); tstate != 0; tstate = next) {
		const void *has = *(void *const *)(tstate + place);

		next = *(const uintptr_t *)(tstate + agent_layout.tstate_next);
		if (has == from)
			set((void *)tstate, to);
		else if (has != (const void *)to)
			other = has;
	}
	py.PyErr_Restore(type, value, traceback);
	return other;
}

const void *calls_threads_give_profile(void *function)
{
	return change_all(NULL, (py_trace *)function);
}

void calls_threads_take_profile(const void *function)
{
	(void)change_all(function, NULL);
}
