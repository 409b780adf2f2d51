#include "agent/collector.h"

#include "agent/core.h"
#include "agent/descriptor.h"

/* Collections do not nest and hold the GIL throughout: one start is enough
 * (Modules/gcmodule.c, collect_with_callback, 3.8–3.13). 0: none runs. */
static uint64_t start_ns;

static int64_t number(py_object info, const char *key)
{
	py_object value = py.PyDict_GetItemString(info, key);

	return value == NULL ? 0 : py.PyLong_AsLong(value);
}

/* gc.callbacks member: (phase, info). Called with no exception set. */
static py_object on_collection(py_object self, const py_object *values, py_ssize count,
			       py_object keywords)
{
	size_t length;
	const char *phase = count == 2 ? py_text(values[0], &length) : NULL;

	(void)self;
	(void)keywords;
	if (phase == NULL || !atomic_load_explicit(&agent_awake, memory_order_relaxed)) {
		start_ns = 0;
	} else if (phase[2] == 'a') { /* "start" */
		start_ns = agent_now_ns();
	} else if (start_ns != 0 && core_channel_now() != NULL && agent_thread_self() != NULL) {
		int64_t collected = number(values[1], "collected");

		record_write(&(struct channel_record){
			.kind = RECORD_GC,
			.t_start_ns = start_ns,
			.dur_ns = agent_now_ns() - start_ns,
			.unit = unit_current(agent_thread_self()),
			.result = (int16_t)number(values[1], "generation"),
			.count = collected > UINT32_MAX ? UINT32_MAX : (uint32_t)collected,
			.source = 1,
		});
		start_ns = 0;
	}
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
	py.PyErr_Clear();
	py.Py_DecRef(gc);
	py.Py_DecRef(callbacks);
	py.Py_DecRef(callable);
}
