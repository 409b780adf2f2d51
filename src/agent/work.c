#include "agent/work.h"

#include <string.h>

#include "agent/app_errors.h"
#include "agent/calls_roots.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/units.h"

#define ITEM_HANDED "_unslow_work" /* attribute of an item: the bytes of a struct handed */

/* Whose work it is; and where an event loop handed it over, and since when it waits for its thread.
 */
struct handed {
	uint64_t unit;     /* 0: nobody's */
	uint64_t since_ns; /* 0: no event loop did */
	uint32_t stack;
	uint32_t zero_;          /* padding is compared by nobody, and yet not left to chance */
	struct calls_place from; /* who hands it over, where calls are counted */
};

static bool is_nobodys(const struct handed *handed)
{
	return handed->unit == 0 && handed->from.area == 0;
}

/* A function of the application's, timed where it runs. */
struct work {
	struct py_head head;
	py_object function;
	struct handed handed;
};

static py_object work_type;

/* What is being timed: work inside work (an executor's item that calls anyio) counts once. */
struct stretch {
	struct agent_thread *thread; /* NULL: not timed */
	struct unit *unit;           /* kept */
	uint64_t start_ns;
	uint64_t cpu_ns;
	bool named; /* the thread's context names the unit for as long */
};

static AGENT_TLS bool at_work;

static bool is_awake(void)
{
	return atomic_load_explicit(&agent_awake, memory_order_relaxed);
}

/* What the calling thread hands over now. GIL held, no exception set or left. */
static struct handed hand_over(void)
{
	struct agent_thread *thread = is_awake() ? agent_thread_self() : NULL;
	struct unit *unit = thread == NULL ? NULL : unit_here();
	struct handed handed = {.unit = unit == NULL ? 0 : unit->id};

	if (thread != NULL)
		handed.from = calls_place_now();
	if (unit != NULL && thread->loop_depth != 0) {
		handed.since_ns = agent_now_ns();
		handed.stack = stack_here(thread);
	}
	return handed;
}

static struct stretch begin(const struct handed *handed)
{
	struct unit *unit = is_awake() && handed->unit != 0 ? unit_find(handed->unit) : NULL;
	struct agent_thread *thread = unit == NULL ? NULL : agent_thread_self();
	bool named;

	/* on its own thread it is no other thread's work */
	if (thread == NULL || at_work || thread->tid == unit->tid)
		return (struct stretch){.thread = NULL};
	at_work = true;
	named = context_unit() == 0;
	unit_keep(unit);
	if (named)
		unit_enter_context(unit);
	call_sync_clocks(thread);
	return (struct stretch){thread, unit, thread->sync_wall_ns, thread->sync_cpu_ns, named};
}

static void write_hop(const struct handed *handed, struct unit *unit, uint64_t start_ns,
		      uint64_t end_ns)
{
	static struct dict_constant name = DICT_CONSTANT("thread.hop");

	if (handed->since_ns == 0)
		return;
	record_write(&(struct channel_record){
		.kind = RECORD_SPAN,
		.t_start_ns = start_ns,
		.dur_ns = end_ns - start_ns,
		.unit = handed->unit,
		.stack = handed->stack,
		.subject = dict_constant_id(&name),
		.aux = start_ns - handed->since_ns,
		.source = 1,
	});
	unit->hop_stack = handed->stack;
	unit->hop_end_ns = end_ns;
}

void work_resumed(struct unit *unit, uint64_t now_ns)
{
	static struct dict_constant name = DICT_CONSTANT("thread.back");

	if (now_ns > unit->hop_end_ns)
		record_write(&(struct channel_record){
			.kind = RECORD_SPAN,
			.t_start_ns = now_ns,
			.unit = unit->id,
			.stack = unit->hop_stack,
			.subject = dict_constant_id(&name),
			.aux = now_ns - unit->hop_end_ns,
			.source = 1,
		});
	unit->hop_end_ns = 0;
}

/* An exception that is set stays set. */
static void end(const struct stretch *stretch, const struct handed *handed)
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
	write_hop(handed, stretch->unit, stretch->start_ns, stretch->thread->sync_wall_ns);
	py.PyErr_Fetch(&type, &value, &traceback);
	if (stretch->named)
		unit_leave_context(stretch->unit);
	unit_release(stretch->unit);
	py.PyErr_Restore(type, value, traceback);
}

/* --- concurrent.futures ------------------------------------------------------------ */

