#include "agent/tick_look.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "agent/chain.h"
#include "agent/code_copy.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/gil.h"
#include "agent/guarded.h"
#include "agent/python_api.h"
#include "agent/raw.h"
#include "agent/run_unit.h"
#include "agent/stack.h"
#include "agent/units.h"
#include "python/peek.h"

#define INTERPRETERS_MAX 64
#define COPIES_MAX 64      /* threads read while their holder is blocked */
#define PTHREAD_BYTES 4096 /* glibc's struct pthread is 2304 bytes (2.36, x86-64) */
#define STACK_BYTES_MAX (64u << 20)
/* Divides a page, so that a line is readable whole or not at all. A copy is two system calls
 * whatever its size, and frames lie side by side. */
#define CACHE_LINE 1024u
#define CACHE_LINES 256u

/* Of the look under way; there is one at a time. */
static uintptr_t states[TICK_THREADS_MAX];
static uintptr_t pthreads[TICK_THREADS_MAX];
static uint32_t tids[TICK_THREADS_MAX];
static struct number {
	uintptr_t pthread;
	uint32_t tid;
} numbers[TICK_THREADS_MAX]; /* as last found, to be confirmed by the agent's slot */
static struct dict_frame frames[STACK_FRAMES_MAX];

static size_t tid_offset; /* 0: not known */
static uintptr_t main_stack_end, main_pthread, main_interpreter;

/* --- threads by number ---------------------------------------------------------- */

bool tick_look_calibrate(void)
{
	uintptr_t self = (uintptr_t)pthread_self();
	uint32_t tid = (uint32_t)raw_call(SYS_gettid), at;

	if (tid_offset != 0)
		return guarded_read(NULL, self + tid_offset, &at, sizeof(at)) && at == tid;
	/* It stands behind pointers, where words begin. The upper half of one of those, 0x7f.., may
	   be a thread's number, too. */
	for (size_t offset = sizeof(uintptr_t); offset < PTHREAD_BYTES;
	     offset += sizeof(uintptr_t)) {
		if (!guarded_read(NULL, self + offset, &at, sizeof(at)))
			return false;
		if (at == tid) {
			tid_offset = offset;
			return true;
		}
	}
	return false;
}

/* The oldest: the last of the list. */
static void find_main_interpreter(void)
{
	struct peek direct = PEEK_DIRECT;
	uintptr_t next =
		peek(&direct, (uintptr_t)py.runtime, agent_layout.runtime_interpreters_head);

	for (; next != 0; next = peek(&direct, next, agent_layout.interp_next))
		main_interpreter = next;
}

bool tick_look_prepare(void)
{
	void *const *end = dlsym(RTLD_DEFAULT, "__libc_stack_end");

	if (end == NULL)
		(void)dlerror(); /* the app must not find our failure as its own */
	else
		main_stack_end = (uintptr_t)*end;
	main_pthread = raw_call(SYS_gettid) == raw_call(SYS_getpid) ? (uintptr_t)pthread_self() : 0;
	find_main_interpreter();
	return tick_look_calibrate();
}

uint32_t tick_look_tid(walk_reader *read, void *context, uintptr_t pthread)
{
	uint32_t tid;

	return read(context, pthread + tid_offset, &tid, sizeof(tid)) ? tid : 0;
}

/* The C library puts a thread's own block at the upper end of its stack. 0: the thread runs on
 * another stack now. */
static uintptr_t stack_end_of(uintptr_t pthread, uintptr_t stack_pointer)
{
	uintptr_t end = pthread == main_pthread ? main_stack_end : pthread;

	return end > stack_pointer && end - stack_pointer <= STACK_BYTES_MAX ? end : 0;
}

/* --- the list of thread states ---------------------------------------------------- */

static bool take_states(struct peek *from, uintptr_t interpreter, uint32_t *count)
{
	const struct py_layout *l = &agent_layout;
	uintptr_t state = peek(from, interpreter, l->interp_threads_head);

	for (; state != 0 && !from->failed; state = peek(from, state, l->tstate_next)) {
		if (*count == TICK_THREADS_MAX)
			return false;
		pthreads[*count] = peek(from, state, l->tstate_thread_id);
		/* 0: made, but its thread has not begun */
		if (pthreads[*count] != 0)
			states[(*count)++] = state;
	}
	return !from->failed;
}

/* A thread that has ended may have left its state behind, with pointers into a C stack that is
 * gone. So its number must be the one in its own block, and 3.11+ has noted that when the thread
 * began. The agent's slot of a thread is given back before its stack is: one that has it needs no
 * system call. Fills tids; 0: it has ended. */
