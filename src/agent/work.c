#include "agent/work.h"

#include <string.h>

#include "agent/calls_control.h"
#include "agent/calls_roots.h"
#include "agent/core.h"
#include "agent/units.h"

#define ITEM_UNIT "_unslow_unit"   /* attribute of an item: the unit's 8 bytes */
#define ITEM_CALLS "_unslow_calls" /* struct calls_place of who submitted it */

/* anyio's function, timed where it runs. */
struct work {
	struct py_head head;
	py_object function;
	struct calls_place from; /* who hands it over */
};

static py_object work_type;

/* What is being timed: work inside work (an executor's item that calls anyio) counts once. */
struct stretch {
	struct agent_thread *thread; /* NULL: not timed */
	struct unit *unit;           /* kept */
	uint64_t start_ns;
	uint64_t cpu_ns;
};

static AGENT_TLS bool at_work;

static struct stretch begin(struct unit *unit)
{
	struct agent_thread *thread = agent_thread_self();

	/* on its own thread it is no other thread's work */
	if (unit == NULL || thread == NULL || at_work || thread->tid == unit->tid)
		return (struct stretch){.thread = NULL};
	at_work = true;
	call_sync_clocks(thread);
	return (struct stretch){thread, unit_keep(unit), thread->sync_wall_ns, thread->sync_cpu_ns};
}

/* An exception that is set stays set. */
static void end(const struct stretch *stretch)
{
	py_object type, value, traceback;

	if (stretch->thread == NULL)
		return;
	at_work = false;
	call_sync_clocks(stretch->thread);
	record_write(&(struct channel_record){
		.kind = RECORD_UNIT_WORK,
		.t_start_ns = stretch->start_ns,
		.dur_ns = stretch->thread->sync_wall_ns - stretch->start_ns,
		.unit = stretch->unit->id,
		.aux = stretch->thread->sync_cpu_ns - stretch->cpu_ns,
		.source = 1,
	});
	py.PyErr_Fetch(&type, &value, &traceback);
	unit_release(stretch->unit);
	py.PyErr_Restore(type, value, traceback);
}

/* --- concurrent.futures ------------------------------------------------------------ */

enum { ROW_ITEM_MADE, ROW_ITEM_RUN, ROW_ANYIO };

static bool is_awake(void)
{
	return atomic_load_explicit(&agent_awake, memory_order_relaxed);
}

static void set_place(py_object item, struct calls_place from)
{
	py_object bytes = py.PyBytes_FromStringAndSize((const char *)&from, sizeof from);

	if (bytes == NULL || py.PyObject_SetAttrString(item, ITEM_CALLS, bytes) != 0)
		py.PyErr_Clear();
	py.Py_DecRef(bytes);
}

/* The bytes that an item carries as an attribute. False: it has none of that size. */
static bool read_attribute(py_object item, py_object *key, const char *name, void *to, size_t size)
{
	py_object value = py_attribute_kept(item, key, name);
	bool fits = value != NULL && py_type_of(value) == py.bytes_type &&
		    py.PyBytes_Size(value) == (py_ssize)size;

	if (fits)
		memcpy(to, py.PyBytes_AsString(value), size);
	py.Py_DecRef(value);
	return fits;
}

static struct calls_place place_of_item(py_object item)
{
	static py_object key;
	struct calls_place from = {0};

	if (calls_counting())
		(void)read_attribute(item, &key, ITEM_CALLS, &from, sizeof from);
	return from;
}

static py_object item_made(py_object self, const py_object *values, py_ssize count,
			   py_object keywords)
{
	struct calls_place from = calls_place_now();
	py_object result = py_call(work_hooks[ROW_ITEM_MADE].original, self,
				   (struct py_arguments){values, count, keywords});
	struct unit *unit = result != NULL && is_awake() ? unit_here() : NULL;

	if (unit != NULL && py.PyObject_SetAttrString(self, ITEM_UNIT, unit->value) != 0)
		py.PyErr_Clear();
	if (from.area != 0 && result != NULL)
		set_place(self, from);
	return result;
}

static struct unit *unit_of_item(py_object item)
{
	static py_object key;
	uint64_t id = 0;

