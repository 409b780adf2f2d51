#include "python/remote_tasks.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

enum { WORD = sizeof(uintptr_t), WRAPPED = 2 * WORD /* first field of an object */ };

static const char task_type[] = "_asyncio.Task";

/* --- where they are ----------------------------------------------------------- */

struct listing {
	const struct remote *r;
	uintptr_t *tasks;
	size_t max, *count, *others;
	bool is_weak;
};

static bool take(void *context, uintptr_t key, uintptr_t value)
{
	struct listing *l = context;
	const uintptr_t task =
		l->is_weak ? remote_word(l->r, key, l->r->objects.weakref_object) : key;
	(void)value;
	if (!remote_is(l->r, task, task_type))
		*l->others += remote_is(l->r, task, "NoneType") ? 0 : 1;
	else if (*l->count < l->max)
		l->tasks[(*l->count)++] = task;
	return *l->count < l->max;
}

void remote_tasks_find(const struct remote *r, uintptr_t interpreter, struct remote_task_sets *out)
{
	/* A WeakSet keeps its references in the set `data` (Lib/_weakrefset.py). */
	static const struct {
		const char *name;
		bool is_weak;
	} names[] = {
		{"_all_tasks", true},       /* 3.8–3.11 */
		{"_scheduled_tasks", true}, /* 3.12+ */
		{"_eager_tasks", false},
	};
	*out = (struct remote_task_sets){0};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		uintptr_t set = remote_global(r, interpreter, "asyncio.tasks", names[i].name);
		if (set && names[i].is_weak)
			set = remote_attribute(r, set, "data");
		if (!set)
			continue;
		out->are_weak[out->count] = names[i].is_weak;
		out->sets[out->count++] = set;
	}
}

void remote_tasks_list(const struct remote *r, const struct remote_task_sets *sets,
		       uintptr_t *tasks, size_t max, size_t *count, size_t *others)
{
	for (int i = 0; i < sets->count; i++) {
		struct listing listing = {r, tasks, max, count, others, sets->are_weak[i]};
		remote_set_each(r, sets->sets[i], take, &listing);
	}
}

bool remote_has_module(const struct remote *r, uintptr_t interpreter, const char *module)
{
	const uintptr_t modules = remote_word(r, interpreter, r->objects.interp_modules);
	return remote_dict_get(r, modules, module) != 0;
}

/* --- the chain of awaits -------------------------------------------------------- */

enum await_kind { AWAIT_FRAME = 1, AWAIT_WRAPPED, AWAIT_FUTURE };

/* What a suspended frame may wait in, by type. */
static const struct {
	const char *type;
	enum await_kind kind;
} awaitables[] = {
	{"coroutine", AWAIT_FRAME},
	{"generator", AWAIT_FRAME},
	{"async_generator", AWAIT_FRAME},
	{"coroutine_wrapper", AWAIT_WRAPPED},      /* cw_coroutine */
	{"unslow.stepped", AWAIT_WRAPPED},         /* the agent's, stepped.h: coroutine */
	{"async_generator_asend", AWAIT_WRAPPED},  /* ags_gen */
	{"async_generator_athrow", AWAIT_WRAPPED}, /* agt_gen */
	{"_asyncio.FutureIter", AWAIT_FUTURE},
};

static enum await_kind kind_of(const struct remote *r, uintptr_t object, char *type)
{
	remote_type_name(r, object, type);
	for (size_t i = 0; i < sizeof awaitables / sizeof *awaitables; i++)
		if (strcmp(type, awaitables[i].type) == 0)
			return awaitables[i].kind;
	return 0;
}

enum gen_state { GEN_ENDED, GEN_EXECUTING, GEN_SUSPENDED };

/* The frame of a generator or coroutine, and the object on top of its value stack. */
static enum gen_state read_generator(const struct remote *r, uintptr_t generator, uintptr_t *frame,
				     uintptr_t *top)
{
	const struct py_objects *o = &r->objects;
	const bool is_inline = r->layout.frame_kind != PY_FRAME_OBJECT;
	int8_t state = 0;
	*top = 0;
	*frame = is_inline ? generator + r->layout.gen_frame
			   : remote_word(r, generator, r->layout.gen_frame);
	if (is_inline && (!r->read(r->context, generator + o->gen_state, &state, 1) || state > 0))
		return GEN_ENDED;
	if (*frame == 0)
		return GEN_ENDED;
	const uintptr_t stack = o->stack_kind == PY_STACK_INDEX
					? *frame + o->frame_stack
					: remote_word(r, *frame, o->frame_stack);
	if (o->stack_kind == PY_STACK_POINTER) {
		const uintptr_t end = remote_word(r, *frame, o->frame_top);
		if (end == 0)
			return GEN_EXECUTING;
		*top = end > stack ? remote_word(r, end - WORD, 0) : 0;
		return GEN_SUSPENDED;
	}
	const int32_t depth = remote_int(r, *frame, o->frame_top);
	if (is_inline ? state == 0 : depth < 0)
		return GEN_EXECUTING;
	if (depth > 0 && depth < REMOTE_ENTRIES_MAX)
		*top = remote_word(r, stack + (uintptr_t)(depth - 1) * WORD, 0);
	return GEN_SUSPENDED;
}

