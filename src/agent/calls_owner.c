/* Which thread has which tree: claimed at its first event, left behind at its end, taken over by a
 * later one; all forgotten in a fork's child.
 */
#include <sys/mman.h>

#include "agent/calls_control.h"
#include "agent/calls_greenlets.h"
#include "agent/calls_nodes.h"
#include "agent/calls_suspend.h"
#include "agent/dict.h"
#include "agent/raw.h"

struct calls_process *calls_process;
AGENT_TLS struct calls_thread *calls_self;
AGENT_TLS uint64_t calls_polled;
AGENT_TLS struct calls_loop_ran calls_loop_ran;
static AGENT_TLS uint32_t refused; /* dict_generation() when no tree was to be had */

static _Atomic bool list_locked; /* held for a few stores, never over a call */
static struct calls_thread *threads;
static uint32_t number_of_areas;

static void lock_list(void)
{
	while (atomic_exchange_explicit(&list_locked, true, memory_order_acquire))
		__asm__ volatile("" ::: "memory");
}

static void unlock_list(void)
{
	atomic_store_explicit(&list_locked, false, memory_order_release);
}

/* One that a thread which is gone has left. */
static struct calls_thread *take_over(void)
{
	struct calls_thread *t;

	lock_list();
	for (t = threads; t != NULL && t->owned; t = t->next)
		;
	if (t != NULL)
		t->owned = true;
	unlock_list();
	return t;
}

static struct calls_thread *add_thread(void)
{
	struct calls_thread *t = calls_nodes_make(number_of_areas + 1);

	if (t == NULL)
		return NULL;
	t->owned = true;
	number_of_areas++; /* the GIL is held */
	lock_list();
	t->next = threads;
	threads = t;
	unlock_list();
	return t;
}

static void begin_thread(struct calls_thread *t, struct agent_thread *thread)
{
	struct calls_area *area = calls_area_of(t);

	t->thread = thread;
	t->greenlets = false; /* set for each thread */
	calls_clock_thread_begin(thread);
	atomic_store(&area->last_wall, calls_ticks());
	atomic_store(&area->last_cpu, thread->mark.cpu);
	calls_stack_reset(t);
	calls_stack_begin(t);
}

struct calls_thread *calls_thread_claim(void)
{
	struct agent_thread *thread;
	struct calls_thread *t;
	struct calls_area *area;

	if (calls_inside || !calls_control_page() || refused == dict_generation())
		return NULL;
	thread = agent_thread_self();
	t = thread == NULL ? NULL : take_over();
	if (t == NULL && thread != NULL)
		t = add_thread();
	if (t == NULL) {
		refused = dict_generation();
		atomic_fetch_add(&calls_process->lost_threads, 1);
		return NULL;
	}
	area = calls_area_of(t);
	area->tid = thread->tid;
	thread->calls = t;
	begin_thread(t, thread);
	atomic_store(&area->ended, 0);
	atomic_store_explicit(&area->magic, CALLS_AREA_MAGIC, memory_order_release);
	atomic_store(&calls_process->areas, number_of_areas);
	calls_self = t;
	return t;
}

static struct calls_thread *scratch;
static bool had_clock; /* its thread, before */

struct calls_thread *calls_scratch_begin(void)
{
	struct agent_thread *thread = agent_thread_self();

	scratch = thread == NULL ? NULL : calls_nodes_make(CALLS_SCRATCH);
	if (scratch == NULL)
		return NULL;
	had_clock = thread->mark.word != NULL;
	begin_thread(scratch, thread);
	calls_self = scratch;
	return scratch;
}

void calls_scratch_end(struct calls_thread *before)
{
	calls_self = before;
	calls_clock_thread_end(scratch->thread);
	if (had_clock)
		calls_clock_thread_begin(scratch->thread);
	calls_nodes_unmake(scratch);
	scratch = NULL;
}

void calls_tree_reset(void)
{
	calls_greenlets_forget();
	calls_suspend_restart();
	lock_list();
	for (struct calls_thread *t = threads; t != NULL; t = t->next)
		if (t->owned)
			calls_stack_reset(t);
	unlock_list();
}

static void forget_order(struct calls_thread *t)
{
	uint32_t count = atomic_load(&calls_area_of(t)->node_count);

	for (uint32_t i = 1; i < count; i++)
		t->nodes[i].recent = t->nodes[i].next = 0;
}

void calls_tree_forget_order(void)
{
	for (struct calls_thread *t = threads; t != NULL; t = t->next)
		forget_order(t);
}

void calls_tree_thread_end(struct agent_thread *thread)
{
	struct calls_thread *t = thread->calls;

	if (t == NULL)
		return;
	calls_self = NULL;
	thread->calls = NULL;
	calls_clock_thread_end(thread);
	atomic_store(&calls_area_of(t)->ended, 1);
	lock_list();
	t->owned = false;
	unlock_list();
}

void calls_tree_after_fork(void)
{
	struct calls_thread *t = threads;

	calls_self = NULL;
	calls_process = NULL;
	calls_polled = 0;
	calls_greenlets_forget();
	calls_inside = false;
	threads = NULL;
	number_of_areas = 0;
	unlock_list();
	while (t != NULL) {
		struct calls_thread *next = t->next;

		if (t->made_timeline != NULL)
			raw_call(SYS_munmap, t->made_timeline, TIMELINE_BYTES);
		calls_nodes_unmake(t);
		t = next;
	}
}
