#include "agent/loop.h"

#include <string.h>

#include "agent/app_errors.h"
#include "agent/calls_tree.h"
#include "agent/core.h"
#include "agent/cpu_clock.h"
#include "agent/stepped.h"
#include "agent/steps.h"
#include "agent/units.h"

/* One of asyncio's own classes of tasks, and its get_coro(); once found, strong. */
struct task_class {
	py_object class, getter;
};

/* NULL: there are no more of them. */
static const struct task_class *task_class(size_t i)
{
	static const char *const names[] = {"Task", "_PyTask"};
	static struct task_class found[sizeof names / sizeof *names];
	struct task_class *made;

	if (i >= sizeof names / sizeof *names)
		return NULL;
	made = &found[i];
	if (UNLIKELY(made->class == NULL)) {
		made->class = py_attribute(py_module("asyncio.tasks"), names[i]);
		if (made->class != NULL && py_type_of(made->class) == py.type_type)
			made->getter = py_attribute(made->class, "get_coro");
	}
	return made;
}

/* get_coro() of a task: `object` may be anything that a callback is a method of. New reference or
 * NULL. */
static py_object coroutine_of(py_object object)
{
	const struct task_class *of;
	py_object coroutine = NULL;

	for (size_t i = 0; object != NULL && coroutine == NULL && (of = task_class(i)) != NULL; i++)
		if (of->getter != NULL && py.PyType_IsSubtype(py_type_of(object), of->class))
			coroutine =
				py_call(of->getter, object, (struct py_arguments){NULL, 0, NULL});
	if (coroutine == NULL)
		app_errors_forget();
	return coroutine;
}

static uint32_t name_of(py_object subject)
{
	uint32_t name;

	subject = stepped_target(subject);
	name = subject == NULL ? 0 : py_qualname_id(subject);
	if (name == 0 && subject != NULL)
		name = py_qualname_id(py_type_of(subject));
	return name;
}

/* What a handle runs: the coroutine of a task, else the callback itself. The
 * callback is a method of the task, whose __self__ it is. */
static uint32_t callback_name(py_object handle)
{
	py_object callback = py_attribute_quiet(handle, "_callback");
	py_object owner = py_attribute_quiet(callback, "__self__");
	py_object coroutine = coroutine_of(owner);
	uint32_t name = name_of(coroutine != NULL ? coroutine : callback);

	py.Py_DecRef(coroutine);
	py.Py_DecRef(owner);
	py.Py_DecRef(callback);
	return name;
}

/* `name` tells what ran from `of`. */
static void write_callback(uint32_t (*name)(py_object), py_object of, struct agent_thread *thread,
			   uint64_t start_ns, uint64_t end_ns, uint64_t cpu_before_ns)
{
	struct channel_header *channel = core_channel_now();
	uint64_t cpu_ns;
	py_object type, value, traceback;

	if (channel == NULL)
		return;
	cpu_clock_sync(thread, end_ns);
	cpu_ns = thread->sync_cpu_ns > cpu_before_ns ? thread->sync_cpu_ns - cpu_before_ns : 0;
	py.PyErr_Fetch(&type, &value, &traceback);
	record_write(&(struct channel_record){
		.kind = RECORD_CALLBACK,
		.t_start_ns = start_ns,
		.dur_ns = end_ns - start_ns,
		.subject = name(of),
		.aux = cpu_ns < end_ns - start_ns ? cpu_ns : end_ns - start_ns,
		.count = atomic_load_explicit(&channel->units_open, memory_order_relaxed),
		.flags = RECORD_ON_LOOP,
		.source = 1,
	});
	py.PyErr_Restore(type, value, traceback);
	call_sync_clocks(thread);
}

/* The unit whose task or callback the handle runs; kept, or NULL. */
static struct unit *unit_of_handle(py_object handle)
{
	static py_object key_context;
	py_object context = py_attribute_kept(handle, &key_context, "_context");
	struct unit *unit = context == NULL ? NULL : unit_find(context_unit_of(context));