static bool add_frame(const struct remote *r, uintptr_t frame, struct remote_task *out)
{
	struct walk_frame f = {.frame = frame};
	if (!walk_read_frame(&r->layout, r->read, r->context, r->symbols.code_type, &f) ||
	    (f.kind != WALK_PYTHON && f.kind != WALK_INCOMPLETE) ||
	    remote_word(r, f.code, r->layout.object_type) != r->symbols.code_type)
		return false;
	out->frames[out->frame_count++] = (struct remote_frame){
		.frame = frame, .code = f.code, .instr_offset = f.instr_offset};
	return true;
}

/* False: the coroutine has ended. */
static bool follow(const struct remote *r, uintptr_t object, struct remote_task *out)
{
	char type[REMOTE_NAME_BYTES];
	for (int steps = 0;
	     object && steps < 2 * REMOTE_AWAITS_MAX && out->frame_count < REMOTE_AWAITS_MAX;
	     steps++) {
		uintptr_t frame, top;
		switch (kind_of(r, object, type)) {
		case AWAIT_WRAPPED:
			object = remote_word(r, object, WRAPPED);
			continue;
		case AWAIT_FUTURE:
			return true; /* the task's waiter says more */
		case AWAIT_FRAME:
			break;
		default:
			str_copy(out->awaits, sizeof out->awaits, type);
			return true;
		}
		const enum gen_state state = read_generator(r, object, &frame, &top);
		if (state == GEN_ENDED)
			return out->frame_count > 0;
		if (!add_frame(r, frame, out))
			return out->frame_count > 0;
		if (state == GEN_EXECUTING) {
			out->state = TASK_RUNNING;
			return true;
		}
		object = top;
	}
	return true;
}

/* --- names ------------------------------------------------------------------- */

static void read_name(const struct remote *r, uintptr_t task, char *name)
{
	uint64_t number;
	const uintptr_t object = remote_word(r, task, r->objects.task_name);
	if (remote_text(r, object, name, REMOTE_NAME_BYTES) >= 0)
		return;
	/* 3.12+ makes the name of its number when it is asked for it */
	if (remote_is(r, object, "int") && remote_long(r, object, &number))
		snprintf(name, REMOTE_NAME_BYTES, "Task-%llu", (unsigned long long)number);
}

static void describe_waiter(const struct remote *r, uintptr_t waiter, struct remote_task *out)
{
	char type[REMOTE_NAME_BYTES], name[REMOTE_NAME_BYTES] = "";
	remote_type_name(r, waiter, type);
	if (strcmp(type, task_type) == 0) {
		read_name(r, waiter, name);
		snprintf(out->awaits, sizeof out->awaits, "task %s", name);
	} else if (strcmp(type, "_GatheringFuture") == 0) {
		/* a list: its length is where a str-like object's size is */
		const uintptr_t children = remote_attribute(r, waiter, "_children");
		if (remote_is(r, children, "list"))
			snprintf(out->awaits, sizeof out->awaits, "gather of %lu",
				 (unsigned long)remote_word(r, children, r->layout.bytes_size));
		else
			snprintf(out->awaits, sizeof out->awaits, "gather");
	} else {
		snprintf(out->awaits, sizeof out->awaits, "%s",
			 strcmp(type, "_asyncio.Future") == 0 ? "future" : type);
	}
}

bool remote_task_read(const struct remote *r, uintptr_t task, struct remote_task *out)
{
	*out = (struct remote_task){.address = task, .state = TASK_WAITING};
	if (!remote_is(r, task, task_type) ||
	    !follow(r, remote_word(r, task, r->objects.task_coroutine), out))
		return false;
	read_name(r, task, out->name);
	const uintptr_t waiter = remote_word(r, task, r->objects.task_waiter);
	const bool has_waiter = waiter && !remote_is(r, waiter, "NoneType");
	if (out->state == TASK_RUNNING)
		out->awaits[0] = '\0';
	else if (has_waiter)
		describe_waiter(r, waiter, out);
	else
		out->state = TASK_READY;
	if (out->state == TASK_READY)
		out->awaits[0] = '\0';
	return true;
}
