#include "agent/heap_live.h"

#include <string.h>

#include "base/hash.h"

#define PROBES 64 /* buckets: at 7/8 some lie behind runs of a dozen full ones */
#define HELD UINT64_C(1)
#define FREED UINT64_C(2) /* while it was held */
#define STATES (HELD | FREED)

/* Where an address belongs. */
struct home {
	uint32_t bucket;
	uint32_t tag;
};

static struct home home_of(uintptr_t address)
{
	uint64_t hash = hash_mix64(address);

	return (struct home){(uint32_t)hash % HEAP_LIVE_BUCKETS, (uint32_t)(hash >> 32) | 1};
}

static uint32_t bucket_at(struct home home, uint32_t probe)
{
	return (home.bucket + probe) % HEAP_LIVE_BUCKETS;
}

static void unpass(struct heap_live_table *table, struct home home, uint32_t probes)
{
	for (uint32_t i = 0; i < probes; i++)
		atomic_fetch_sub(&table->passed[bucket_at(home, i)], 1);
}

static void fill(struct heap_live *entry, const struct heap_live *sample)
{
	entry->size = sample->size;
	entry->weight_bytes = sample->weight_bytes;
	entry->weight_blocks_1k = sample->weight_blocks_1k;
	entry->site = sample->site;
	entry->route = sample->route;
	entry->born_unit = sample->born_unit;
	entry->born_ns = sample->born_ns;
	entry->unit = sample->unit;
	entry->tid = sample->tid;
	entry->flags = sample->flags;
	atomic_store_explicit(&entry->address,
			      atomic_load_explicit(&sample->address, memory_order_relaxed),
			      memory_order_release);
}

bool heap_live_put(struct heap_live_table *table, const struct heap_live *sample)
{
	struct home home = home_of(atomic_load_explicit(&sample->address, memory_order_relaxed));

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		uint32_t first = bucket_at(home, probe) * HEAP_LIVE_BUCKET;

		for (uint32_t i = first; i < first + HEAP_LIVE_BUCKET; i++) {
			uint32_t none = 0;

			if (atomic_load_explicit(&table->tags[i], memory_order_relaxed) != 0 ||
			    !atomic_compare_exchange_strong(&table->tags[i], &none, home.tag))
				continue;
			fill(&table->entries[i], sample);
			atomic_fetch_add(&table->count, 1);
			return true;
		}
		atomic_fetch_add(&table->passed[bucket_at(home, probe)], 1);
	}
	unpass(table, home, PROBES);
	return false;
}

/* Entry and place are ours alone. */
static void remove_at(struct heap_live_table *table, uint32_t index, uintptr_t address)
{
	struct home home = home_of(address);
	uint32_t bucket = index / HEAP_LIVE_BUCKET;

	atomic_store(&table->entries[index].address, 0);
	atomic_store_explicit(&table->tags[index], 0, memory_order_release);
	unpass(table, home, (bucket - home.bucket) % HEAP_LIVE_BUCKETS);
	atomic_fetch_sub(&table->count, 1);
}

/* Makes it ours. `leave`: where another has it, it is left to that one. */
static bool seize(struct heap_live *entry, uintptr_t address, bool leave)
{
	uint64_t seen = address;

	while (!atomic_compare_exchange_strong(&entry->address, &seen, address | HELD)) {
		if ((seen & ~STATES) != address || seen & FREED || !leave)
			return false;
		if (seen & HELD &&
		    atomic_compare_exchange_strong(&entry->address, &seen, address | STATES))
			return false;
		seen = address;
	}
	return true;
}

static bool search(struct heap_live_table *table, uintptr_t address, bool leave, uint32_t *index)
{
	struct home home = home_of(address);

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		uint32_t bucket = bucket_at(home, probe);

		for (uint32_t i = bucket * HEAP_LIVE_BUCKET; i < (bucket + 1) * HEAP_LIVE_BUCKET;
		     i++) {
			struct heap_live *entry = &table->entries[i];

			if (atomic_load_explicit(&table->tags[i], memory_order_acquire) !=
				    home.tag ||
			    (atomic_load_explicit(&entry->address, memory_order_acquire) &
			     ~STATES) != address)
				continue;
			*index = i;
			if (seize(entry, address, leave))
				return true;
		}
		if (atomic_load_explicit(&table->passed[bucket], memory_order_acquire) == 0)
			return false;
	}
	return false;
}

bool heap_live_take(struct heap_live_table *table, uintptr_t address, struct heap_live *taken)
{
	uint32_t index;

	if (!search(table, address, true, &index))
		return false;
	memcpy((void *)taken, (const void *)&table->entries[index], sizeof *taken);
	atomic_store_explicit(&taken->address, address, memory_order_relaxed);
	remove_at(table, index, address);
	return true;
}