static void number_threads(struct peek *from, uint32_t count)
{
	uint16_t at = agent_layout.tstate_native_thread_id;
	walk_reader *guard = from->read == walk_read_direct ? guarded_read : from->read;

	for (uint32_t i = 0; i < count; i++) {
		struct number *known = &numbers[(pthreads[i] >> 12) % TICK_THREADS_MAX];

		tids[i] = at != PY_UNKNOWN                ? (uint32_t)peek(from, states[i], at)
			  : known->pthread == pthreads[i] ? known->tid
							  : 0;
		const struct agent_thread *slot = tids[i] != 0 ? thread_find(tids[i]) : NULL;

		if (slot != NULL && slot->pthread == pthreads[i])
			continue;
		uint32_t found = tick_look_tid(guard, from->context, pthreads[i]);

		tids[i] = at == PY_UNKNOWN || found == tids[i] ? found : 0;
		*known = (struct number){pthreads[i], tids[i]};
	}
}

/* Fills states, pthreads and tids. Up to 3.11 all interpreters share one GIL; later ones may have
 * their own, and be unmade at any moment: only the main one, which never is, is looked at. False:
 * there are more threads than fit. */
static bool list_threads(struct peek *from, uint32_t *count)
{
	const struct py_layout *l = &agent_layout;
	bool is_shared = l->interp_gil == PY_UNKNOWN, whole = true;
	uintptr_t interpreter =
		is_shared ? peek(from, (uintptr_t)py.runtime, l->runtime_interpreters_head)
			  : main_interpreter;

	*count = 0;
	for (int i = 0; interpreter != 0 && i < INTERPRETERS_MAX; i++) {
		whole &= take_states(from, interpreter, count);
		interpreter = is_shared ? peek(from, interpreter, l->interp_next) : 0;
	}
	number_threads(from, *count);
	return whole;
}

/* --- looks ------------------------------------------------------------------------ */

static struct tick_seen *add(struct tick_look *look, uint32_t tid)
{
	struct tick_seen *seen = &look->threads[look->count++];

	*seen = (struct tick_seen){.tid = tid};
	return seen;
}

static uint64_t unit_or_run(uint64_t unit)
{
	return unit != 0 ? unit : run_unit_known();
}

static uint64_t unit_of(uintptr_t state)
{
	struct peek direct = PEEK_DIRECT;

	return unit_or_run(
		context_unit_peek(&direct, peek(&direct, state, agent_layout.tstate_context)));
}

/* What was seen of the threads that waited at the last look, by number of the thread. */
static struct waiter {
	uint64_t start_ns; /* of the call; 0: empty */
	uint32_t tid;
	uint32_t generation; /* of the dictionary that `stack` is from */
	uint32_t stack;
	uint64_t unit;
} waiters[TICK_THREADS_MAX];

/* A thread that does not hold the GIL. */
static void look_at_waiting(struct tick_look *look, uint32_t i)
{
	const struct agent_thread *slot = thread_find(tids[i]);
	struct waiting_call call = slot != NULL ? call_waiting_of(slot) : (struct waiting_call){0};
	struct waiter *waiter = &waiters[tids[i] % TICK_THREADS_MAX];
	struct tick_seen *seen = add(look, tids[i]);
	uintptr_t newest = 0;

	seen->same = call.start_ns != 0 && waiter->start_ns == call.start_ns &&
		     waiter->tid == tids[i] && waiter->generation == dict_generation();
	if (seen->same) {
		seen->stack = waiter->stack;
		seen->unit = unit_or_run(waiter->unit);
		return;
	}
	uint64_t unit = unit_of(states[i]);

	(void)walk_newest(&agent_layout, walk_read_direct, NULL, states[i], &newest);
	seen->stack = newest == 0 ? 0 : stack_at(newest, frames);
	if (seen->stack == STACK_REFUSED)
		look->caught = true;
	/* One that runs no Python function may be a state whose thread has not begun: up to 3.11 it
	   has the number of the thread that made it. */
	if (seen->stack == STACK_REFUSED || seen->stack == 0) {
		look->count--;
		return;
	}
	seen->unit = unit_or_run(unit);
	*waiter = (struct waiter){call.start_ns, tids[i], dict_generation(), seen->stack, unit};
}