	(void)read_attribute(item, &key, ITEM_UNIT, &id, sizeof id);
	return unit_find(id);
}

static py_object item_run(py_object self, const py_object *values, py_ssize count,
			  py_object keywords)
{
	struct py_arguments arguments = {values, count, keywords};
	struct stretch stretch = begin(is_awake() ? unit_of_item(self) : NULL);
	bool named = stretch.thread != NULL && context_unit() == 0;
	uint32_t entered = calls_work_enter(place_of_item(self));
	py_object result;

	if (named)
		unit_enter_context(stretch.unit);
	result = py_call(work_hooks[ROW_ITEM_RUN].original, self, arguments);
	calls_work_leave(entered);
	if (named) {
		py_object type, value, traceback;

		py.PyErr_Fetch(&type, &value, &traceback);
		unit_leave_context(stretch.unit);
		py.PyErr_Restore(type, value, traceback);
	}
	end(&stretch);
	return result;
}

/* --- anyio ---------------------------------------------------------------------------- */

static py_object work_call(py_object self, py_object arguments, py_object named)
{
	struct work *work = self;
	struct stretch stretch;
	uint32_t entered;
	py_object result;

	if (work->function == NULL) { /* cleared by the collector */
		py.PyErr_SetString(py.type_error, "the function is gone");
		return NULL;
	}
	stretch = begin(is_awake() ? unit_here() : NULL);
	entered = calls_work_enter(work->from);
	result = py.PyObject_Call(work->function, arguments, named);
	calls_work_leave(entered);
	end(&stretch);
	return result;
}

static int work_traverse(py_object self, py_visit visit, void *data)
{
	struct work *work = self;

	return work->function == NULL ? 0 : visit(work->function, data);
}

static int work_clear(py_object self)
{
	py_clear(&((struct work *)self)->function);
	return 0;
}

static void work_dealloc(py_object self)
{
	py.PyObject_GC_UnTrack(self);
	py_clear(&((struct work *)self)->function);
	py_free(self);
}

/* anyio.to_thread.run_sync(func, *args, ...) */
static py_object anyio_run_sync(py_object self, const py_object *values, py_ssize count,
				py_object keywords)
{
	enum { VALUES_MAX = 16 };
	py_ssize total = count + (keywords == NULL ? 0 : py.PyTuple_Size(keywords));
	py_object changed[VALUES_MAX];
	struct work *work = NULL;
	py_object result;

	if (is_awake() && count > 0 && total <= VALUES_MAX &&
	    (unit_here() != NULL || calls_counting())) {
		work = py_new(work_type);
		if (work == NULL)
			py.PyErr_Clear();
	}
	if (work == NULL)
		return py_call(work_hooks[ROW_ANYIO].original, self,
			       (struct py_arguments){values, count, keywords});
	work->function = py_keep(values[0]);
	work->from = calls_place_now();
	memcpy(changed, values, (size_t)total * sizeof *values);
	changed[0] = work;
	result = py_call(work_hooks[ROW_ANYIO].original, self,
			 (struct py_arguments){changed, count, keywords});
	py.Py_DecRef(work);
	return result;
}

struct hook_row work_hooks[] = {
	[ROW_ITEM_MADE] = HOOK_ROW("concurrent.futures.thread", "_WorkItem", "__init__", item_made),
	[ROW_ITEM_RUN] = HOOK_ROW("concurrent.futures.thread", "_WorkItem", "run", item_run),
	[ROW_ANYIO] = HOOK_ROW("anyio.to_thread", NULL, "run_sync", anyio_run_sync),
	{.module = NULL},
};

static struct py_type_slot work_slots[] = {
	{PY_SLOT_CALL, (void *)work_call},
	{PY_SLOT_TRAVERSE, (void *)work_traverse},
	{PY_SLOT_CLEAR, (void *)work_clear},
	{PY_SLOT_DEALLOC, (void *)work_dealloc},
	{0, NULL},
};
static struct py_type_spec work_spec = {"unslow.work", sizeof(struct work), 0, PY_TYPE_FLAGS,
					work_slots};

bool work_prepare(void)
{
	work_type = py.PyType_FromSpec(&work_spec);
	if (work_type == NULL)
		py.PyErr_Clear();
	return work_type != NULL;
}
