#include "agent/heap_mapped.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

#include "agent/agent.h"
#include "agent/heap_bytes.h"
#include "agent/heap_filter.h"
#include "agent/heap_objects.h"
#include "agent/heap_real.h"
#include "agent/heap_sample.h"
#include "agent/heap_store.h"

#define CALLER __builtin_return_address(0)

static struct {
	void *(*mmap)(void *, size_t, int, int, int, off_t);
	void *(*mmap64)(void *, size_t, int, int, int, off64_t);
	int (*munmap)(void *, size_t);
	void *(*mremap)(void *, size_t, size_t, int, ...);
} real, stubs;

/* Whose mappings are made into blocks: a place in each. */
static const void *allocators[3];

static bool is_allocators(const void *caller)
{
	for (size_t i = 0; i < sizeof allocators / sizeof allocators[0]; i++)
		if (allocators[i] != NULL && heap_object_shared(caller, allocators[i]))
			return true;
	return false;
}

static void *sampled(void *mapping, size_t size, const void *caller)
{
	uint32_t interval;

	if (mapping == MAP_FAILED)
		return mapping;
	if (heap_left > size && !heap_sample_is_exact()) {
		heap_left -= size;
		return mapping;
	}
	interval = heap_count_down(size);
	if (interval != 0)
		heap_sample_made(mapping, size, HEAP_MAPPED, interval, caller);
	return mapping;
}

/* Memory, and no reservation of addresses. */
static bool is_memory(int protection, int flags, const void *caller)
{
	return (flags & MAP_ANONYMOUS) != 0 && protection != PROT_NONE && !is_allocators(caller);
}

static void *mmap_hook(void *place, size_t size, int protection, int flags, int fd, off_t offset)
{
	void *mapping = real.mmap(place, size, protection, flags, fd, offset);

	return is_memory(protection, flags, CALLER) ? sampled(mapping, size, CALLER) : mapping;
}

static void *mmap64_hook(void *place, size_t size, int protection, int flags, int fd,
			 off64_t offset)
{
	void *mapping = real.mmap64(place, size, protection, flags, fd, offset);

	return is_memory(protection, flags, CALLER) ? sampled(mapping, size, CALLER) : mapping;
}

static int munmap_hook(void *mapping, size_t size)
{
	if (UNLIKELY(heap_filter_has(mapping)))
		heap_sample_freed(mapping, NULL);
	(void)heap_bytes_freed(mapping);
	return real.munmap(mapping, size);
}

/* With MREMAP_FIXED a fifth argument follows; one that was not given is not looked at. */
static void *mremap_hook(void *old, size_t old_size, size_t size, int flags, ...)
{
	struct heap_live kept = {.address = 0};
	size_t known = heap_bytes_freed(old);
	void *place, *mapping;
	va_list more;

	va_start(more, flags);
	place = flags & MREMAP_FIXED ? va_arg(more, void *) : NULL;
	va_end(more);
	if (heap_filter_has(old))
		heap_sample_freed(old, &kept);
	mapping = real.mremap(old, old_size, size, flags, place);
	if (mapping == MAP_FAILED) {
		heap_sample_back(&kept);
		heap_bytes_made(old, known);
	} else if (atomic_load_explicit(&kept.address, memory_order_relaxed) != 0 || known != 0)
		sampled(mapping, size, CALLER);
	return mapping;
}

/* clang-format off */
#define ROW(name) {#name, (void *)name##_hook, (void **)&real.name, (void **)&stubs.name}
/* clang-format on */
const struct heap_malloc_row heap_mapped_rows[] = {
	ROW(mmap), ROW(mmap64), ROW(munmap), ROW(mremap), {NULL, NULL, NULL, NULL},
};

bool heap_mapped_prepare(void)
{
	void *stub;

	for (const struct heap_malloc_row *row = heap_mapped_rows; row->name != NULL; row++) {
		if (*row->real == NULL)
			*row->real = heap_real_find(row->name, row->stub);
		if (*row->real == NULL)
			return false;
	}
	allocators[0] = (const void *)real.mmap; /* the C library */
	allocators[1] = heap_real_find("malloc", &stub);
	allocators[2] = heap_real_find("PyObject_Malloc", &stub);
	return true;
}
