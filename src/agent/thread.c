/* The agent's view of each thread: a slot of a static pool, found by
 * thread-local storage, given back by the thread's destructor.
 */
#include <pthread.h>
#include <string.h>

#include "agent/calls_lines.h"
#include "agent/calls_tree.h"
#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/cpu_clock.h"
#include "agent/raw.h"

#define THREADS_MAX 1024

static struct agent_thread pool[THREADS_MAX];
static _Atomic bool taken[THREADS_MAX];
static pthread_key_t key;
static AGENT_TLS struct agent_thread *self;
static AGENT_TLS bool dead; /* past its destructor: later destructors claim nothing more */

static void thread_end(void *slot)
{
	struct agent_thread *thread = slot;
	dead = true;
	self = NULL;
	call_flush_gil(thread);
	lines_thread_end(thread);
	calls_tree_thread_end(thread);
	if (thread->ring)
		channel_file_release(thread->ring);
	atomic_store_explicit(&taken[thread - pool], false, memory_order_release);
}

bool thread_prepare(void)
{
	return pthread_key_create(&key, thread_end) == 0;
}

static struct agent_thread *claim(void)
{
	if (dead || !core_started())
		return NULL;
	uint32_t tid = (uint32_t)raw_call(SYS_gettid);
	for (uint32_t i = 0; i < THREADS_MAX; i++) {
		uint32_t at = (tid + i) % THREADS_MAX;
		if (atomic_load_explicit(&taken[at], memory_order_relaxed) ||
		    atomic_exchange(&taken[at], true))
			continue;
		struct agent_thread *thread = &pool[at];
		memset(thread, 0, sizeof *thread);
		thread->pthread = (uintptr_t)pthread_self();
		thread->tid = tid;
		self = thread;
		/* May allocate for a key past the 32nd; in_hook keeps a hooked allocator's
		   system calls from coming back here. */
		thread->in_hook = true;
		pthread_setspecific(key, thread);
		thread->in_hook = false;
		call_sync_clocks(thread);
		return thread;
	}
	agent_count_loss(LOSS_NO_RING);
	return NULL;
}

struct agent_thread *agent_thread_self(void)
{
	struct agent_thread *thread = self;
	return LIKELY(thread != NULL) ? thread : claim();
}

struct agent_thread *agent_thread_peek(void)
{
	return self;
}

#define FIND_PROBES 16 /* a slot is claimed near its thread's number */

static struct agent_thread *survivor; /* of a fork: its slot is near another number; NULL: none */

const struct agent_thread *thread_find(uint32_t tid)
{
	if (survivor != NULL && survivor->tid == tid &&
	    atomic_load_explicit(&taken[survivor - pool], memory_order_acquire))
		return survivor;
	for (uint32_t i = 0; i < FIND_PROBES; i++) {
		uint32_t at = (tid + i) % THREADS_MAX;
		if (atomic_load_explicit(&taken[at], memory_order_acquire) && pool[at].tid == tid)
			return &pool[at];
	}
	return NULL;
}

bool thread_claim_ring(struct agent_thread *thread)
{
	struct channel_ring *ring =
		channel_file_claim(thread->tid, &thread->slots, &thread->capacity);
	if (!ring)
		return false;
	thread->head = atomic_load(&ring->head);
	thread->ring = ring;
	return true;
}

bool thread_others(bool busy)
{
	for (uint32_t i = 0; i < THREADS_MAX; i++)
		if (&pool[i] != self && atomic_load(&taken[i]) &&
		    (!busy || __atomic_load_n(&pool[i].in_hook, __ATOMIC_SEQ_CST)))
			return true;
	return false;
}

void thread_after_fork(void)
{
	struct agent_thread *mine = self;
	for (uint32_t i = 0; i < THREADS_MAX; i++)
		if (atomic_load_explicit(&taken[i], memory_order_relaxed) && &pool[i] != mine)
			atomic_store_explicit(&taken[i], false, memory_order_relaxed);
	survivor = mine;
	if (!mine)
		return;
	/* the hooks around the fork go on in the child and take back what they counted */
	struct agent_thread before = *mine;
	memset(mine, 0, sizeof *mine);
	mine->unit_base_frame = before.unit_base_frame;
	mine->loop_depth = before.loop_depth;
	mine->loop_noted = before.loop_noted;
	mine->spans = before.spans;
	mine->pthread = before.pthread;
	mine->tid = (uint32_t)raw_call(SYS_gettid);
	cpu_clock_after_fork(mine);
	call_sync_clocks(mine);
}
