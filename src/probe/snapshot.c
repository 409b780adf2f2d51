#include "probe/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"
#include "probe/command.h"
#include "python/remote_code.h"
#include "python/remote_frames.h"
#include "python/remote_objects.h"
#include "python/remote_tasks.h"
#include "python/remote_threads.h"
#include "target/descriptor.h"
#include "target/proc.h"
#include "target/thread_call.h"

enum {
	FRAMES_MAX = 8192, /* of one thread that are kept */
	TASKS_MAX = 4096,
	INTERPRETERS_MAX = 16, /* whose tasks are looked for */
	TASKS_NS = 3000000,    /* how long reading tasks may hold a stopped thread */
	LEARN_TRIES = 5,
};

struct raw_frame {
	size_t code; /* index in codes */
	uint32_t instr_offset;
};

struct raw_thread {
	struct remote_thread python;
	int tid;
	bool is_frozen;
	struct thread_call call;
	size_t first_frame, frame_count, skipped;
};

struct raw_task {
	enum remote_task_state state;
	char *name, *awaits; /* in the arena */
	size_t first_frame, frame_count;
};

struct taking {
	struct python_process *process;
	struct still *still;
	struct arena *arena;
	VEC(struct remote_code) codes; /* kept from look to look, by address and identity */
	struct map code_index;
	struct remote_task_sets sets[INTERPRETERS_MAX];
	int set_count;
	/* Of the look under way. */
	VEC(struct raw_frame) frames;
	VEC(struct raw_thread) threads;
	VEC(struct raw_task) tasks;
	size_t tasks_unread;
	/* Room. */
	struct remote_thread *thread_room;
	struct remote_frame *frame_room;
	uintptr_t *task_room;
};

/* --- the look ------------------------------------------------------------------ */

static enum err_kind find_code(struct taking *t, uintptr_t address, size_t *index, struct err *e)
{
	const struct remote *r = &t->process->remote;
	const uint64_t *known = map_find(&t->code_index, address);
	if (known && *known < t->codes.count &&
	    t->codes.items[*known].identity == remote_code_identity(r, address)) {
		*index = *known;
		return ERR_OK;
	}
	struct remote_code code;
	TRY(remote_code_read(r, address, t->arena, &code, e));
	*index = t->codes.count;
	*vec_push(&t->codes) = code;
	*map_put(&t->code_index, address, NULL) = *index;
	return ERR_OK;
}

static enum err_kind add_frames(struct taking *t, const struct remote_frame *frames, size_t count,
				size_t *first, struct err *e)
{
	*first = t->frames.count;
	for (size_t i = 0; i < count; i++) {
		size_t code;
		TRY(find_code(t, frames[i].code, &code, e));
		*vec_push(&t->frames) = (struct raw_frame){code, frames[i].instr_offset};
	}
	return ERR_OK;
}

static enum err_kind look_at_threads(struct taking *t, struct err *e)
{
	const struct remote *r = &t->process->remote;
	size_t count;
	TRY(remote_threads(r, t->thread_room, REMOTE_THREADS_MAX, &count, e));
	for (size_t i = 0; i < count; i++) {
		struct remote_chain chain = {.frames = t->frame_room, .max = FRAMES_MAX};
		struct raw_thread thread = {.python = t->thread_room[i]};
		TRY(remote_frames(r, thread.python.tstate, &chain, e));
		TRY(add_frames(t, chain.frames, chain.count, &thread.first_frame, e));
		thread.frame_count = chain.count;
		thread.skipped = chain.skipped;
		thread.tid = still_outer_tid(t->still, remote_inner_tid(r, thread.python.tstate));
		thread.is_frozen = freeze_holds(&t->still->freeze, thread.tid);
		if (thread.tid && !thread.is_frozen)
			thread_call_now(t->process->pid, thread.tid, &thread.call);
		*vec_push(&t->threads) = thread;
	}
	return ERR_OK;
}

static enum err_kind look_at_tasks(struct taking *t, struct err *e)
{
	const struct remote *r = &t->process->remote;
	const uint64_t start = clock_now_ns();
	struct remote_task task;
	size_t count = 0;
	t->tasks_unread = 0;
	for (int i = 0; i < t->set_count; i++)
		remote_tasks_list(r, &t->sets[i], t->task_room, TASKS_MAX, &count,
				  &t->tasks_unread);
	for (size_t i = 0; i < count; i++) {
		struct raw_task raw;
		if (t->still->freeze.count > 0 && clock_now_ns() - start > TASKS_NS) {
			t->tasks_unread += count - i;
			break;
		}
		if (!remote_task_read(r, t->task_room[i], &task))
			continue;
		raw.state = task.state;
		raw.frame_count = task.frame_count;
		TRY(add_frames(t, task.frames, task.frame_count, &raw.first_frame, e));
		raw.name = arena_string(t->arena, task.name);
		raw.awaits = arena_string(t->arena, task.awaits);
		*vec_push(&t->tasks) = raw;
	}
	return ERR_OK;
}

