/* asyncio's tasks, read from outside: the coroutines of each, outermost first, and what it awaits.
 *
 * Tasks are found where asyncio itself keeps them (asyncio.tasks._all_tasks, _scheduled_tasks,
 * _eager_tasks) and read as the C implementation lays them out (objects.h); other kinds of task are
 * counted. The chain of awaits follows the top of each suspended frame's value stack as
 * Objects/genobject.c does (_PyGen_yf); an object of a type that is not known ends it.
 * True only while no thread runs Python.
 */
#ifndef UNSLOW_PYTHON_REMOTE_TASKS_H
#define UNSLOW_PYTHON_REMOTE_TASKS_H

#include "python/remote_frames.h"
#include "python/remote_objects.h"

enum { REMOTE_AWAITS_MAX = 64, REMOTE_TASKS_MAX = 1 << 16 };

enum remote_task_state {
	TASK_WAITING = 1, /* suspended in an await */
	TASK_READY,       /* to be run by the loop's next round, or not begun */
	TASK_RUNNING,     /* its coroutine is executing */
};

struct remote_task {
	uintptr_t address;
	enum remote_task_state state;
	char name[REMOTE_NAME_BYTES];
	struct remote_frame frames[REMOTE_AWAITS_MAX]; /* outermost first */
	size_t frame_count;
	/* What the innermost awaits: "task Task-7", "gather of 3", "future", a type's name; "" if
	 * it waits for nothing. */
	char awaits[2 * REMOTE_NAME_BYTES];
};

/* Where an interpreter's tasks are kept; the same as long as asyncio is imported. */
struct remote_task_sets {
	uintptr_t sets[3];
	bool are_weak[3]; /* they hold weak references */
	int count;        /* 0: asyncio is not imported */
};
void remote_tasks_find(const struct remote *remote, uintptr_t interpreter,
		       struct remote_task_sets *out);

/* Addresses of tasks to `tasks` behind *count; *others counts those that are not C's. */
void remote_tasks_list(const struct remote *remote, const struct remote_task_sets *sets,
		       uintptr_t *tasks, size_t max, size_t *count, size_t *others);
/* False: it has ended, or what is there cannot be a task. */
bool remote_task_read(const struct remote *remote, uintptr_t task, struct remote_task *out);
/* Whether a module is imported. */
bool remote_has_module(const struct remote *remote, uintptr_t interpreter, const char *module);

#endif
