#include "agent/heap_thin.h"

#include <string.h>

#include "agent/dict.h"
#include "agent/heap_account.h"
#include "agent/heap_filter.h"
#include "agent/heap_maths.h"
#include "agent/heap_rate.h"
#include "agent/heap_sample.h"
#include "agent/heap_sites.h"
#include "agent/heap_store.h"
#include "agent/stack.h"
#include "base/clock.h"

#define FULL (HEAP_LIVE_CAPACITY / 8 * 7)

static _Atomic bool thinning;
/* Events in a second, from when it began. */
struct pace {
	_Atomic uint64_t second_ns;
	_Atomic uint32_t count;
};
static struct pace small, large, resized;
static _Atomic uint32_t nearest; /* that was asked for */
static struct heap_rate rate;    /* of who writes the second's row */

int heap_thin_is_full(void)
{
	return atomic_load_explicit(&heap_store.live.count, memory_order_relaxed) >= FULL;
}

/* The held entry as a sample of that interval. False: it goes. */
static bool weigh_again(struct heap_live *entry, uint32_t interval, uint64_t now_ns)
{
	struct heap_weight weight;

	if (!heap_stays(entry->size, entry->weight_bytes, interval,
			random_bits(&heap_thread.random)))
		return false;
	weight = heap_weigh(entry->size, interval);
	if (weight.bytes <= entry->weight_bytes)
		return true; /* it was taken at this interval, or a longer one */
	heap_account_live(entry, -1, now_ns);
	entry->weight_bytes = weight.bytes;
	entry->weight_blocks_1k = weight.blocks_1k;
	heap_account_again(entry, now_ns);
	return true;
}

/* To this interval. */
static void thin_to(uint32_t interval, uint64_t now_ns)
{
	struct heap_live_table *table = &heap_store.live;

	if (atomic_exchange(&thinning, true))
		return;
	for (uint32_t i = 0; i < HEAP_LIVE_CAPACITY; i++) {
		uintptr_t address = heap_live_hold(table, i);
		struct heap_live gone;
		bool stays;

		if (address == 0)
			continue;
		stays = weigh_again(&table->entries[i], interval, now_ns);
		memcpy((void *)&gone, (const void *)&table->entries[i], sizeof gone);
		if (heap_live_let_go(table, i, stays))
			continue;
		heap_account_live(&gone, -1, now_ns);
		heap_filter_drop(address);
	}
	atomic_store(&thinning, false);
}

/* To `to`, if it still is `from`. Who changes it at once sets what is in force last. */
static bool change_interval(uint32_t from, uint32_t to)
{
	if (!atomic_compare_exchange_strong(&heap_store.file->interval_bytes, &from, to))
		return false;
	heap_sample_every(atomic_load(&heap_store.file->interval_bytes));
	return true;
}

static bool interval_doubles(void)
{
	uint32_t interval = atomic_load(&heap_store.file->interval_bytes);

	if (interval >= HEAP_INTERVAL_MAX || !change_interval(interval, interval * 2))
		return false;
	atomic_fetch_add(&heap_store.file->doubled, 1);
	return true;
}

/* One more. Returns how many came before it in this second. */
static uint32_t step(struct pace *pace, uint64_t now_ns)
{
	uint64_t began_ns = atomic_load_explicit(&pace->second_ns, memory_order_relaxed);

	if (now_ns - began_ns >= NS_PER_S) {
		atomic_store_explicit(&pace->second_ns, now_ns, memory_order_relaxed);
		atomic_store_explicit(&pace->count, 0, memory_order_relaxed);
	}
	return atomic_fetch_add(&pace->count, 1);
}

bool heap_thin_is_hurried(uint64_t now_ns)
{
	return step(&resized, now_ns) >= HEAP_SAMPLES_A_SECOND;
}

void heap_thin_look(uint64_t now_ns, uint64_t size)
{
	const bool is_large = size >= atomic_load_explicit(&heap_store.file->interval_bytes,
							   memory_order_relaxed);
	struct pace *pace = is_large ? &large : &small;

	if (step(pace, now_ns) == (is_large ? HEAP_LARGE_A_SECOND : HEAP_SAMPLES_A_SECOND)) {
		atomic_store_explicit(&pace->count, 0, memory_order_relaxed);
		(void)interval_doubles();
	}
	if (heap_thin_is_full() && !atomic_load(&thinning) && interval_doubles())
		thin_to(atomic_load(&heap_store.file->interval_bytes), now_ns);
}

void heap_thin_begin(uint32_t asked)
{
	atomic_store(&nearest, asked);
	rate = (struct heap_rate){.looks = 0};
}

/* Of the room for stacks and sites, in 256 parts. */
static uint32_t names_used(const struct heap_file *file)
{
	const uint32_t sites = atomic_load(&file->site_count) * 256 / HEAP_SITE_CAPACITY;
	const uint32_t stacks = dict_fill_256() * 256 / STACK_SAMPLED_FILL_256;

	return sites > stacks ? sites : stacks;
}

void heap_thin_second(uint64_t now_ns, uint64_t resident_bytes)
{
	const struct heap_file *file = heap_store.file;
	const struct heap_rate_look now = {
		.at_ns = now_ns,
		.samples = atomic_load(&file->samples),
		.own_ns = atomic_load(&file->hook_ns),
		.own_timed = atomic_load(&file->hook_timed),
		.live = atomic_load(&heap_store.live.count),
		.names_256 = names_used(file),
		.resident_bytes = resident_bytes,
		.interval = atomic_load(&file->interval_bytes),
		.doubled = atomic_load(&file->doubled),
		.asked = atomic_load(&nearest),
	};
	uint32_t next;

	if (heap_sample_is_exact())
		return;
	next = heap_rate_look(&rate, &now);
	if (next != now.interval)
		(void)change_interval(now.interval, next);
}

void heap_thin_after_fork(void)
{
	rate = (struct heap_rate){.looks = 0};
	atomic_store(&thinning, false); /* by a thread that is not here */
}
