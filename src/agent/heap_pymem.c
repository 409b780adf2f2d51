#include "agent/heap_pymem.h"

#include <dlfcn.h>
#include <stdio.h>

#include "agent/agent.h"
#include "agent/heap_bytes.h"
#include "agent/heap_filter.h"
#include "agent/heap_sample.h"
#include "agent/heap_store.h"

enum { DOMAIN_MEM = 1, DOMAIN_OBJECT = 2, DOMAINS }; /* PyMemAllocatorDomain */

struct allocator {
	void *context;
	void *(*malloc)(void *context, size_t size);
	void *(*calloc)(void *context, size_t count, size_t each);
	void *(*realloc)(void *context, void *old, size_t size);
	void (*free)(void *context, void *block);
};

#define LIMIT_MAX 512 /* SMALL_REQUEST_THRESHOLD, Objects/obmalloc.c */
#define FAR (UINT64_C(1) << 40)
#define CALLER __builtin_return_address(0)

static struct allocator real[DOMAINS]; /* Python's */
static struct allocator next[DOMAINS]; /* where a hook jumps: the same, or the exact ones */
static size_t limit[DOMAINS];          /* blocks up to it are counted here */
static bool placed[DOMAINS];           /* ours is in the chain, as far as we know */

/* --- a sample ----------------------------------------------------------------------- */

static void *sampled(void *block, size_t size, uint32_t interval)
{
	if (block != NULL && interval != 0)
		heap_sample_made(block, size, HEAP_OBJECT, interval, NULL);
	return block;
}

/* As heap_malloc.c does. `interval` 0: the block is not to be a sample. A large block that shrinks
 * stays malloc's (pymalloc_realloc(), Objects/obmalloc.c), whose own hook had it then: what was
 * counted down shows that. */
static void *realloc_as(const struct allocator *a, void *context, void *old, size_t size,
			uint32_t interval)
{
	struct heap_live kept = {.address = 0};
	size_t known = heap_bytes_freed(old);
	uint64_t left;
	void *block;

	if (old != NULL && heap_filter_has(old))
		heap_sample_freed(old, &kept);
	left = heap_left;
	block = a->realloc(context, old, size);
	if (block == NULL) {
		heap_sample_back(&kept);
		heap_bytes_made(old, known);
	}
	return sampled(block, size, heap_left == left ? interval : 0);
}

static HEAP_SLOW void *malloc_slow(int domain, void *context, size_t size)
{
	uint32_t interval = heap_count_down(size);

	return sampled(real[domain].malloc(context, size), size, interval);
}

static HEAP_SLOW void *calloc_slow(int domain, void *context, size_t count, size_t each)
{
	uint32_t interval = heap_count_down(count * each);

	return sampled(real[domain].calloc(context, count, each), count * each, interval);
}

static HEAP_SLOW void *realloc_slow(int domain, void *context, void *old, size_t size)
{
	uint32_t interval = 0;

	/* it was and stays malloc's: its own hook takes it from one to the other */
	if (size > limit[domain] && heap_sample_size(old) > limit[domain])
		return next[domain].realloc(context, old, size);
	if (size <= limit[domain]) {
		if (heap_left <= size)
			interval = heap_count_down(size);
		else
			heap_left -= size;
		if (interval == 0 && next[domain].realloc != real[domain].realloc)
			interval = 1;
	}
	return realloc_as(&real[domain], context, old, size, interval);
}

static HEAP_SLOW void free_slow(int domain, void *context, void *block)
{
	heap_sample_freed(block, NULL);
	next[domain].free(context, block);
}

static void *malloc_exactly(int domain, void *context, size_t size)
{
	return sampled(real[domain].malloc(context, size), size, size <= limit[domain]);
}

static void *calloc_exactly(int domain, void *context, size_t count, size_t each)
{
	return sampled(real[domain].calloc(context, count, each), count * each,
		       count * each <= limit[domain]);
}

static void free_exactly(int domain, void *context, void *block)
{
	(void)heap_bytes_freed(block);
	real[domain].free(context, block);
}