static enum err_kind look(void *context, struct err *e)
{
	struct taking *t = context;
	vec_clear(&t->frames);
	vec_clear(&t->threads);
	vec_clear(&t->tasks);
	TRY(look_at_threads(t, e));
	return look_at_tasks(t, e);
}

/* The first, unstill look: code objects and where tasks are. */
static enum err_kind learn(struct taking *t, struct err *e)
{
	uintptr_t seen = 0;
	still_list(t->process, t->still);
	memory_forget(&t->process->memory);
	TRY(look_at_threads(t, e));
	/* Threads of an interpreter follow each other. */
	for (size_t i = 0; i < t->threads.count && t->set_count < INTERPRETERS_MAX; i++) {
		const uintptr_t interpreter = t->threads.items[i].python.interpreter;
		if (interpreter != seen)
			remote_tasks_find(&t->process->remote, interpreter,
					  &t->sets[t->set_count++]);
		seen = interpreter;
	}
	return look_at_tasks(t, e);
}

/* --- names of threads ------------------------------------------------------------ */

struct naming {
	struct taking *t;
	struct snapshot_process *out;
};

/* threading._active: {ident: Thread}; Thread._name (Lib/threading.py). */
static bool name_thread(void *context, uintptr_t key, uintptr_t value)
{
	const struct naming *n = context;
	const struct remote *r = &n->t->process->remote;
	char name[REMOTE_NAME_BYTES];
	uint64_t ident;
	if (!remote_is(r, key, "int") || !remote_long(r, key, &ident) ||
	    remote_text(r, remote_attribute(r, value, "_name"), name, sizeof name) <= 0)
		return true;
	for (size_t i = 0; i < n->t->threads.count; i++)
		if (n->t->threads.items[i].python.thread_id == ident)
			n->out->threads[i].name = arena_string(n->t->arena, name);
	return true;
}

static void name_threads(struct taking *t, struct snapshot_process *out)
{
	struct naming naming = {t, out};
	const struct remote *r = &t->process->remote;
	uintptr_t seen = 0;
	for (size_t i = 0; i < t->threads.count; i++) {
		const uintptr_t interpreter = t->threads.items[i].python.interpreter;
		if (interpreter != seen)
			remote_dict_each(r, remote_global(r, interpreter, "threading", "_active"),
					 name_thread, &naming);
		seen = interpreter;
	}
}

/* --- what was seen, in words ------------------------------------------------------- */

static struct snapshot_frame *resolve(const struct taking *t, size_t first, size_t count)
{
	struct snapshot_frame *frames = arena_alloc(t->arena, count * sizeof *frames);
	for (size_t i = 0; i < count; i++) {
		const struct raw_frame *raw = &t->frames.items[first + i];
		const struct remote_code *code = &t->codes.items[raw->code];
		frames[i] = (struct snapshot_frame){
			.function = code->name,
			.file = code->file,
			.line = remote_code_line(&t->process->remote, code, raw->instr_offset),
			.kind = code_kind_of(code->file, strlen(code->file), "", 0),
		};
	}
	return frames;
}

static enum snapshot_state state_of(const struct taking *t, const struct raw_thread *raw)
{
	struct thread_call now;
	if (raw->is_frozen || raw->call.is_running)
		return SNAPSHOT_RUNNING;
	if (!raw->tid || !thread_motion_read(t->process->pid, raw->tid, &now))
		return SNAPSHOT_UNKNOWN;
	if (now.state == 'T' || now.state == 't')
		return SNAPSHOT_STOPPED;
	if (!raw->call.has_number)
		return now.is_running ? SNAPSHOT_RUNNING : SNAPSHOT_UNKNOWN;
	const enum call_wait wait = call_wait_of(&raw->call);
	static const enum snapshot_state states[] = {
		[WAIT_DESCRIPTOR] = SNAPSHOT_CALL, [WAIT_LOCK] = SNAPSHOT_LOCK,
		[WAIT_SLEEP] = SNAPSHOT_SLEEP,     [WAIT_CHILD] = SNAPSHOT_CHILD,
		[WAIT_OTHER] = SNAPSHOT_OTHER,
	};
	if (wait == WAIT_LOCK &&
	    remote_is_gil_wait(&t->process->remote, &raw->python.gil, raw->call.arguments[0]))
		return SNAPSHOT_GIL;
	return states[wait];
}