enum { ROW_ITEM_MADE, ROW_ITEM_RUN, ROW_ANYIO, ROW_AIOSQLITE };

static py_object item_made(py_object self, const py_object *values, py_ssize count,
			   py_object keywords)
{
	py_object result = py_call(work_hooks[ROW_ITEM_MADE].original, self,
				   (struct py_arguments){values, count, keywords});
	struct handed handed = result != NULL ? hand_over() : (struct handed){.unit = 0};
	py_object value;

	if (is_nobodys(&handed))
		return result;
	value = py.PyBytes_FromStringAndSize((const char *)&handed, sizeof handed);
	if (value == NULL || py.PyObject_SetAttrString(self, ITEM_HANDED, value) != 0)
		app_errors_forget();
	py.Py_DecRef(value);
	return result;
}

static struct handed handed_of_item(py_object item)
{
	static py_object key;
	py_object value = py_attribute_kept(item, &key, ITEM_HANDED);
	struct handed handed = {.unit = 0};

	if (value != NULL && py_type_of(value) == py.bytes_type &&
	    py.PyBytes_Size(value) == (py_ssize)sizeof handed)
		memcpy(&handed, py.PyBytes_AsString(value), sizeof handed);
	py.Py_DecRef(value);
	return handed;
}

static py_object item_run(py_object self, const py_object *values, py_ssize count,
			  py_object keywords)
{
	struct handed handed = is_awake() ? handed_of_item(self) : (struct handed){.unit = 0};
	struct stretch stretch = begin(&handed);
	uint32_t entered = calls_work_enter(handed.from);
	py_object result = py_call(work_hooks[ROW_ITEM_RUN].original, self,
				   (struct py_arguments){values, count, keywords});

	calls_work_leave(entered);
	end(&stretch, &handed);
	return result;
}

/* --- functions that are given to a thread ------------------------------------------- */

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
	stretch = begin(&work->handed);
	entered = calls_work_enter(work->handed.from);
	result = py.PyObject_Call(work->function, arguments, named);
	calls_work_leave(entered);
	end(&stretch, &work->handed);
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

/* Calls the original with its first argument, a function, inside an object that times it. */
static py_object with_work(const struct hook_row *row, py_object self,
			   struct py_arguments arguments)
{
	enum { VALUES_MAX = 16 };
	py_ssize total = arguments.count +
			 (arguments.keywords == NULL ? 0 : py.PyTuple_Size(arguments.keywords));
	bool fits = arguments.count > 0 && total <= VALUES_MAX;
	struct handed handed = fits ? hand_over() : (struct handed){.unit = 0};
	struct work *work = is_nobodys(&handed) ? NULL : py_new(work_type);
	py_object changed[VALUES_MAX];
	py_object result;

	if (work == NULL) {
		if (!is_nobodys(&handed))
			app_errors_forget();
		return py_call(row->original, self, arguments);
	}
	work->function = py_keep(arguments.values[0]);
	work->handed = handed;
	memcpy(changed, arguments.values, (size_t)total * sizeof *arguments.values);
	changed[0] = work;
	arguments.values = changed;
	result = py_call(row->original, self, arguments);
	py.Py_DecRef(work);
	return result;
}

/* anyio.to_thread.run_sync(func, *args, ...) */
static py_object anyio_run_sync(py_object self, const py_object *values, py_ssize count,
				py_object keywords)
{
	return with_work(&work_hooks[ROW_ANYIO], self,
			 (struct py_arguments){values, count, keywords});
}

/* aiosqlite's Connection._execute(fn, *args, ...): its thread runs in no request's context */
static py_object aiosqlite_execute(py_object self, const py_object *values, py_ssize count,
				   py_object keywords)
{
	return with_work(&work_hooks[ROW_AIOSQLITE], self,
			 (struct py_arguments){values, count, keywords});
}

struct hook_row work_hooks[] = {
	[ROW_ITEM_MADE] = HOOK_ROW("concurrent.futures.thread", "_WorkItem", "__init__", item_made),
	[ROW_ITEM_RUN] = HOOK_ROW("concurrent.futures.thread", "_WorkItem", "run", item_run),
	[ROW_ANYIO] = HOOK_ROW("anyio.to_thread", NULL, "run_sync", anyio_run_sync),
	[ROW_AIOSQLITE] = HOOK_ROW("aiosqlite.core", "Connection", "_execute", aiosqlite_execute),
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
		app_errors_forget();
	return work_type != NULL;
}
