#include "agent/tasks.h"

#include "agent/app_errors.h"
#include "agent/core.h"
#include "agent/loop.h"
#include "agent/stepped.h"
#include "agent/units.h"

#define LOOK_NS 1000000000 /* between two looks */

enum { PLACES_MAX = 16, AWAITS_MAX = 16 };

/* All guarded by the GIL. */
static uint64_t next_look_ns;
static uint64_t live_before; /* at the last look */
static uint32_t noted_left;  /* until the next look */
static uint32_t unnoted;     /* made since the last one that was noted */

static void write_tasks(enum tasks_what what, uint32_t name, uint32_t stack, uint64_t count)
{
	record_write(&(struct channel_record){
		.kind = RECORD_TASKS,
		.t_start_ns = agent_now_ns(),
		.unit = unit_current(agent_thread_self()),
		.result = (int16_t)what,
		.subject = name,
		.stack = stack,
		.count = record_saturate(count),
		.source = 1,
	});
}

/* --- where one waits --------------------------------------------------------------- */

/* The suspended frame of a coroutine or generator of Python's own; no other object is asked. */
static bool frame_of(py_object coroutine, py_object *frame, py_object *next)
{
	static const struct {
		const char *type, *frame, *next;
	} kinds[] = {{"CoroutineType", "cr_frame", "cr_await"},
		     {"GeneratorType", "gi_frame", "gi_yieldfrom"},
		     {"AsyncGeneratorType", "ag_frame", "ag_await"}};
	static py_object types[3]; /* strong */

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (types[i] == NULL)
			types[i] = py_attribute(py_module("types"), kinds[i].type);
		if (types[i] == NULL || py_type_of(coroutine) != types[i])
			continue;
		*frame = py_attribute(coroutine, kinds[i].frame);
		*next = py_attribute(coroutine, kinds[i].next);
		return true;
	}
	return false;
}

/* The stack of what the coroutine awaits, innermost first. Takes the reference. */
static uint32_t stack_of_awaits(py_object coroutine)
{
	struct dict_frame outermost_first[AWAITS_MAX];
	struct dict_frame frames[AWAITS_MAX];
	size_t count = 0;
	py_object frame, next;

	while (coroutine != NULL && coroutine != py.none && count < AWAITS_MAX &&
	       frame_of(stepped_target(coroutine), &frame, &next)) {
		py_object code = py_attribute(frame, "f_code");
		long lasti = py_long_attribute(frame, "f_lasti", 0);

		if (code != NULL && py_type_of(code) == py.code_type)
			outermost_first[count++] = (struct dict_frame){
				.code = code_id((uintptr_t)code),
				.instr_offset = lasti < 0 ? 0 : (uint32_t)lasti,
			};
		py.Py_DecRef(code);
		py.Py_DecRef(frame);
		py.Py_DecRef(coroutine);
		coroutine = next;
	}
	py.Py_DecRef(coroutine);
	for (size_t i = 0; i < count; i++)
		frames[i] = outermost_first[count - 1 - i];
	return stack_of_frames(frames, count);
}

/* --- a look -------------------------------------------------------------------------- */

struct tally {
	struct {
		uint32_t name, stack, count;
	} places[PLACES_MAX];
	uint32_t used, looked;
};

/* Takes the reference to the task. */
static void look_at(struct tally *tally, py_object task)
{
	py_object getter = py_attribute(task, "get_coro");
	py_object coroutine = getter == NULL ? NULL : py.PyObject_CallObject(getter, NULL);
	uint32_t name = coroutine == NULL ? 0 : py_qualname_id(stepped_target(coroutine));
	uint32_t stack = coroutine == NULL ? 0 : stack_of_awaits(py_keep(coroutine));
	uint32_t i = 0;

	while (i < tally->used &&
	       (tally->places[i].name != name || tally->places[i].stack != stack))
		i++;
	if (i == tally->used && i < PLACES_MAX) {
		tally->places[i].name = name;
		tally->places[i].stack = stack;
		tally->used++;
	}
	if (i < tally->used)
		tally->places[i].count++;
	tally->looked++;
	app_errors_forget();
	py.Py_DecRef(coroutine);
	py.Py_DecRef(getter);
	py.Py_DecRef(task);
}

