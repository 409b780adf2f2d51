#include "agent/collector.h"

#include "agent/app_errors.h"
#include "agent/core.h"
#include "agent/descriptor.h"

/* Collections do not nest and hold the GIL throughout: one start is enough
 * (Modules/gcmodule.c, collect_with_callback, 3.8–3.13). start_ns 0: none runs. */
static struct {
	uint64_t start_ns, start_cpu_ns;
	bool has_cpu;
} running;

static int64_t number(py_object info, const char *name)
{
	py_object key = py_name(name);
	py_object value = key == NULL ? NULL : py.PyDict_GetItem(info, key); /* borrowed */
	int64_t found = value == NULL ? 0 : py.PyLong_AsLong(value);

	if (key == NULL)
		app_errors_forget();
	py.Py_DecRef(key);
	return found;
}

/* A collection inside a call (a function of SQLite's written in Python) is timed by the wall clock
 * alone: a reading of the CPU clock would be taken from that call (call.c, gone_until). */
static void begin(void)
{
	struct agent_thread *thread = agent_thread_self();

	running.has_cpu = thread != NULL && thread->depth == 0;
	if (running.has_cpu) {
		call_sync_clocks(thread);
		running.start_cpu_ns = thread->sync_cpu_ns;
	}
	running.start_ns = agent_now_ns();
}

static void end(struct agent_thread *thread, py_object info)
{
	const uint64_t dur_ns = agent_now_ns() - running.start_ns;
	const int64_t collected = number(info, "collected");
	uint64_t cpu_ns = 0;

	if (running.has_cpu) {
		call_sync_clocks(thread);
		cpu_ns = thread->sync_cpu_ns - running.start_cpu_ns;
	}
	record_write(&(struct channel_record){
		.kind = RECORD_GC,
		.t_start_ns = running.start_ns,
		.dur_ns = dur_ns,
		.cpu_ns = record_saturate(cpu_ns < dur_ns ? cpu_ns : dur_ns),
		.flags = running.has_cpu ? RECORD_CPU_KNOWN : 0,
		.unit = unit_current(thread),
		.result = (int16_t)number(info, "generation"),
		.count = collected > UINT32_MAX ? UINT32_MAX : (uint32_t)collected,
		.source = 1,
	});
}

/* gc.callbacks member: (phase, info). Called with no exception set. */
static py_object on_collection(py_object self, const py_object *values, py_ssize count,
			       py_object keywords)
{
	size_t length;
	const char *phase = count == 2 ? py_text(values[0], &length) : NULL;

	(void)self;
	(void)keywords;
	if (phase != NULL && phase[2] == 'a' && /* "start" */
	    atomic_load_explicit(&agent_awake, memory_order_relaxed)) {
		begin();
		return py_keep(py.none);
	}
	struct agent_thread *thread = running.start_ns != 0 ? agent_thread_self() : NULL;

	if (phase != NULL && atomic_load_explicit(&agent_awake, memory_order_relaxed) &&
	    thread != NULL && core_channel_now() != NULL)
		end(thread, values[1]);
	running.start_ns = 0;
	return py_keep(py.none);
}

static struct py_method_def on_collection_def = {"unslow", (void *)on_collection,
						 PY_METH_FASTCALL | PY_METH_KEYWORDS, NULL};

void collector_install(void)
{
	py_object gc = py.PyImport_ImportModule("gc");
	py_object callbacks = py_attribute(gc, "callbacks");
	py_object callable = py.PyCFunction_NewEx(&on_collection_def, NULL, NULL);

	if (callbacks == NULL || callable == NULL || py.PyList_Append(callbacks, callable) != 0)
		agent_part_off("agent.gc", "not visible: gc.callbacks cannot be extended");
	app_errors_forget();
	py.Py_DecRef(gc);
	py.Py_DecRef(callbacks);
	py.Py_DecRef(callable);
}
