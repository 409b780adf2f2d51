#include "agent/finalize.h"

#include <time.h>

#include "agent/abi.h"
#include "agent/app_errors.h"
#include "agent/core.h"
#include "agent/descriptor.h"
#include "agent/heap_control.h"
#include "agent/raw.h"
#include "agent/tick.h"
#include "agent/walk_control.h"

#define EVERYBODY UINT32_MAX
#define PAUSE_NS 200000L
#define PAUSES 100 /* 20 ms for a reader that was preempted in its few microseconds */

static _Atomic uint32_t finalizing; /* tid of the thread that ends Python; 0: none yet */
static uint32_t started_by;         /* tid of the thread that started the agent: Python's first */

static uint32_t tid_now(void)
{
	return (uint32_t)raw_call(SYS_gettid);
}

static bool is_finalizing(void)
{
	return py.Py_IsFinalizing != NULL
		       ? py.Py_IsFinalizing() != 0
		       : py._Py_IsFinalizing != NULL && py._Py_IsFinalizing() != 0;
}

uintptr_t python_thread_state(void)
{
	uint32_t by = atomic_load_explicit(&finalizing, memory_order_relaxed);

	if (UNLIKELY(by == 0 && is_finalizing()))
		by = started_by; /* somebody emptied atexit's list */
	if (UNLIKELY(by != 0) && by != tid_now())
		return 0;
	return (uintptr_t)py.PyGILState_GetThisThreadState();
}

/* What a thread reads, it reads between setting in_hook and clearing it, and it
 * looks at `finalizing` in between. After the first pause every such look has
 * either seen it or is shown by in_hook. */
static void wait_for_readers(void)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};

	if (!thread_others(false))
		return;
	for (int i = 0; i < PAUSES; i++) {
		raw_call(SYS_nanosleep, &pause, NULL);
		if (!thread_others(true))
			return;
	}
}

static py_object at_exit(py_object self, const py_object *values, py_ssize count,
			 py_object keywords)
{
	(void)self;
	(void)values;
	(void)count;
	(void)keywords;
	atomic_store(&finalizing, tid_now());
	heap_control_over();
	tick_over();
	walk_control_over();
	wait_for_readers();
	return py_keep(py.none);
}

static struct py_method_def at_exit_def = {"unslow", (void *)at_exit,
					   PY_METH_FASTCALL | PY_METH_KEYWORDS, NULL};

static bool register_at_exit(void)
{
	py_object module = py.PyImport_ImportModule("atexit");
	py_object callable = py.PyCFunction_NewEx(&at_exit_def, NULL, NULL);
	py_object done = module == NULL || callable == NULL
				 ? NULL
				 : py.PyObject_CallMethod(module, "register", "O", callable);
	bool registered = done != NULL;

	app_errors_forget();
	py.Py_DecRef(module);
	py.Py_DecRef(callable);
	py.Py_DecRef(done);
	return registered;
}

bool finalize_prepare(void)
{
	started_by = tid_now();
	return register_at_exit();
}

void finalize_not_yet(void)
{
	if (LIKELY(atomic_load_explicit(&finalizing, memory_order_relaxed) == 0) || is_finalizing())
		return;
	if (register_at_exit()) {
		atomic_store(&finalizing, 0);
		tick_not_over();
		heap_control_not_over();
	}
}

bool finalize_begun(void)
{
	return atomic_load_explicit(&finalizing, memory_order_relaxed) != 0 || is_finalizing();
}

void finalize_over(void)
{
	atomic_store(&finalizing, EVERYBODY);
	tick_over();
}

void finalize_after_fork(void)
{
	uint32_t by = atomic_load(&finalizing);

	started_by = tid_now();
	if (by != 0 && by != EVERYBODY)
		atomic_store(&finalizing, started_by);
}