/* Some of a WeakSet's references; a set has no order, so any of them. It may change meanwhile,
 * which its iterator says. */
static void look_through(struct tally *tally, py_object references)
{
	py_object iterator = py.PyObject_GetIter(references);
	py_object reference;

	while (iterator != NULL && tally->looked < TASKS_LOOKED &&
	       (reference = py.PyIter_Next(iterator)) != NULL) {
		py_object task = py.PyObject_CallObject(reference, NULL);

		if (task != NULL && task != py.none)
			look_at(tally, task);
		else
			py.Py_DecRef(task);
		py.Py_DecRef(reference);
	}
	app_errors_forget();
	py.Py_DecRef(iterator);
}

static void look(void)
{
	/* Lib/asyncio/tasks.py: 3.8–3.11, 3.12–3.13 */
	py_object module = py_module("asyncio.tasks");
	py_object set = py_attribute(module, "_all_tasks");
	py_object references = NULL;
	struct tally tally = {.used = 0};
	py_ssize live;

	if (set == NULL)
		set = py_attribute(module, "_scheduled_tasks");
	references = py_attribute(set, "data");
	live = references == NULL ? -1 : py.PyObject_Size(references);
	app_errors_forget();
	if (live >= TASKS_MANY && (uint64_t)live > live_before)
		look_through(&tally, references);
	if (live >= 0) {
		live_before = (uint64_t)live;
		write_tasks(TASKS_LIVE, 0, 0, (uint64_t)live);
	}
	for (uint32_t i = 0; i < tally.used; i++)
		write_tasks(TASKS_WAITING, tally.places[i].name, tally.places[i].stack,
			    (uint64_t)tally.places[i].count * (uint64_t)live / tally.looked);
	py.Py_DecRef(references);
	py.Py_DecRef(set);
}

/* --- hooks --------------------------------------------------------------------------- */

static void note_made(py_object coroutine)
{
	struct agent_thread *thread = atomic_load_explicit(&agent_awake, memory_order_relaxed)
					      ? agent_thread_self()
					      : NULL;
	uint64_t now_ns;

	if (thread == NULL || core_channel_now() == NULL)
		return;
	unnoted++;
	now_ns = agent_now_ns();
	if (now_ns >= next_look_ns) {
		next_look_ns = now_ns + LOOK_NS;
		noted_left = TASKS_NOTED;
		look();
	}
	if (noted_left == 0)
		return;
	noted_left--;
	write_tasks(TASKS_MADE, py_qualname_id(stepped_target(coroutine)), stack_here(thread),
		    unnoted);
	unnoted = 0;
}

enum { ROW_LOOP, ROW_FUNCTION };

static py_object loop_create(py_object self, const py_object *values, py_ssize count,
			     py_object keywords)
{
	if (count > 0)
		note_made(values[0]);
	return py_call(task_hooks[ROW_LOOP].original, self,
		       (struct py_arguments){values, count, keywords});
}

/* It asks the loop, whose method has seen it; uvloop's own cannot be hooked. */
static py_object create(py_object self, const py_object *values, py_ssize count, py_object keywords)
{
	if (loop_is_uvloop() && count > 0)
		note_made(values[0]);
	return py_call(task_hooks[ROW_FUNCTION].original, self,
		       (struct py_arguments){values, count, keywords});
}

struct hook_row task_hooks[] = {
	[ROW_LOOP] = HOOK_ROW("asyncio.base_events", "BaseEventLoop", "create_task", loop_create),
	[ROW_FUNCTION] = HOOK_ROW("asyncio", NULL, "create_task", create),
	{.module = NULL},
};
