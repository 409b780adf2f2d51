#include "agent/heap_slots.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "agent/heap_malloc.h"
#include "agent/heap_mapped.h"
#include "agent/heap_objects.h"
#include "agent/slots.h"

#define OBJECTS_MAX 2048 /* more are looked through again each time */

static _Atomic bool wanted; /* patched */

/* Written by the one thread that writes slots. */
static bool done; /* what `seen` were found to be */
static struct slots_changes changes;
static uintptr_t seen[OBJECTS_MAX];
static size_t seen_count;
static _Atomic uint32_t patched, foreign;

static bool is_new(uintptr_t object)
{
	for (size_t i = 0; i < seen_count; i++)
		if (seen[i] == object)
			return false;
	if (seen_count < OBJECTS_MAX)
		seen[seen_count++] = object;
	return true;
}

static const struct heap_malloc_row *const tables[] = {heap_malloc_rows, heap_mapped_rows};

static const struct heap_malloc_row *row_of(const char *name)
{
	if (strchr("mcrfpa", name[0]) == NULL)
		return NULL;
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
		for (const struct heap_malloc_row *row = tables[t]; row->name != NULL; row++)
			if (*row->real != NULL && strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static bool is_ours(const char *name)
{
	return row_of(name) != NULL;
}

static void patch(const struct slot *slot)
{
	const struct heap_malloc_row *row = row_of(slot->name);

	if (slot->value == row->hook || slot->value == *row->stub)
		return;
	if (slot->value != *row->real && !slot->is_stub) {
		atomic_fetch_add(&foreign, 1);
		return;
	}
	slots_write(slot, row->hook);
	atomic_fetch_add(&patched, 1);
}

static void put_back(const struct slot *slot)
{
	const struct heap_malloc_row *row = row_of(slot->name);

	if (slot->value == row->hook)
		slots_write(slot, *row->real);
}

static void work(void)
{
	const struct slots_changes now = slots_changes_now();
	const bool patches = atomic_load(&wanted);
	const struct slots_walk walk = {
		.wants = is_new,
		.object = heap_objects_note,
		.names = is_ours,
		.slot = patches ? patch : put_back,
	};

	if (patches == done && now.adds == changes.adds && now.subs == changes.subs)
		return;
	if (patches != done || now.subs != changes.subs) {
		seen_count = 0; /* an address may have a new tenant */
		heap_objects_forget();
	}
	if (!patches)
		atomic_store(&patched, 0);
	if (patches != done)
		atomic_store(&foreign, 0);
	slots_walk(&walk);
	done = patches;
	changes = now;
}

bool heap_slots_set(bool patch_them)
{
	if (patch_them && !heap_malloc_prepare())
		return false;
	atomic_store(&wanted, patch_them);
	return slots_exclusively(work);
}

void heap_slots_after_scan(void)
{
	if (atomic_load_explicit(&wanted, memory_order_relaxed) || done)
		work();
}

void heap_slots_after_fork(void)
{
	seen_count = 0;
	changes = (struct slots_changes){0};
}

uint32_t heap_slots_patched(void)
{
	return atomic_load(&patched);
}

uint32_t heap_slots_foreign(void)
{
	return atomic_load(&foreign);
}
