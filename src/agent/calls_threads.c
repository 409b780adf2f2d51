#include "agent/calls_threads.h"

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "agent/abi.h"
#include "python/evaluation.h"

typedef int py_trace(py_object self, uintptr_t frame, int what, py_object argument);

const char *calls_threads_owner(const void *function, char *text, size_t size)
{
	Dl_info info;
	const char *file;

	if (dladdr(function, &info) == 0 || info.dli_fname == NULL) {
		snprintf(text, size, "of an unknown library");
		return text;
	}
	file = strrchr(info.dli_fname, '/');
	snprintf(text, size, "of %.80s", file != NULL ? file + 1 : info.dli_fname);
	return text;
}

/* 3.8 sets it for the current thread alone: that one is made current for the moment, which nobody
 * sees, as the GIL is held. */
static void set_as_current(void *tstate, py_trace *function)
{
	void *mine = py.PyThreadState_Swap(tstate);

	py.PyEval_SetProfile(function, NULL);
	py.PyErr_Clear();
	py.PyThreadState_Swap(mine);
}

static void set(void *tstate, py_trace *function)
{
	if (py._PyEval_SetProfile == NULL)
		set_as_current(tstate, function);
	else if (py._PyEval_SetProfile(tstate, function, NULL) != 0)
		py.PyErr_Clear(); /* of an audit hook that forbids it */
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
