#include "agent/pool_waits.h"

#include "agent/app_errors.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/stepped.h"
#include "agent/units.h"

enum {
	ROW_ASYNCPG,
	ROW_PSYCOPG,
	ROW_SQLALCHEMY,
	ROW_LOCK,
	ROW_SEMAPHORE,
	ROW_CONDITION,
	ROW_GET,
	ROW_PUT
};

static struct agent_thread *thread_in_unit(void)
{
	struct agent_thread *thread = atomic_load_explicit(&agent_awake, memory_order_relaxed)
					      ? agent_thread_self()
					      : NULL;

	return thread != NULL && unit_current(thread) != 0 ? thread : NULL;
}

struct wait {
	uint64_t unit, start_ns;
	uint64_t lock; /* lock_name(); 0: nobody holds it */
	uint32_t stack, type;
};

static void write_wait(const struct wait *wait)
{
	record_write(&(struct channel_record){
		.kind = RECORD_LOCK,
		.t_start_ns = wait->start_ns,
		.dur_ns = agent_now_ns() - wait->start_ns,
		.unit = wait->unit,
		.stack = wait->stack,
		.object = wait->type,
		.aux = wait->lock,
		.flags = RECORD_CPU_KNOWN, /* none: the task is suspended */
		.source = 1,
	});
}

/* Is nothing in the pool's queue? It says so itself: qsize() is plain arithmetic. */
static bool is_empty(py_object queue)
{
	py_object size = queue == NULL ? NULL : py.PyObject_CallMethod(queue, "qsize", NULL);
	long count = size == NULL ? -1 : py.PyLong_AsLong(size);

	app_errors_forget();
	py.Py_DecRef(size);
	return count == 0;
}

/* Puts the frames from `frame` outwards behind those that are there. Takes the reference. */
static size_t add_frames(struct dict_frame *frames, size_t count, py_object frame)
{
	while (frame != NULL && frame != py.none && count < STACK_FRAMES_MAX) {
		py_object code = py_attribute(frame, "f_code");
		py_object back = py_attribute(frame, "f_back");

		if (code != NULL && py_type_of(code) == py.code_type) {
			long lasti = py_long_attribute(frame, "f_lasti", 0);

			frames[count++] = (struct dict_frame){
				.code = code_id((uintptr_t)code),
				.instr_offset = lasti < 0 ? 0 : (uint32_t)lasti,
			};
		}
		py.Py_DecRef(code);
		py.Py_DecRef(frame);
		frame = back;
	}
	py.Py_DecRef(frame);
	return count;
}

/* The stack of this greenlet and, outside it, of the one that began it and waits: the application's
 * frames are there. Asked only of one that is about to wait. */
static uint32_t greenlet_stack(void)
{
	struct dict_frame frames[STACK_FRAMES_MAX];
	py_object module = py_module("greenlet");
	py_object current =
		module == NULL ? NULL : py.PyObject_CallMethod(module, "getcurrent", NULL);
	py_object parent = py_attribute(current, "parent");
	py_object frame = py.PyEval_GetFrame(); /* borrowed */
	size_t count = add_frames(frames, 0, frame == NULL ? NULL : py_keep(frame));

	count = add_frames(frames, count, py_attribute(parent, "gr_frame"));
	app_errors_forget();
	py.Py_DecRef(parent);
	py.Py_DecRef(current);
	return count == 0 ? 0 : stack_of_frames(frames, count);
}

static void over(const struct stepped *call)
{
	write_wait(&(struct wait){
		.unit = call->waiting_unit,
		.start_ns = call->made_ns,
		.lock = call->waiting_lock,
		.stack = call->waiting_stack,
		.type = call->waiting_type,
	});
}

/* The coroutine of a wait, followed to its end. Steals `coroutine`; it may be NULL. */
static py_object followed(py_object coroutine, struct agent_thread *thread, uint64_t lock,
			  uint32_t type)
{
	struct stepped *call = coroutine == NULL ? NULL : stepped_new(NULL, NULL, NULL);

	if (call == NULL) {
		if (coroutine != NULL)
			app_errors_forget();
		return coroutine;
	}
	call->coroutine = coroutine;
	call->has_value = true;
	call->waiting_unit = unit_current(thread);
	call->waiting_stack = stack_here(thread);
	call->waiting_lock = lock;
	call->waiting_type = type;
	call->over = over;
	return call;
}

/* asyncpg's Pool._acquire(timeout): `_queue` has what is not lent, connected or not. */
static py_object asyncpg_acquire(py_object self, const py_object *values, py_ssize count,
				 py_object keywords)
{
	static py_object key_queue;
	struct agent_thread *thread = thread_in_unit();
	py_object queue = thread == NULL ? NULL : py_attribute_kept(self, &key_queue, "_queue");
	bool waits = is_empty(queue);
	py_object coroutine = py_call(pool_wait_hooks[ROW_ASYNCPG].original, self,
				      (struct py_arguments){values, count, keywords});

	py.Py_DecRef(queue);
	return waits ? followed(coroutine, thread, 0, 0) : coroutine;
}

/* psycopg_pool's WaitingClient.wait(timeout): made where the pool had none to give. */
static py_object psycopg_wait(py_object self, const py_object *values, py_ssize count,
			      py_object keywords)
{
	struct agent_thread *thread = thread_in_unit();
	py_object coroutine = py_call(pool_wait_hooks[ROW_PSYCOPG].original, self,
				      (struct py_arguments){values, count, keywords});

	return thread != NULL ? followed(coroutine, thread, 0, 0) : coroutine;
}

/* SQLAlchemy's AsyncAdaptedQueue.get(block, timeout): a plain function, in a greenlet that switches
 * to the loop meanwhile. It is asked to block where the pool may not grow. */
