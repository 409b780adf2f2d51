#include "agent/heap_sample.h"

#include <errno.h>
#include <stdio.h>

#include "agent/core.h"
#include "agent/dict.h"
#include "agent/finalize.h"
#include "agent/gil.h"
#include "agent/heap_account.h"
#include "agent/heap_bytes.h"
#include "agent/heap_exact.h"
#include "agent/heap_filter.h"
#include "agent/heap_maths.h"
#include "agent/heap_native.h"
#include "agent/heap_objects.h"
#include "agent/heap_sites.h"
#include "agent/heap_store.h"
#include "agent/heap_thin.h"
#include "agent/python_api.h"
#include "agent/raw.h"
#include "agent/run_unit.h"
#include "agent/stack.h"
#include "agent/units.h"
#include "base/clock.h"
#include "base/hash.h"

#define SHORT_NS (100 * NS_PER_MS)
#define TIMED_EVERY 16      /* of the samples: two clocks more */
#define PREEMPTED_NS 100000 /* no sample works that long: somebody else ran */

static _Atomic uint32_t interval_now;
static _Atomic bool exact_now;
static _Atomic uint64_t lost;      /* samples, since they were last written to the file */
static AGENT_TLS uintptr_t newest; /* block that was sampled last on this thread; 0: it was seen */

void heap_sample_every(uint32_t interval)
{
	atomic_store(&interval_now, interval);
}

void heap_sample_exact(bool exact)
{
	atomic_store(&exact_now, exact);
}

bool heap_sample_is_exact(void)
{
	return atomic_load_explicit(&exact_now, memory_order_relaxed);
}

void heap_sample_publish(void)
{
	struct heap_file *file = heap_store.file;

	atomic_store_explicit(&file->live_count, atomic_load(&heap_store.live.count),
			      memory_order_relaxed);
	atomic_store_explicit(&file->false_hits,
			      atomic_load_explicit(&heap_store.false_hits, memory_order_relaxed),
			      memory_order_relaxed);
	if (UNLIKELY(atomic_load_explicit(&lost, memory_order_relaxed) != 0))
		atomic_fetch_add(&file->lost_samples, atomic_exchange(&lost, 0));
}

/* --- the countdown ------------------------------------------------------------- */

static void draw(void)
{
	uint32_t interval = atomic_load_explicit(&interval_now, memory_order_relaxed);

	heap_thread.interval = interval;
	heap_left = heap_distance(random_bits(&heap_thread.random), interval);
}

uint32_t heap_count_down(size_t size)
{
	uint32_t interval = heap_thread.interval;

	if (UNLIKELY(interval == 0)) {
		heap_thread.random.state =
			hash_mix64(agent_now_ns()) ^ hash_mix64((uintptr_t)&heap_thread);
		draw();
		if (heap_left > size) {
			heap_left -= size;
			return 0;
		}
		interval = heap_thread.interval;
	}
	draw();
	return heap_sample_is_exact() ? 1 : interval;
}

/* --- whose it is ------------------------------------------------------------------ */

/* The calling thread, with in_hook set; NULL: unknown to the agent and to Python. `own`: it is the
 * agent that allocates. */
static struct agent_thread *thread_here(bool *own)
{
	struct agent_thread *thread = agent_thread_peek();

	*own = thread != NULL && thread->in_hook;
	if (*own)
		return NULL;
	if (thread == NULL && core_started() && !finalize_begun() &&
	    py.PyGILState_GetThisThreadState() != NULL)
		thread = agent_thread_self();
	if (thread != NULL)
		thread->in_hook = true;
	atomic_signal_fence(memory_order_seq_cst);
	return thread;
}

static void thread_is_back(struct agent_thread *thread)
{
	atomic_signal_fence(memory_order_seq_cst);
	if (thread != NULL)
		thread->in_hook = false;
}

static uint32_t units_ended(void)
{
	const struct channel_header *channel = core_channel_now();

	return channel == NULL ? 0 : (uint32_t)atomic_load(&channel->units_ended);
}

/* The GIL is certain to be held where Python's allocators are asked, and nowhere else; it is the
 * main interpreter's, which guards units, if its words name this thread. */
static uint32_t route_of(uint64_t unit, enum heap_domain domain)
{
	const bool guarded =
		unit != 0 && domain == HEAP_OBJECT && gil_holder() == python_thread_state();
	const struct unit *open = guarded ? unit_find(unit) : NULL;

	return open != NULL ? open->route : 0;
}

/* Whose block it is: of a large one always, of a small one if it is not the interpreter's, which
 * would only make its sites many. */
static bool is_caller_told(const struct heap_live *sample, const void *caller)
{
	if (caller == NULL)
		return false;
	return sample->size >= HEAP_NATIVE_BYTES ||
	       !heap_object_shared(caller,
				   (const void *)(uintptr_t)py.PyGILState_GetThisThreadState);
}

