#include "agent/heap_arenas.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_allocator {
	void *context;
	void *(*alloc)(void *context, size_t size);
	void (*free)(void *context, void *arena, size_t size);
};

static struct arena_allocator real;
static bool placed; /* GIL */
static _Atomic int64_t bytes;
static void (*get_allocator)(struct arena_allocator *);
static void (*set_allocator)(struct arena_allocator *);

static void *count_alloc(void *context, size_t size)
{
	void *arena = real.alloc(context, size);

	if (arena != NULL)
		atomic_fetch_add(&bytes, (int64_t)size);
	return arena;
}

static void count_free(void *context, void *arena, size_t size)
{
	atomic_fetch_sub(&bytes, (int64_t)size);
	real.free(context, arena, size);
}

static bool is_ours(void)
{
	struct arena_allocator now;

	get_allocator(&now);
	return now.alloc == count_alloc;
}

void heap_arenas_install(void)
{
	struct arena_allocator ours = {NULL, count_alloc, count_free};

	*(void **)&get_allocator = dlsym(RTLD_DEFAULT, "PyObject_GetArenaAllocator");
	*(void **)&set_allocator = dlsym(RTLD_DEFAULT, "PyObject_SetArenaAllocator");
	(void)dlerror();
	atomic_store(&bytes, 0);
	/* one that another tool put in front of ours stays there */
	if (get_allocator == NULL || set_allocator == NULL || placed)
		return;
	get_allocator(&real);
	ours.context = real.context;
	set_allocator(&ours);
	placed = true;
}

void heap_arenas_remove(void)
{
	if (!placed || !is_ours())
		return;
	set_allocator(&real);
	placed = false;
}

uint64_t heap_arenas_bytes(void)
{
	int64_t now = atomic_load(&bytes);

	if (!placed)
		return UINT64_MAX;
	return now > 0 ? (uint64_t)now : 0;
}