static void describe_thread(struct taking *t, const struct raw_thread *raw,
			    const struct sockets *sockets, struct snapshot_thread *out)
{
	char text[DESCRIPTOR_TEXT];
	const struct call_kind *kind = raw->call.has_number ? call_kind_of(raw->call.number) : NULL;
	*out = (struct snapshot_thread){
		.tid = raw->tid,
		.state = state_of(t, raw),
		.holds_gil =
			raw->python.gil.locked && raw->python.gil.last_holder == raw->python.tstate,
		.descriptor = -1,
		.frames = resolve(t, raw->first_frame, raw->frame_count),
		.frame_count = raw->frame_count,
		.skipped = raw->skipped,
	};
	if (out->state == SNAPSHOT_RUNNING || out->state == SNAPSHOT_STOPPED)
		return;
	if (kind)
		out->call = kind->name;
	else if (raw->call.has_number)
		out->call = arena_printf(t->arena, "system call %ld", raw->call.number);
	out->descriptor = call_descriptor(&t->process->memory, &raw->call);
	if (out->descriptor >= 0 &&
	    descriptor_text(t->process->pid, out->descriptor, sockets, text))
		out->leads_to = arena_string(t->arena, text);
}

static void describe(struct taking *t, struct snapshot_process *out)
{
	const struct remote *r = &t->process->remote;
	const uintptr_t interpreter = remote_main_interpreter(r);
	struct sockets sockets;
	char version[16];
	sockets_read(t->process->pid, &sockets);
	memory_forget(&t->process->memory);
	*out = (struct snapshot_process){
		.pid = t->process->pid,
		.command = command_text(t->process->pid, t->arena),
		.python = arena_string(t->arena, python_process_version(t->process, version)),
		.threads = arena_alloc(t->arena, t->threads.count * sizeof *out->threads),
		.thread_count = t->threads.count,
		.tasks = arena_alloc(t->arena, t->tasks.count * sizeof *out->tasks),
		.task_count = t->tasks.count,
		.tasks_unread = t->tasks_unread,
		.has_asyncio = remote_has_module(r, interpreter, "asyncio"),
		.has_greenlet = remote_has_module(r, interpreter, "greenlet"),
		.looks = t->still->looks,
		.torn = t->still->torn,
		.stops = t->still->freeze.stops,
		.stopped_ns = t->still->freeze.stopped_ns,
		.longest_ns = t->still->freeze.longest_ns,
	};
	for (size_t i = 0; i < t->threads.count; i++)
		describe_thread(t, &t->threads.items[i], &sockets, &out->threads[i]);
	for (size_t i = 0; i < t->tasks.count; i++) {
		const struct raw_task *raw = &t->tasks.items[i];
		out->tasks[i] = (struct snapshot_task){
			.name = raw->name,
			.state = (enum snapshot_task_state)raw->state,
			.awaits = raw->awaits,
			.frames = resolve(t, raw->first_frame, raw->frame_count),
			.frame_count = raw->frame_count,
		};
	}
	name_threads(t, out);
	sockets_free(&sockets);
}

enum err_kind snapshot_take(struct python_process *process, struct still *still,
			    struct arena *arena, struct snapshot_process *out, struct err *e)
{
	struct taking t = {
		.process = process,
		.still = still,
		.arena = arena,
		.thread_room = mem_alloc(REMOTE_THREADS_MAX * sizeof(struct remote_thread)),
		.frame_room = mem_alloc(FRAMES_MAX * sizeof(struct remote_frame)),
		.task_room = mem_alloc(TASKS_MAX * sizeof(uintptr_t)),
	};
	enum err_kind kind;
	for (int i = 0; i < LEARN_TRIES; i++) {
		kind = learn(&t, e);
		if (kind != ERR_INVALID)
			break;
	}
	if (kind == ERR_OK || kind == ERR_INVALID)
		kind = still_look(process, still, look, &t, e);
	if (kind == ERR_OK)
		describe(&t, out);
	free(t.thread_room);
	free(t.frame_room);
	free(t.task_room);
	vec_free(&t.codes);
	vec_free(&t.frames);
	vec_free(&t.threads);
	vec_free(&t.tasks);
	map_free(&t.code_index);
	return kind;
}
