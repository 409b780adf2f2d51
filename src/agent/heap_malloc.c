#include "agent/heap_malloc.h"

#include <errno.h>
#include <stdint.h>

#include "agent/agent.h"
#include "agent/heap_bytes.h"
#include "agent/heap_filter.h"
#include "agent/heap_real.h"
#include "agent/heap_sample.h"
#include "agent/heap_store.h"

struct family {
	void *(*malloc)(size_t);
	void *(*calloc)(size_t, size_t);
	void *(*realloc)(void *, size_t);
	void (*free)(void *);
	int (*posix_memalign)(void **, size_t, size_t);
	void *(*aligned_alloc)(size_t, size_t);
	void *(*memalign)(size_t, size_t);
};

static struct family real; /* the functions themselves */
static struct family next; /* where a hook jumps: the same, or the exact ones */

#define CALLER __builtin_return_address(0)

/* --- a sample ---------------------------------------------------------------------- */

/* NULL is no block. */
static void *sampled(void *block, size_t size, uint32_t interval, const void *caller)
{
	if (block != NULL && interval != 0)
		heap_sample_made(block, size, HEAP_MALLOC, interval, caller);
	return block;
}

static void *malloc_as(size_t size, uint32_t interval, const void *caller)
{
	return sampled(real.malloc(size), size, interval, caller);
}

static void *calloc_as(size_t count, size_t each, uint32_t interval, const void *caller)
{
	return sampled(real.calloc(count, each), count * each, interval, caller);
}

/* What the old block was is taken out before it may be another's, and put back if it stays. */
static void *realloc_as(void *old, size_t size, uint32_t interval, const void *caller)
{
	struct heap_live kept = {.address = 0};
	size_t known = heap_bytes_freed(old);
	void *block;

	if (old != NULL && heap_filter_has(old))
		heap_sample_freed(old, &kept);
	block = real.realloc(old, size);
	if (block == NULL && size != 0) {
		heap_sample_back(&kept);
		heap_bytes_made(old, known);
	}
	if (heap_sample_moved(&kept, block, size))
		return block;
	return sampled(block, size, interval, caller);
}

static int posix_memalign_as(void **block, size_t alignment, size_t size, uint32_t interval,
			     const void *caller)
{
	int failed = real.posix_memalign(block, alignment, size);

	if (failed == 0)
		sampled(*block, size, interval, caller);
	return failed;
}

static void *aligned_alloc_as(size_t alignment, size_t size, uint32_t interval, const void *caller)
{
	return sampled(real.aligned_alloc(alignment, size), size, interval, caller);
}

static void *memalign_as(size_t alignment, size_t size, uint32_t interval, const void *caller)
{
	return sampled(real.memalign(alignment, size), size, interval, caller);
}

/* The hook's slow half: the countdown ended. Each is a function of its own, so that the hook itself
 * needs no stack frame. */
static HEAP_SLOW void *malloc_slow(size_t size, const void *caller)
{
	return malloc_as(size, heap_count_down(size), caller);
}

static HEAP_SLOW void *calloc_slow(size_t count, size_t each, const void *caller)
{
	return calloc_as(count, each, heap_count_down(count * each), caller);
}

static HEAP_SLOW void *realloc_slow(void *old, size_t size, const void *caller)
{
	uint32_t interval = 0;

	if (heap_left <= size)
		interval = heap_count_down(size);
	else
		heap_left -= size;
	if (interval == 0 && next.realloc != real.realloc)
		interval = 1;
	return realloc_as(old, size, interval, caller);
}

static HEAP_SLOW int posix_memalign_slow(void **block, size_t alignment, size_t size,
					 const void *caller)
{
	return posix_memalign_as(block, alignment, size, heap_count_down(size), caller);
}

static HEAP_SLOW void *aligned_alloc_slow(size_t alignment, size_t size, const void *caller)
{
	return aligned_alloc_as(alignment, size, heap_count_down(size), caller);
}

static HEAP_SLOW void *memalign_slow(size_t alignment, size_t size, const void *caller)
{
	return memalign_as(alignment, size, heap_count_down(size), caller);
}