bool heap_live_find(struct heap_live_table *table, uintptr_t address, uint32_t *index)
{
	return search(table, address, false, index);
}

uintptr_t heap_live_hold(struct heap_live_table *table, uint32_t index)
{
	struct heap_live *entry = &table->entries[index];
	uint64_t address;

	if (atomic_load_explicit(&table->tags[index], memory_order_acquire) == 0)
		return 0;
	address = atomic_load_explicit(&entry->address, memory_order_acquire);
	return address != 0 && (address & STATES) == 0 && seize(entry, address, false) ? address
										       : 0;
}

bool heap_live_let_go(struct heap_live_table *table, uint32_t index, bool keep)
{
	struct heap_live *entry = &table->entries[index];
	uint64_t held = atomic_load(&entry->address);
	uintptr_t address = held & ~STATES;

	if (keep && (held & FREED) == 0 &&
	    atomic_compare_exchange_strong(&entry->address, &held, address))
		return true;
	remove_at(table, index, address);
	return false;
}

bool heap_live_may_have(const struct heap_live_table *table, uintptr_t address)
{
	struct home home = home_of(address);

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		uint32_t bucket = bucket_at(home, probe);

		for (uint32_t i = 0; i < HEAP_LIVE_BUCKET; i++)
			if (atomic_load_explicit(&table->tags[bucket * HEAP_LIVE_BUCKET + i],
						 memory_order_relaxed) == home.tag)
				return true;
		if (atomic_load_explicit(&table->passed[bucket], memory_order_relaxed) == 0)
			return false;
	}
	return false;
}

static uintptr_t address_of(const struct heap_live *entry, memory_order order)
{
	return atomic_load_explicit(&entry->address, order) & ~STATES;
}

/* NULL: it is not there. */
static const struct heap_live *look(const struct heap_live_table *table, uintptr_t address)
{
	struct home home = home_of(address);

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		uint32_t bucket = bucket_at(home, probe);

		for (uint32_t i = 0; i < HEAP_LIVE_BUCKET; i++) {
			const struct heap_live *entry =
				&table->entries[bucket * HEAP_LIVE_BUCKET + i];

			if (address_of(entry, memory_order_acquire) == address)
				return entry;
		}
		if (atomic_load_explicit(&table->passed[bucket], memory_order_relaxed) == 0)
			return NULL;
	}
	return NULL;
}

/* What was read of the entry is of that address. */
static bool is_still(const struct heap_live *entry, uintptr_t address)
{
	atomic_thread_fence(memory_order_acquire);
	return address_of(entry, memory_order_relaxed) == address;
}

bool heap_live_site(const struct heap_live_table *table, uintptr_t address, uint32_t *site)
{
	const struct heap_live *entry = look(table, address);

	if (entry == NULL)
		return false;
	*site = entry->site;
	return is_still(entry, address);
}

uint64_t heap_live_size(const struct heap_live_table *table, uintptr_t address)
{
	const struct heap_live *entry = look(table, address);
	const uint64_t size = entry == NULL ? 0 : entry->size;

	return entry != NULL && is_still(entry, address) ? size : 0;
}

bool heap_live_fits(const struct heap_live_table *table, uint32_t index, struct heap_live *sample)
{
	uint64_t address = atomic_load_explicit(&sample->address, memory_order_relaxed) & ~STATES;
	struct home home = home_of(address);

	atomic_store_explicit(&sample->address, address, memory_order_relaxed);
	return address != 0 && home.tag == atomic_load(&table->tags[index]) &&
	       (index / HEAP_LIVE_BUCKET - home.bucket) % HEAP_LIVE_BUCKETS < PROBES;
}

void heap_live_write(struct heap_live_table *table, uint32_t index, const struct heap_live *sample)
{
	fill(&table->entries[index], sample);
}

void heap_live_drop(struct heap_live_table *table, uint32_t index)
{
	/* how many buckets it passed is not known: searches there go a little further */
	atomic_store(&table->tags[index], 0);
	atomic_fetch_sub(&table->count, 1);
}

void heap_live_forget(struct heap_live_table *table, uintptr_t address)
{
	const struct heap_live *entry = look(table, address);
	uint32_t tag = home_of(address).tag;

	if (entry != NULL &&
	    atomic_compare_exchange_strong(&table->tags[entry - table->entries], &tag, 0))
		atomic_fetch_sub(&table->count, 1);
}

void heap_live_reset(struct heap_live_table *table, struct heap_live *entries)
{
	memset((void *)table->tags, 0, sizeof table->tags);
	memset((void *)table->passed, 0, sizeof table->passed);
	atomic_store(&table->count, 0);
	table->entries = entries;
}
