#include "agent/heap_store.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "agent/channel_file.h"
#include "agent/core.h"
#include "agent/dict.h"
#include "agent/heap_filter.h"
#include "agent/heap_sites.h"
#include "agent/raw.h"

#define PAUSE_NS 50000L
#define PAUSES 400 /* 20 ms */

enum gate { SHUT = 0, OPEN, FORKED /* the file is the parent's */, MOVING };

AGENT_TLS uint64_t heap_left;
AGENT_TLS struct heap_thread heap_thread;
struct heap_store heap_store;

static _Atomic uint32_t gate; /* enum gate */
static _Atomic uint32_t inside;

/* --- the file ------------------------------------------------------------------ */

static size_t whole_pages(size_t bytes)
{
	return (bytes + CHANNEL_PAGE - 1) & ~(size_t)(CHANNEL_PAGE - 1);
}

/* NULL: it cannot be made. */
static struct heap_file *make_file(void)
{
	const size_t sites_at = whole_pages(sizeof(struct heap_file));
	const size_t live_at =
		sites_at + whole_pages(HEAP_SITE_CAPACITY * sizeof(struct heap_site));
	const size_t bytes = live_at + whole_pages(HEAP_LIVE_CAPACITY * sizeof(struct heap_live));
	struct heap_file *file =
		agent_need_channel() ? channel_file_extend("heap", 0, bytes, NULL) : NULL;

	if (file == NULL) {
		agent_count_loss(LOSS_NO_SPACE);
		return NULL;
	}
	file->abi = HEAP_ABI;
	file->pid = core_channel_now()->pid;
	file->serial = core_channel_now()->serial;
	file->site_capacity = HEAP_SITE_CAPACITY;
	file->live_capacity = HEAP_LIVE_CAPACITY;
	file->sites_at = sites_at;
	file->live_at = live_at;
	atomic_store(&file->site_count, 1);
	return file;
}

static struct heap_site *sites_of(struct heap_file *file)
{
	return (struct heap_site *)((char *)file + file->sites_at);
}

static struct heap_live *live_of(struct heap_file *file)
{
	return (struct heap_live *)((char *)file + file->live_at);
}

static void show(struct heap_file *file)
{
	atomic_store(&file->began_ns, agent_now_ns());
	atomic_store_explicit(&file->magic, HEAP_MAGIC, memory_order_release);
}

/* --- the gate -------------------------------------------------------------------- */

static void pause_a_moment(void)
{
	struct timespec pause = {.tv_nsec = PAUSE_NS};

	raw_call(SYS_nanosleep, &pause, NULL);
}

/* True once nobody is inside; the gate is shut, so nobody comes. */
static bool wait_until_empty(void)
{
	for (int i = 0; i < PAUSES && atomic_load(&inside) != 0; i++)
		pause_a_moment();
	return atomic_load(&inside) == 0;
}

static void move_in(void);

/* False: pass by. */
static bool wait_at_gate(uint32_t seen)
{
	/* no file can be made while the reader is late: it is tried again */
	if (seen == FORKED && !atomic_load(&agent_awake))
		return false;
	if (seen == FORKED && atomic_compare_exchange_strong(&gate, &seen, MOVING)) {
		(void)wait_until_empty(); /* of heap_forget() */
		move_in();
		return true;
	}
	for (int i = 0; i < PAUSES && atomic_load(&gate) == MOVING; i++)
		pause_a_moment();
	return atomic_load(&gate) != MOVING;
}

/* A child that no fork handler told of (clone(2), vfork(2)) has its parent's file mapped. */
static bool is_ours(void)
{
	const struct heap_file *file = heap_store.file;

	return file != NULL && file->pid == (uint32_t)raw_call(SYS_getpid);
}

bool heap_enter(void)
{
	uint32_t seen;

	if (heap_thread.inside)
		return false;
	heap_thread.inside = true;
	atomic_signal_fence(memory_order_seq_cst);
	for (;;) {
		atomic_fetch_add(&inside, 1);
		seen = atomic_load(&gate);
		if (LIKELY(seen == OPEN && is_ours()))
			return true;
		atomic_fetch_sub(&inside, 1);
		if (seen == SHUT || seen == OPEN || !wait_at_gate(seen))
			break;
	}
	heap_thread.inside = false;
	return false;
}

void heap_leave(void)
{
	atomic_fetch_sub(&inside, 1);
	atomic_signal_fence(memory_order_seq_cst);
	heap_thread.inside = false;
}

void heap_forget(uintptr_t block)
{
	if (heap_thread.inside || atomic_load(&gate) != FORKED)
		return;
	heap_thread.inside = true;
	atomic_signal_fence(memory_order_seq_cst);
	atomic_fetch_add(&inside, 1);
	if (atomic_load(&gate) == FORKED)
		heap_live_forget(&heap_store.live, block);
	heap_leave();
}

/* --- on and off -------------------------------------------------------------------- */

/* No sample, in the file that is there. Nobody is inside. */
static void forget_live(void)
{
	struct heap_file *file = heap_store.file;
	uint32_t sites = atomic_load(&file->site_count);

	for (uint32_t i = 0; i < sites; i++) {
		atomic_store(&heap_store.sites[i].live_bytes, 0);
		atomic_store(&heap_store.sites[i].live_blocks_1k, 0);
	}
	for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++)
		if (atomic_load_explicit(&heap_store.live.tags[i], memory_order_relaxed) != 0)
			atomic_store(&heap_store.live.entries[i].address, 0);
	heap_live_reset(&heap_store.live, live_of(file));
	heap_filter_clear();
	atomic_store(&heap_store.live_bytes, 0);
	atomic_store(&heap_store.live_malloc_bytes, 0);
	atomic_store(&file->live_count, 0);
}