static HEAP_SLOW void free_slow(void *block)
{
	heap_sample_freed(block, NULL);
	next.free(block);
}

/* --- exact: reached by the hook's jump, so the caller is the hook's ------------------- */

static void free_exact(void *block)
{
	(void)heap_bytes_freed(block);
	real.free(block);
}

static void *malloc_exact(size_t size)
{
	return malloc_as(size, 1, CALLER);
}

static void *calloc_exact(size_t count, size_t each)
{
	return calloc_as(count, each, 1, CALLER);
}

static void *realloc_exact(void *old, size_t size)
{
	return realloc_as(old, size, 1, CALLER);
}

static int posix_memalign_exact(void **block, size_t alignment, size_t size)
{
	return posix_memalign_as(block, alignment, size, 1, CALLER);
}

static void *aligned_alloc_exact(size_t alignment, size_t size)
{
	return aligned_alloc_as(alignment, size, 1, CALLER);
}

static void *memalign_exact(size_t alignment, size_t size)
{
	return memalign_as(alignment, size, 1, CALLER);
}

/* --- hooks ------------------------------------------------------------------------------ */

static void *malloc_hook(size_t size)
{
	if (UNLIKELY(heap_left <= size))
		return malloc_slow(size, CALLER);
	heap_left -= size;
	return next.malloc(size);
}

static void *calloc_hook(size_t count, size_t each)
{
	size_t size;

	if (UNLIKELY(__builtin_mul_overflow(count, each, &size)))
		return real.calloc(count, each);
	if (UNLIKELY(heap_left <= size))
		return calloc_slow(count, each, CALLER);
	heap_left -= size;
	return next.calloc(count, each);
}

static void *realloc_hook(void *old, size_t size)
{
	if (UNLIKELY(heap_left <= size || heap_filter_has(old)))
		return realloc_slow(old, size, CALLER);
	heap_left -= size;
	return next.realloc(old, size);
}

static void free_hook(void *block)
{
	if (UNLIKELY(heap_filter_has(block))) {
		free_slow(block);
		return;
	}
	next.free(block);
}

static int posix_memalign_hook(void **block, size_t alignment, size_t size)
{
	if (UNLIKELY(heap_left <= size))
		return posix_memalign_slow(block, alignment, size, CALLER);
	heap_left -= size;
	return next.posix_memalign(block, alignment, size);
}

static void *aligned_alloc_hook(size_t alignment, size_t size)
{
	if (UNLIKELY(heap_left <= size))
		return aligned_alloc_slow(alignment, size, CALLER);
	heap_left -= size;
	return next.aligned_alloc(alignment, size);
}

static void *memalign_hook(size_t alignment, size_t size)
{
	if (UNLIKELY(heap_left <= size))
		return memalign_slow(alignment, size, CALLER);
	heap_left -= size;
	return next.memalign(alignment, size);
}

static struct family stubs;

/* clang-format off */
#define ROW(name) {#name, (void *)name##_hook, (void **)&real.name, (void **)&stubs.name}
/* clang-format on */
const struct heap_malloc_row heap_malloc_rows[] = {
	ROW(malloc),         ROW(calloc),        ROW(realloc),  ROW(free),
	ROW(posix_memalign), ROW(aligned_alloc), ROW(memalign), {NULL, NULL, NULL, NULL},
};

bool heap_malloc_prepare(void)
{
	for (const struct heap_malloc_row *row = heap_malloc_rows; row->name != NULL; row++) {
		if (*row->real == NULL)
			*row->real = heap_real_find(row->name, row->stub);
		if (*row->real == NULL)
			return false;
	}
	next = real;
	return true;
}

void heap_malloc_exact(bool exact)
{
	if (!exact) {
		next = real;
		return;
	}
	next.malloc = malloc_exact;
	next.calloc = calloc_exact;
	next.realloc = realloc_exact;
	next.free = free_exact;
	next.posix_memalign = posix_memalign_exact;
	next.aligned_alloc = aligned_alloc_exact;
	next.memalign = memalign_exact;
}