static void *realloc_exactly(int domain, void *context, void *old, size_t size)
{
	return realloc_as(&real[domain], context, old, size, size <= limit[domain]);
}

/* --- hooks: a copy for each domain, so that what it jumps to is at a fixed place ------- */

#define HOOKS(name, domain) \
	static void *name##_malloc(void *context, size_t size) \
	{ \
		if (LIKELY(size <= limit[domain])) { \
			if (UNLIKELY(heap_left <= size)) \
				return malloc_slow(domain, context, size); \
			heap_left -= size; \
		} \
		return next[domain].malloc(context, size); \
	} \
	static void *name##_calloc(void *context, size_t count, size_t each) \
	{ \
		size_t size; \
\
		if (UNLIKELY(__builtin_mul_overflow(count, each, &size))) \
			return real[domain].calloc(context, count, each); \
		if (LIKELY(size <= limit[domain])) { \
			if (UNLIKELY(heap_left <= size)) \
				return calloc_slow(domain, context, count, each); \
			heap_left -= size; \
		} \
		return next[domain].calloc(context, count, each); \
	} \
	static void *name##_realloc(void *context, void *old, size_t size) \
	{ \
		if (UNLIKELY(heap_filter_has(old))) \
			return realloc_slow(domain, context, old, size); \
		if (LIKELY(size <= limit[domain])) { \
			if (UNLIKELY(heap_left <= size)) \
				return realloc_slow(domain, context, old, size); \
			heap_left -= size; \
		} \
		return next[domain].realloc(context, old, size); \
	} \
	static void name##_free(void *context, void *block) \
	{ \
		if (UNLIKELY(heap_filter_has(block))) { \
			free_slow(domain, context, block); \
			return; \
		} \
		next[domain].free(context, block); \
	} \
	static void *name##_malloc_exact(void *context, size_t size) \
	{ \
		return malloc_exactly(domain, context, size); \
	} \
	static void *name##_calloc_exact(void *context, size_t count, size_t each) \
	{ \
		return calloc_exactly(domain, context, count, each); \
	} \
	static void *name##_realloc_exact(void *context, void *old, size_t size) \
	{ \
		return realloc_exactly(domain, context, old, size); \
	} \
	static void name##_free_exact(void *context, void *block) \
	{ \
		free_exactly(domain, context, block); \
	}

HOOKS(mem, DOMAIN_MEM)
HOOKS(object, DOMAIN_OBJECT)

static const struct allocator hooks[DOMAINS] = {
	[DOMAIN_MEM] = {NULL, mem_malloc, mem_calloc, mem_realloc, mem_free},
	[DOMAIN_OBJECT] = {NULL, object_malloc, object_calloc, object_realloc, object_free},
};
static const struct allocator exact_hooks[DOMAINS] = {
	[DOMAIN_MEM] = {NULL, mem_malloc_exact, mem_calloc_exact, mem_realloc_exact,
			mem_free_exact},
	[DOMAIN_OBJECT] = {NULL, object_malloc_exact, object_calloc_exact, object_realloc_exact,
			   object_free_exact},
};

/* --- in place and out ----------------------------------------------------------------- */

static void (*get_allocator)(int, struct allocator *);
static void (*set_allocator)(int, struct allocator *);
static void *(*python_malloc[DOMAINS])(size_t);
static void (*python_free[DOMAINS])(void *);

static bool find_functions(void)
{
	*(void **)&get_allocator = dlsym(RTLD_DEFAULT, "PyMem_GetAllocator");
	*(void **)&set_allocator = dlsym(RTLD_DEFAULT, "PyMem_SetAllocator");
	*(void **)&python_malloc[DOMAIN_MEM] = dlsym(RTLD_DEFAULT, "PyMem_Malloc");
	*(void **)&python_free[DOMAIN_MEM] = dlsym(RTLD_DEFAULT, "PyMem_Free");
	*(void **)&python_malloc[DOMAIN_OBJECT] = dlsym(RTLD_DEFAULT, "PyObject_Malloc");
	*(void **)&python_free[DOMAIN_OBJECT] = dlsym(RTLD_DEFAULT, "PyObject_Free");
	(void)dlerror();
	return get_allocator != NULL && set_allocator != NULL && python_malloc[DOMAIN_MEM] &&
	       python_free[DOMAIN_MEM] && python_malloc[DOMAIN_OBJECT] &&
	       python_free[DOMAIN_OBJECT];
}