static bool first_file(void)
{
	struct heap_file *file = make_file();

	if (file == NULL)
		return false;
	heap_store.file = file;
	heap_store.sites = sites_of(file);
	heap_sites_reset(file);
	heap_live_reset(&heap_store.live, live_of(file));
	heap_filter_clear();
	atomic_store(&heap_store.live_bytes, 0);
	atomic_store(&heap_store.live_malloc_bytes, 0);
	atomic_store(&heap_store.made_bytes, 0);
	return true;
}

bool heap_store_prepare(void)
{
	heap_store_close();
	if (!wait_until_empty())
		return false;
	if (heap_store.file == NULL)
		return first_file();
	forget_live();
	return true;
}

void heap_store_open(void)
{
	atomic_store(&heap_store.file->ended_ns, 0);
	show(heap_store.file);
	atomic_store(&gate, OPEN);
}

void heap_store_close(void)
{
	uint32_t was;

	for (int i = 0; i < PAUSES && atomic_load(&gate) == MOVING; i++)
		pause_a_moment();
	was = atomic_exchange(&gate, SHUT);
	if (was == FORKED)
		heap_store.file = NULL; /* the parent's */
	if (was != OPEN)
		return;
	(void)wait_until_empty();
	atomic_store(&heap_store.file->ended_ns, agent_now_ns());
}

/* --- fork ---------------------------------------------------------------------------- */

void heap_store_after_fork(void)
{
	atomic_store(&inside, 0);
	atomic_store(&heap_store.false_hits, 0);
	heap_thread = (struct heap_thread){.inside = false};
	heap_left = 0;
	if (atomic_load(&gate) == OPEN || atomic_load(&gate) == FORKED) {
		atomic_store(&gate, FORKED);
	} else {
		atomic_store(&gate, SHUT);
		heap_store.file = NULL;
	}
}

static void take_over_head(struct heap_file *file, const struct heap_file *parents)
{
	file->parent_pid = parents->pid;
	atomic_store(&file->generation, atomic_load(&parents->generation));
	atomic_store(&file->hooks, atomic_load(&parents->hooks));
	atomic_store(&file->interval_bytes, atomic_load(&parents->interval_bytes));
	memcpy(file->reason, parents->reason, sizeof file->reason);
	file->reason[sizeof file->reason - 1] = '\0';
}

static void take_over_sites(struct heap_file *file, const struct heap_file *parents)
{
	const struct heap_site *from = heap_store.sites;
	struct heap_site *to = sites_of(file);
	uint32_t count = atomic_load(&parents->site_count);

	for (uint32_t i = 1; i < count && i < HEAP_SITE_CAPACITY; i++) {
		to[i].stack = from[i].stack;
		to[i].domain = from[i].domain;
		to[i].native = from[i].native;
		to[i].serial = from[i].serial;
		to[i].key = from[i].key;
	}
	atomic_store(&file->site_count, count < HEAP_SITE_CAPACITY ? count : HEAP_SITE_CAPACITY);
}

static void count_live(struct heap_site *site, const struct heap_live *sample)
{
	int64_t bytes = (int64_t)sample->weight_bytes;
	int64_t now = atomic_fetch_add(&site->live_bytes, bytes) + bytes;

	atomic_fetch_add(&site->live_blocks_1k, sample->weight_blocks_1k);
	atomic_store(&site->peak_bytes, now);
	atomic_fetch_add(&heap_store.live_bytes, bytes);
	if (site->domain == HEAP_MALLOC)
		atomic_fetch_add(&heap_store.live_malloc_bytes, bytes);
}

/* What the tags of the fork's instant name, and the parent has not changed since. */
static void take_over_live(struct heap_file *file, struct heap_live *from)
{
	struct heap_live_table *table = &heap_store.live;
	struct heap_live *to = live_of(file);
	struct heap_live sample;
	uint32_t kept = 0;

	heap_filter_clear();
	atomic_store(&heap_store.live_bytes, 0);
	atomic_store(&heap_store.live_malloc_bytes, 0);
	table->entries = to;
	for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++) {
		if (atomic_load_explicit(&table->tags[i], memory_order_relaxed) == 0)
			continue;
		memcpy((void *)&sample, (const void *)&from[i], sizeof sample);
		if (!heap_live_fits(table, i, &sample) ||
		    sample.site >= atomic_load(&file->site_count)) {
			heap_live_drop(table, i);
			continue;
		}
		sample.route = 0;
		sample.flags |= HEAP_PRE_FORK;
		heap_live_write(table, i, &sample);
		heap_filter_add(atomic_load_explicit(&sample.address, memory_order_relaxed));
		count_live(&sites_of(file)[sample.site], &sample);
		kept++;
	}
	/* one that another thread was about to put in at the fork may not have been counted */
	atomic_store(&table->count, kept);
}

/* In the child, gate MOVING. */
static void move_in(void)
{
	struct agent_thread *thread = agent_thread_self();
	bool in_hook = thread != NULL && thread->in_hook;
	struct heap_file *parents = heap_store.file, *file;
	uint32_t moving = MOVING;

	if (thread != NULL)
		thread->in_hook = true;
	file = make_file();
	if (file != NULL) {
		take_over_head(file, parents);
		take_over_sites(file, parents);
		take_over_live(file, live_of(parents));
		heap_store.file = file;
		heap_store.sites = sites_of(file);
		atomic_store(&heap_store.made_bytes, 0);
		atomic_store(&file->live_count, atomic_load(&heap_store.live.count));
		show(file);
	} else {
		heap_store.file = NULL;
	}
	if (thread != NULL)
		thread->in_hook = in_hook;
	atomic_compare_exchange_strong(&gate, &moving, file != NULL ? OPEN : SHUT);
}