	py.Py_DecRef(context);
	return unit_keep(unit);
}

/* asyncio's own class: what is derived from it counts as something else. */
static bool is_timer(py_object handle)
{
	static py_object type; /* strong */

	if (UNLIKELY(type == NULL)) {
		type = py_attribute(py_module("asyncio.events"), "TimerHandle");
		app_errors_forget();
	}
	return py_type_of(handle) == type;
}

static py_object handle_run(py_object self, const py_object *values, py_ssize count,
			    py_object keywords)
{
	struct py_arguments arguments = {values, count, keywords};
	struct agent_thread *thread = NULL;
	struct unit *unit;
	uint64_t start_ns;
	uint64_t end_ns;
	uint64_t cpu_before_ns;
	struct calls_times aside = calls_aside_begin(calls_self);
	py_object result;

	if (atomic_load_explicit(&agent_awake, memory_order_relaxed))
		thread = agent_thread_self();
	if (thread == NULL)
		return py_call(loop_hooks[0].original, self, arguments);
	unit = unit_of_handle(self);
	start_ns = agent_now_ns();
	cpu_before_ns = step_cpu_at(thread, start_ns);
	if (unit != NULL)
		step_enter(unit, thread, start_ns);
	thread->loop_depth++;
	if (calls_self != NULL && is_timer(self))
		calls_loop_ran.timers++;
	else
		calls_loop_ran.others++;
	calls_aside_end(calls_self, aside);
	result = py_call(loop_hooks[0].original, self, arguments);
	aside = calls_aside_begin(calls_self);
	thread->loop_depth--;
	end_ns = agent_now_ns();
	if (unit != NULL)
		step_leave(unit, thread, end_ns);
	if (end_ns - start_ns >= LOOP_CALLBACK_NS)
		write_callback(callback_name, self, thread, start_ns, end_ns, cpu_before_ns);
	if (unit != NULL)
		unit_release(unit);
	calls_aside_end(calls_self, aside);
	return result;
}

static bool uvloop_seen;

/* Is the loop that runs on this thread uvloop's? */
static bool runs_uvloop(void)
{
	py_object getter = py_attribute(py_module("asyncio.events"), "_get_running_loop");
	py_object loop = getter == NULL ? NULL : py.PyObject_CallObject(getter, NULL);
	py_object module = loop == NULL ? NULL : py_attribute(py_type_of(loop), "__module__");
	size_t length;
	const char *name = py_text(module, &length);
	bool found = name != NULL && strcmp(name, "uvloop") == 0;

	app_errors_forget();
	py.Py_DecRef(module);
	py.Py_DecRef(loop);
	py.Py_DecRef(getter);
	return found;
}

void loop_note(void)
{
	struct agent_thread *thread = agent_thread_self();

	if (thread == NULL || thread->loop_noted)
		return;
	thread->loop_noted = true;
	if (runs_uvloop()) {
		thread->loop_depth++;
		uvloop_seen = true;
	}
}

bool loop_is_uvloop(void)
{
	return uvloop_seen;
}

void loop_step_begin(struct loop_step *step, struct agent_thread *thread)
{
	step->start_ns = uvloop_seen ? agent_now_ns() : 0;
	if (step->start_ns != 0)
		step->cpu_before_ns = step_cpu_at(thread, step->start_ns);
}

void loop_step_end(const struct loop_step *step, struct agent_thread *thread, py_object coroutine)
{
	uint64_t end_ns = step->start_ns != 0 ? agent_now_ns() : 0;

	if (end_ns - step->start_ns >= LOOP_CALLBACK_NS)
		write_callback(name_of, coroutine, thread, step->start_ns, end_ns,
			       step->cpu_before_ns);
}

struct hook_row loop_hooks[] = {
	HOOK_ROW("asyncio.events", "Handle", "_run", handle_run),
	{.module = NULL},
};