/* Site, unit, time. */
static void describe(struct heap_live *sample, struct agent_thread *thread, enum heap_domain domain,
		     const void *caller)
{
	struct heap_site_name name = {.domain = domain, .serial = dict_generation()};

	if (thread != NULL) {
		sample->unit = context_unit();
		if (sample->unit == 0)
			sample->unit = run_unit_known();
		sample->route = route_of(sample->unit, domain);
		name.stack = stack_sampled(thread);
	}
	if (is_caller_told(sample, caller))
		name.native = heap_object_text(caller);
	sample->tid = thread != NULL ? thread->tid : (uint32_t)raw_call(SYS_gettid);
	sample->born_unit = units_ended();
	sample->site = heap_site_of(heap_store.file, heap_store.sites, name);
}

/* --- made ---------------------------------------------------------------------------- */

static void put(const struct heap_live *sample, uint64_t now_ns)
{
	uintptr_t address = atomic_load_explicit(&sample->address, memory_order_relaxed);

	heap_account_made(sample);
	if (!heap_thin_is_full() && heap_live_put(&heap_store.live, sample)) {
		heap_account_live(sample, 1, now_ns);
		heap_filter_add(address);
		newest = address;
	} else {
		atomic_fetch_add(&heap_store.file->thinned_bytes, sample->weight_bytes);
	}
}

static void note_own_time(uint64_t begin_ns)
{
	uint64_t own_ns;

	if (atomic_load_explicit(&heap_store.file->samples, memory_order_relaxed) % TIMED_EVERY !=
	    0)
		return;
	own_ns = agent_now_ns() - begin_ns;
	if (own_ns > PREEMPTED_NS)
		return;
	atomic_fetch_add(&heap_store.file->hook_ns, own_ns);
	atomic_fetch_add(&heap_store.file->hook_timed, 1);
}

/* One at that address whose free was not seen: made by one allocator, given back past our hooks. */
static void drop_stale(const void *block, uint64_t now_ns)
{
	struct heap_live stale;

	if (LIKELY(!heap_filter_has(block)) ||
	    !heap_live_take(&heap_store.live, (uintptr_t)block, &stale))
		return;
	heap_account_live(&stale, -1, now_ns);
	heap_filter_drop((uintptr_t)block);
}

/* Inside the gate. */
static void made(void *block, size_t size, enum heap_domain domain, uint32_t interval,
		 const void *caller)
{
	struct heap_weight weight = heap_weigh(size, interval);
	struct heap_live sample = {
		.address = (uintptr_t)block,
		.size = size,
		.weight_bytes = weight.bytes,
		.weight_blocks_1k = weight.blocks_1k,
		.born_ns = agent_now_ns(),
	};
	bool own;
	struct agent_thread *thread = thread_here(&own);

	if (own) {
		atomic_fetch_add(&lost, 1);
		return;
	}
	describe(&sample, thread, domain, caller);
	heap_native_look(sample.site, size, sample.born_ns);
	drop_stale(block, sample.born_ns);
	put(&sample, sample.born_ns);
	thread_is_back(thread);
	if (interval == 1)
		heap_exact_look(sample.born_ns);
	else
		heap_thin_look(sample.born_ns, size);
	heap_sample_publish();
	note_own_time(sample.born_ns);
}

void heap_sample_made(void *block, size_t size, enum heap_domain domain, uint32_t interval,
		      const void *caller)
{
	int saved_errno = errno;

	if (interval == 1)
		heap_bytes_made(block, size);
	if (heap_enter()) {
		made(block, size, domain, interval, caller);
		heap_leave();
	} else if (heap_thread.inside) {
		atomic_fetch_add(&lost, 1);
	}
	errno = saved_errno;
}

/* --- freed ----------------------------------------------------------------------------- */

/* A thread state that is given back is still the thread's own for a moment, and below Python's
 * debug hooks it is overwritten by now (3.8: _PyThreadState_DeleteCurrent(), Python/pystate.c). */
static bool is_thread_state(const struct heap_live *sample)
{
	return python_thread_state() -
		       atomic_load_explicit(&sample->address, memory_order_relaxed) <
	       sample->size;
}

/* Did it live no longer than the unit that made it, or than a moment? */
static bool was_short(const struct heap_live *sample, uint64_t now_ns)
{
	struct agent_thread *thread = agent_thread_peek();
	bool in_hook, is_open;

	if (sample->unit == 0)
		return now_ns - sample->born_ns < SHORT_NS;
	if (sample->unit == run_unit_known())
		return true;
	if (thread == NULL)
		return false;
	in_hook = thread->in_hook;
	thread->in_hook = true; /* python_thread_state() wants it */
	atomic_signal_fence(memory_order_seq_cst);
	is_open = !is_thread_state(sample) && context_unit() == sample->unit;
	thread_is_back(in_hook ? NULL : thread);
	return is_open;
}

static void freed(uintptr_t block, struct heap_live *kept)
{
	struct heap_live sample;
	uint64_t now_ns;

	if (!heap_live_take(&heap_store.live, block, &sample))
		return;
	now_ns = agent_now_ns();
	heap_filter_drop(block);
	heap_account_live(&sample, -1, now_ns);
	if (was_short(&sample, now_ns))
		heap_account_short(&sample);
	atomic_fetch_add(&heap_store.file->frees, 1);
	if (newest == block)
		newest = 0;
	if (kept != NULL)
		*kept = sample;
}