static bool is_ours(int domain)
{
	struct allocator now;

	get_allocator(domain, &now);
	return now.malloc == hooks[domain].malloc;
}

/* Bytes that any hook counted while a block of `size` was asked of Python. */
static uint64_t counted(int domain, size_t size)
{
	const uint64_t before = heap_left;
	uint64_t taken;
	void *block;

	heap_left = FAR;
	block = python_malloc[domain](size);
	taken = FAR - heap_left;
	heap_left = before;
	python_free[domain](block);
	return taken;
}

/* Does the malloc family's hook see it? What an allocator does once (a table of its own) is over by
 * the second time. */
static bool reaches_malloc(int domain, size_t size)
{
	(void)counted(domain, size);
	return counted(domain, size) != 0;
}

/* The largest block that the malloc family does not see, none of ours in the chain; SIZE_MAX: it
 * sees none, 0: it sees all. */
static size_t measure_limit(int domain)
{
	size_t low = 1, high = LIMIT_MAX + 1;

	if (!reaches_malloc(domain, (size_t)1 << 20))
		return SIZE_MAX;
	if (reaches_malloc(domain, low))
		return 0;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;

		if (reaches_malloc(domain, middle))
			high = middle;
		else
			low = middle;
	}
	return low;
}

/* Ours is in the chain below another tool's: asked for one byte, it counts it. */
static bool is_below(int domain)
{
	bool found;

	limit[domain] = LIMIT_MAX;
	found = counted(domain, 1) != 0;
	limit[domain] = 0;
	return found;
}

static bool place(int domain, bool malloc_is_hooked)
{
	struct allocator ours = hooks[domain];
	size_t largest;

	limit[domain] = 0; /* should ours be in the chain already, it counts nothing now */
	largest = malloc_is_hooked ? measure_limit(domain) : SIZE_MAX;
	if (largest == 0)
		return false;
	if (!is_ours(domain) && !(placed[domain] && is_below(domain))) {
		get_allocator(domain, &real[domain]);
		next[domain] = real[domain];
		ours.context = real[domain].context;
		set_allocator(domain, &ours);
	}
	placed[domain] = true;
	limit[domain] = largest;
	return true;
}

uint32_t heap_pymem_install(bool malloc_is_hooked, char *reason, size_t reason_size)
{
	uint32_t in_place = 0;

	if (!find_functions()) {
		snprintf(reason, reason_size, "this Python exports no PyMem_SetAllocator");
		return 0;
	}
	if (place(DOMAIN_MEM, malloc_is_hooked))
		in_place |= HEAP_HOOK_MEM;
	if (place(DOMAIN_OBJECT, malloc_is_hooked))
		in_place |= HEAP_HOOK_OBJECT;
	if (in_place == 0)
		snprintf(reason, reason_size,
			 "Python asks malloc for all its blocks: they are counted there");
	return in_place;
}

void heap_pymem_remove(void)
{
	for (int domain = DOMAIN_MEM; domain < DOMAINS; domain++) {
		limit[domain] = 0;
		if (!placed[domain] || !is_ours(domain))
			continue;
		set_allocator(domain, &real[domain]);
		placed[domain] = false;
	}
}

void heap_pymem_exact(bool exact)
{
	for (int domain = DOMAIN_MEM; domain < DOMAINS; domain++) {
		const struct allocator *to =
			exact && placed[domain] ? &exact_hooks[domain] : &real[domain];

		next[domain].malloc = to->malloc;
		next[domain].calloc = to->calloc;
		next[domain].realloc = to->realloc;
		next[domain].free = to->free;
	}
}