static py_object sqlalchemy_get(py_object self, const py_object *values, py_ssize count,
				py_object keywords)
{
	struct agent_thread *thread = thread_in_unit();
	bool waits =
		thread != NULL && count > 0 && py.PyObject_IsTrue(values[0]) == 1 && is_empty(self);
	uint64_t unit = waits ? unit_current(thread) : 0;
	uint32_t stack = waits ? greenlet_stack() : 0;
	uint64_t start_ns = waits ? agent_now_ns() : 0;
	py_object type, value, traceback;
	py_object result = py_call(pool_wait_hooks[ROW_SQLALCHEMY].original, self,
				   (struct py_arguments){values, count, keywords});

	if (waits) {
		py.PyErr_Fetch(&type, &value, &traceback);
		write_wait(&(struct wait){.unit = unit, .start_ns = start_ns, .stack = stack});
		py.PyErr_Restore(type, value, traceback);
	}
	return result;
}

/* A method of asyncio that makes a coroutine which waits. */
static py_object asyncio_call(size_t row, py_object self, struct py_arguments arguments,
			      struct agent_thread *thread, bool is_held)
{
	py_object coroutine = py_call(pool_wait_hooks[row].original, self, arguments);
	uint32_t type = coroutine == NULL ? 0 : py_qualname_id(py_type_of(self));

	return followed(coroutine, thread, is_held ? lock_name(self) : 0, type);
}

static bool is_true(py_object self, py_object *key, const char *name)
{
	py_object value = py_attribute_kept(self, key, name);
	bool answer = value != NULL && py.PyObject_IsTrue(value) == 1;

	app_errors_forget();
	py.Py_DecRef(value);
	return answer;
}

/* Lock.acquire(): it is taken, or given back to one who waited and has not run since. */
static py_object lock_acquire(py_object self, const py_object *values, py_ssize count,
			      py_object keywords)
{
	static py_object key_locked, key_waiters;
	struct py_arguments arguments = {values, count, keywords};
	struct agent_thread *thread = thread_in_unit();

	if (thread == NULL ||
	    (!is_true(self, &key_locked, "_locked") && !is_true(self, &key_waiters, "_waiters")))
		return py_call(pool_wait_hooks[ROW_LOCK].original, self, arguments);
	return asyncio_call(ROW_LOCK, self, arguments, thread, true);
}

/* Semaphore.acquire(): `_value` is how many more it lets in. */
static py_object semaphore_acquire(py_object self, const py_object *values, py_ssize count,
				   py_object keywords)
{
	static py_object key_value, key_waiters;
	struct py_arguments arguments = {values, count, keywords};
	struct agent_thread *thread = thread_in_unit();

	if (thread == NULL ||
	    (is_true(self, &key_value, "_value") && !is_true(self, &key_waiters, "_waiters")))
		return py_call(pool_wait_hooks[ROW_SEMAPHORE].original, self, arguments);
	return asyncio_call(ROW_SEMAPHORE, self, arguments, thread, true);
}

/* Condition.wait(): until another notifies. */
static py_object condition_wait(py_object self, const py_object *values, py_ssize count,
				py_object keywords)
{
	struct py_arguments arguments = {values, count, keywords};
	struct agent_thread *thread = thread_in_unit();

	if (thread == NULL)
		return py_call(pool_wait_hooks[ROW_CONDITION].original, self, arguments);
	return asyncio_call(ROW_CONDITION, self, arguments, thread, false);
}

/* Queue.get() of an empty one. */
static py_object queue_get(py_object self, const py_object *values, py_ssize count,
			   py_object keywords)
{
	struct py_arguments arguments = {values, count, keywords};
	struct agent_thread *thread = thread_in_unit();

	if (thread == NULL || !is_empty(self))
		return py_call(pool_wait_hooks[ROW_GET].original, self, arguments);
	return asyncio_call(ROW_GET, self, arguments, thread, false);
}

/* Queue.put() to one that has all it may. */
static py_object queue_put(py_object self, const py_object *values, py_ssize count,
			   py_object keywords)
{
	struct py_arguments arguments = {values, count, keywords};
	struct agent_thread *thread = thread_in_unit();
	py_object full = thread == NULL ? NULL : py.PyObject_CallMethod(self, "full", NULL);
	bool waits = full != NULL && py.PyObject_IsTrue(full) == 1;

	app_errors_forget();
	py.Py_DecRef(full);
	if (!waits)
		return py_call(pool_wait_hooks[ROW_PUT].original, self, arguments);
	return asyncio_call(ROW_PUT, self, arguments, thread, false);
}

struct hook_row pool_wait_hooks[] = {
	[ROW_ASYNCPG] = HOOK_ROW("asyncpg.pool", "Pool", "_acquire", asyncpg_acquire),
	[ROW_PSYCOPG] = HOOK_ROW("psycopg_pool.pool_async", "WaitingClient", "wait", psycopg_wait),
	[ROW_SQLALCHEMY] =
		HOOK_ROW("sqlalchemy.util.queue", "AsyncAdaptedQueue", "get", sqlalchemy_get),
	[ROW_LOCK] = HOOK_ROW("asyncio.locks", "Lock", "acquire", lock_acquire),
	[ROW_SEMAPHORE] = HOOK_ROW("asyncio.locks", "Semaphore", "acquire", semaphore_acquire),
	[ROW_CONDITION] = HOOK_ROW("asyncio.locks", "Condition", "wait", condition_wait),
	[ROW_GET] = HOOK_ROW("asyncio.queues", "Queue", "get", queue_get),
	[ROW_PUT] = HOOK_ROW("asyncio.queues", "Queue", "put", queue_put),
	{.module = NULL},
};