void heap_sample_freed(const void *block, struct heap_live *kept)
{
	int saved_errno = errno;

	if (kept != NULL)
		atomic_store_explicit(&kept->address, 0, memory_order_relaxed);
	if (!heap_live_may_have(&heap_store.live, (uintptr_t)block)) {
		uint64_t hits = atomic_load_explicit(&heap_store.false_hits, memory_order_relaxed);

		atomic_store_explicit(&heap_store.false_hits, hits + 1, memory_order_relaxed);
		return;
	}
	if (heap_enter()) {
		freed((uintptr_t)block, kept);
		heap_leave();
	} else {
		heap_forget((uintptr_t)block);
	}
	errno = saved_errno;
}

void heap_sample_back(const struct heap_live *kept)
{
	uintptr_t block = atomic_load_explicit(&kept->address, memory_order_relaxed);
	int saved_errno = errno;

	if (block == 0 || !heap_enter())
		return;
	if (heap_live_put(&heap_store.live, kept)) {
		heap_filter_add(block);
		heap_account_live(kept, 1, agent_now_ns());
	} else {
		atomic_fetch_add(&heap_store.file->thinned_bytes, kept->weight_bytes);
	}
	atomic_fetch_sub(&heap_store.file->frees, 1);
	heap_leave();
	errno = saved_errno;
}

uint64_t heap_sample_size(const void *block)
{
	uint64_t size;

	if (!heap_live_may_have(&heap_store.live, (uintptr_t)block) || !heap_enter())
		return 0;
	size = heap_live_size(&heap_store.live, (uintptr_t)block);
	heap_leave();
	return size;
}

/* So much larger than the interval that it is one: but for one in e^8. */
static bool is_certain(uint64_t size)
{
	return size / 8 >= atomic_load_explicit(&interval_now, memory_order_relaxed);
}

/* Inside the gate. */
static bool moved(const struct heap_live *kept, const void *block, size_t size, uint64_t now_ns)
{
	struct heap_live sample = *kept;
	struct heap_weight weight =
		heap_weigh(size, atomic_load_explicit(&interval_now, memory_order_relaxed));

	atomic_store_explicit(&sample.address, (uintptr_t)block, memory_order_relaxed);
	sample.size = size;
	sample.weight_bytes = weight.bytes;
	sample.weight_blocks_1k = weight.blocks_1k;
	drop_stale(block, now_ns);
	if (heap_thin_is_full() || !heap_live_put(&heap_store.live, &sample))
		return false;
	heap_account_made(&sample);
	heap_account_live(&sample, 1, now_ns);
	heap_filter_add((uintptr_t)block);
	return true;
}

bool heap_sample_moved(const struct heap_live *kept, const void *block, size_t size)
{
	uint64_t now_ns;
	bool is_in;

	if (atomic_load_explicit(&kept->address, memory_order_relaxed) == 0 || block == NULL ||
	    heap_sample_is_exact() || !is_certain(size) || !is_certain(kept->size))
		return false;
	now_ns = agent_now_ns();
	if (!heap_thin_is_hurried(now_ns) || !heap_enter())
		return false;
	is_in = moved(kept, block, size, now_ns);
	heap_leave();
	return is_in;
}

/* --- recycled ------------------------------------------------------------------------------ */

/* The held entry is of a new object at an old address. */
static void move_sample(struct heap_live *entry, uint64_t now_ns)
{
	struct heap_live sample = {.size = entry->size};
	bool own;
	struct agent_thread *thread = thread_here(&own);

	if (own)
		return;
	describe(&sample, thread, HEAP_OBJECT, NULL);
	thread_is_back(thread);
	heap_account_live(entry, -1, now_ns);
	entry->site = sample.site;
	entry->route = sample.route;
	entry->unit = sample.unit;
	entry->tid = sample.tid;
	entry->born_unit = sample.born_unit;
	entry->born_ns = now_ns;
	entry->flags = (entry->flags & ~(uint32_t)HEAP_PRE_FORK) | HEAP_WAS_RECYCLED;
	heap_account_made(entry);
	heap_account_live(entry, 1, now_ns);
	atomic_fetch_add(&heap_store.file->recycled, 1);
}

static void recycled(uintptr_t block)
{
	uint32_t index;
	uint64_t now_ns = agent_now_ns();

	if (!heap_live_find(&heap_store.live, block, &index))
		return;
	move_sample(&heap_store.live.entries[index], now_ns);
	if (!heap_live_let_go(&heap_store.live, index, true))
		heap_filter_drop(block);
}

void heap_sample_recycled(uintptr_t block)
{
	int saved_errno = errno;

	if (newest == block) {
		newest = 0; /* just allocated: it is where it belongs */
		return;
	}
	if (!heap_live_may_have(&heap_store.live, block) || !heap_enter())
		return;
	recycled(block);
	heap_leave();
	errno = saved_errno;
}