static void look_at_holder(struct tick_look *look, uint32_t i, uintptr_t stack_pointer)
{
	const struct chain_thread thread = {
		.state = states[i],
		.stack_pointer = stack_pointer,
		.stack_end = stack_end_of(pthreads[i], stack_pointer),
		.code_type = (uintptr_t)py.code_type,
	};
	uintptr_t newest;
	enum chain_verdict verdict = chain_verify(&agent_layout, &thread, &newest);

	if (verdict != CHAIN_WHOLE)
		look->caught = true;
	if (verdict == CHAIN_REFUSED)
		return;
	struct tick_seen *seen = add(look, tids[i]);

	seen->holder = true;
	seen->is_short = verdict == CHAIN_SHORT;
	seen->stack = newest == 0 ? 0 : stack_at(newest, frames);
	if (seen->stack == STACK_REFUSED) {
		look->caught = true;
		look->count--;
		return;
	}
	seen->unit = unit_or_run(unit_of(states[i]));
}

static void look_at_all(struct tick_look *look, uintptr_t holder, uintptr_t stack_pointer)
{
	struct peek direct = PEEK_DIRECT;
	uint32_t count;

	look->count = 0;
	look->caught = !list_threads(&direct, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (states[i] == holder)
			look_at_holder(look, i, stack_pointer);
		else if (tids[i] != 0)
			look_at_waiting(look, i);
	}
}

void tick_look_here(struct tick_look *look, uintptr_t state, uintptr_t stack_pointer)
{
	look_at_all(look, state, stack_pointer);
}

void tick_look_unheld(struct tick_look *look)
{
	look_at_all(look, 0, 0);
}

void tick_look_alone(struct tick_look *look, uint32_t tid)
{
	tick_look_unheld(look);
	for (uint32_t i = 0; i < look->count; i++)
		look->threads[i].native = look->threads[i].tid == tid;
}

void tick_look_noted(struct tick_look *look, uint32_t tid, uint32_t stack)
{
	look->count = 0;
	look->caught = false;
	struct tick_seen *seen = add(look, tid);

	seen->stack = stack;
	seen->unit = unit_or_run(0);
}

/* --- while the holder is blocked ---------------------------------------------------- */

static struct copied {
	uint32_t tid;
	bool holder;
	uint64_t unit;
	struct stack_copy stack;
} copies[COPIES_MAX];
static uint32_t copy_count;
static bool copies_whole;

/* Lines of memory as they were when first asked for in this look. */
static uintptr_t cached[CACHE_LINES]; /* their addresses; 0: empty */
static uint8_t lines[CACHE_LINES][CACHE_LINE];

static bool read_cached(void *pipe, uintptr_t address, void *to, size_t size)
{
	uint8_t *out = to;

	while (size > 0) {
		uintptr_t start = address & ~(uintptr_t)(CACHE_LINE - 1);
		size_t skip = address - start;
		size_t part = CACHE_LINE - skip < size ? CACHE_LINE - skip : size;
		size_t at = start / CACHE_LINE % CACHE_LINES;

		if (start == 0)
			return false;
		if (cached[at] != start) {
			cached[at] = 0;
			if (!guarded_copy(pipe, start, lines[at], CACHE_LINE))
				return false;
			cached[at] = start;
		}
		memcpy(out, lines[at] + skip, part);
		out += part;
		address += part;
		size -= part;
	}
	return true;
}

static void copy_thread(struct guarded_pipe *pipe, uint32_t i, bool holder)
{
	struct peek from = {.read = read_cached, .context = pipe};
	struct copied *copied = &copies[copy_count];
	uintptr_t newest = 0;

	*copied = (struct copied){.tid = tids[i], .holder = holder};
	copied->unit = unit_or_run(
		context_unit_peek(&from, peek(&from, states[i], agent_layout.tstate_context)));
	if (!walk_newest(&agent_layout, read_cached, pipe, states[i], &newest) || from.failed ||
	    !stack_copy(&copied->stack, read_cached, pipe, newest))
		copies_whole = false;
	else
		copy_count++;
}

void tick_look_blocked(uintptr_t holder, struct guarded_pipe *pipe)
{
	struct peek from = {.read = read_cached, .context = pipe};
	uint32_t count;

	memset(cached, 0, sizeof(cached));
	code_copies_forget();
	copy_count = 0;
	copies_whole = list_threads(&from, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (tids[i] == 0)
			continue;
		if (copy_count == COPIES_MAX)
			copies_whole = false;
		else
			copy_thread(pipe, i, states[i] == holder);
	}
}

void tick_look_accept(struct tick_look *look)
{
	look->count = 0;
	look->caught = !copies_whole;
	for (uint32_t i = 0; i < copy_count; i++) {
		struct copied *copied = &copies[i];
		uint32_t stack = stack_of_copy(&copied->stack);

		if (stack == STACK_REFUSED) {
			look->caught = true;
			continue;
		}
		if (stack == 0 && !copied->holder)
			continue;
		struct tick_seen *seen = add(look, copied->tid);

		seen->holder = copied->holder;
		seen->stack = stack;
		seen->unit = copied->unit;
	}
}
