#include "agent/heap_bytes.h"

#include <sys/mman.h>

#include "agent/calls_space.h"
#include "agent/raw.h"
#include "base/hash.h"

#define PAGE_BITS 12
#define GRANULE_BITS 4 /* blocks are 16-aligned (malloc, pymalloc of 3.8+) */
#define GRANULES (1u << (PAGE_BITS - GRANULE_BITS))
#define PAGES (1u << 17) /* half a GiB of small blocks: 128 MiB of address space */
#define PROBES 64
#define IN_PAGES UINT32_C(0x80000000) /* a size of 2 GiB or more is kept in pages */

struct page {
	_Atomic uint32_t sizes[GRANULES]; /* 0: no block begins here */
};

_Atomic uint32_t heap_bytes_round;
AGENT_TLS int64_t heap_bytes_mine, heap_bytes_high;

static _Atomic uint64_t *numbers; /* of pages that have a place; 0: it is free */
static struct page *pages;
static _Atomic int64_t all;
static _Atomic bool full;

/* --- rounds -------------------------------------------------------------------------- */

static void *reserve(size_t bytes)
{
	long at = raw_call(SYS_mmap, NULL, bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at < 0 && at > -4096 ? NULL : (void *)at;
}

static bool have_tables(void)
{
	if (calls_space_is_limited()) /* what is reserved here would be missing there */
		return false;
	if (numbers == NULL)
		numbers = reserve(PAGES * sizeof *numbers);
	if (numbers != NULL && pages == NULL)
		pages = reserve(PAGES * sizeof *pages);
	return pages != NULL;
}

bool heap_bytes_begin(void)
{
	static uint32_t rounds;

	if (!have_tables())
		return false;
	/* zeroes, and no memory, until they are touched */
	raw_call(SYS_madvise, numbers, PAGES * sizeof *numbers, MADV_DONTNEED);
	raw_call(SYS_madvise, pages, PAGES * sizeof *pages, MADV_DONTNEED);
	atomic_store(&all, 0);
	atomic_store(&full, false);
	atomic_store(&heap_bytes_round, ++rounds);
	return true;
}

void heap_bytes_end(void)
{
	atomic_store(&heap_bytes_round, 0);
}

bool heap_bytes_are_full(void)
{
	return atomic_load_explicit(&full, memory_order_relaxed);
}

/* --- sizes --------------------------------------------------------------------------- */

static uint32_t word_of(size_t size)
{
	uint64_t in_pages = (uint64_t)size >> PAGE_BITS;

	if (size < IN_PAGES)
		return (uint32_t)size;
	return IN_PAGES | (in_pages < IN_PAGES ? (uint32_t)in_pages : IN_PAGES - 1);
}

static size_t size_of(uint32_t word)
{
	return word & IN_PAGES ? (size_t)(word & ~IN_PAGES) << PAGE_BITS : word;
}

/* The word of a block; NULL: its page has none, and (`claim`) there is no place left near its own.
 */
static _Atomic uint32_t *place_of(uintptr_t address, bool claim)
{
	const uint64_t number = address >> PAGE_BITS;
	const uint32_t first = (uint32_t)hash_mix64(number);

	for (uint32_t probe = 0; probe < PROBES; probe++) {
		uint32_t at = (first + probe) % PAGES;
		uint64_t held = atomic_load_explicit(&numbers[at], memory_order_relaxed);

		if (held == 0 && !claim)
			return NULL; /* places are not given up within a round */
		if (held == 0 && atomic_compare_exchange_strong(&numbers[at], &held, number))
			held = number;
		if (held == number)
			return &pages[at].sizes[(address >> GRANULE_BITS) % GRANULES];
	}
	return NULL;
}

/* What the agent allocates is no line's. */
static bool is_own(void)
{
	const struct agent_thread *thread = agent_thread_peek();

	return thread != NULL && thread->in_hook;
}

void heap_bytes_put(const void *block, size_t size)
{
	_Atomic uint32_t *place;
	uint32_t before;

	if (is_own() || heap_bytes_are_full())
		return;
	place = place_of((uintptr_t)block, true);
	if (UNLIKELY(place == NULL)) {
		atomic_store(&full, true);
		return;
	}
	before = atomic_exchange_explicit(place, word_of(size), memory_order_relaxed);
	heap_bytes_mine += (int64_t)size;
	if (heap_bytes_mine > heap_bytes_high)
		heap_bytes_high = heap_bytes_mine;
	/* one whose free was not seen is not there any more */
	atomic_fetch_add_explicit(&all, (int64_t)size - (int64_t)size_of(before),
				  memory_order_relaxed);
}

size_t heap_bytes_take(const void *block)
{
	_Atomic uint32_t *place = place_of((uintptr_t)block, false);
	size_t size;

	if (place == NULL || atomic_load_explicit(place, memory_order_relaxed) == 0 ||
	    heap_bytes_are_full())
		return 0;
	size = size_of(atomic_exchange_explicit(place, 0, memory_order_relaxed));
	heap_bytes_mine -= (int64_t)size;
	atomic_fetch_sub_explicit(&all, (int64_t)size, memory_order_relaxed);
	return size;
}

size_t heap_bytes_of(const void *block)
{
	const _Atomic uint32_t *place = place_of((uintptr_t)block, false);

	return place == NULL ? 0 : size_of(atomic_load_explicit(place, memory_order_relaxed));
}

int64_t heap_bytes_all(void)
{
	return atomic_load_explicit(&all, memory_order_relaxed);
}
