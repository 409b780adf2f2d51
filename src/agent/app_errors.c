#include "agent/app_errors.h"

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/python_api.h"
#include "agent/raw.h"

#define SIGSET_BYTES 8 /* of rt_sigprocmask(2) */
#define BIT(number) (UINT64_C(1) << ((number)-1))
/* Faults are of the code that runs; real-time signals are the C library's and the tick's. */
#define MAY_WAIT \
	((BIT(32) - 1) & ~(BIT(SIGSEGV) | BIT(SIGBUS) | BIT(SIGFPE) | BIT(SIGILL) | BIT(SIGTRAP) | \
			   BIT(SIGSYS) | BIT(SIGKILL) | BIT(SIGSTOP)))

/* One: of two that come so near each other the app would see the first only, too. */
static struct {
	py_object type, value, traceback; /* strong; NULL: none */
} kept;

static int raise_kept(void *nothing)
{
	py_object type = kept.type;

	(void)nothing;
	kept.type = NULL;
	if (type == NULL)
		return 0;
	py.PyErr_Restore(type, kept.value, kept.traceback);
	return -1;
}

/* Takes the references. */
static void give_back(py_object type, py_object value, py_object traceback)
{
	if (kept.type == NULL && py.Py_AddPendingCall(raise_kept, NULL) == 0) {
		kept.type = type;
		kept.value = value;
		kept.traceback = traceback;
		return;
	}
	py.Py_DecRef(type);
	py.Py_DecRef(value);
	py.Py_DecRef(traceback);
}

static bool is_of_a_handler(py_object type)
{
	return raw_call(SYS_gettid) == raw_call(SYS_getpid) &&
	       (py.PyType_IsSubtype(type, py.keyboard_interrupt) ||
		py.PyType_IsSubtype(type, py.system_exit));
}

void app_errors_forget(void)
{
	py_object type = py.PyErr_Occurred(), value, traceback;

	if (type == NULL)
		return;
	if (!is_of_a_handler(type)) {
		py.PyErr_Clear();
		return;
	}
	py.PyErr_Fetch(&type, &value, &traceback);
	give_back(type, value, traceback);
}

static struct {
	uint64_t blocked;
	py_object type, value, traceback;
} waiting;

void app_signals_wait(void)
{
	uint64_t wait = MAY_WAIT, before = 0;

	raw_call(SYS_rt_sigprocmask, SIG_BLOCK, &wait, &before, SIGSET_BYTES);
	waiting.blocked = wait & ~before;
	if (py.PyErr_CheckSignals() != 0)
		py.PyErr_Fetch(&waiting.type, &waiting.value, &waiting.traceback);
}

void app_signals_go_on(void)
{
	if (waiting.type != NULL)
		give_back(waiting.type, waiting.value, waiting.traceback);
	waiting.type = NULL;
	raw_call(SYS_rt_sigprocmask, SIG_UNBLOCK, &waiting.blocked, NULL, SIGSET_BYTES);
	waiting.blocked = 0;
}
