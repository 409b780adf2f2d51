#include "agent/walk_memory.h"

#include <string.h>
#include <sys/mman.h>

#include "agent/raw.h"
#include "base/hash.h"

#define PAGE_BYTES 4096u
#define FIRST_SLOTS 8192u

static uint64_t left; /* bytes that may be taken */

void walk_memory_begin(uint64_t limit)
{
	left = limit;
}

static size_t whole(size_t bytes)
{
	return (bytes + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
}

void *walk_pages(size_t bytes)
{
	long at;

	if (whole(bytes) > left)
		return NULL;
	at = raw_call(SYS_mmap, NULL, whole(bytes), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at < 0 && at > -(long)PAGE_BYTES)
		return NULL;
	left -= whole(bytes);
	return (void *)at;
}

void walk_pages_free(void *pages, size_t bytes)
{
	if (pages == NULL)
		return;
	raw_call(SYS_munmap, pages, whole(bytes));
	left += whole(bytes);
}

/* --- addresses ------------------------------------------------------------- */

static uintptr_t *place_in(uintptr_t *slots, size_t mask, uintptr_t address)
{
	size_t at = hash_mix64(address) & mask;

	while (slots[at] != 0 && slots[at] != address)
		at = (at + 1) & mask;
	return &slots[at];
}

static bool grow_set(struct walk_set *set)
{
	const size_t before = set->slots == NULL ? 0 : set->mask + 1;
	const size_t after = before == 0 ? FIRST_SLOTS : 2 * before;
	uintptr_t *slots = walk_pages(after * sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < before; i++)
		if (set->slots[i] != 0)
			*place_in(slots, after - 1, set->slots[i]) = set->slots[i];
	walk_pages_free(set->slots, before * sizeof(*slots));
	set->slots = slots;
	set->mask = after - 1;
	return true;
}

bool walk_set_add(struct walk_set *set, uintptr_t address)
{
	uintptr_t *place;

	if ((set->slots == NULL || 4 * set->count >= 3 * set->mask) && !set->full && !grow_set(set))
		set->full = true;
	if (set->slots == NULL)
		return false;
	place = place_in(set->slots, set->mask, address);
	if (*place != 0 || set->full)
		return false;
	*place = address;
	set->count++;
	return true;
}

bool walk_set_has(const struct walk_set *set, uintptr_t address)
{
	return set->slots != NULL && *place_in(set->slots, set->mask, address) != 0;
}

void walk_set_free(struct walk_set *set)
{
	if (set->slots != NULL)
		walk_pages_free(set->slots, (set->mask + 1) * sizeof(*set->slots));
	*set = (struct walk_set){0};
}

/* --- numbers --------------------------------------------------------------- */

static struct walk_slot *slot_in(struct walk_slot *slots, size_t mask, uintptr_t key)
{
	size_t at = hash_mix64(key) & mask;

	while (slots[at].key != 0 && slots[at].key != key)
		at = (at + 1) & mask;
	return &slots[at];
}

static bool grow_map(struct walk_map *map)
{
	const size_t before = map->slots == NULL ? 0 : map->mask + 1;
	const size_t after = before == 0 ? FIRST_SLOTS / 4 : 2 * before;
	struct walk_slot *slots = walk_pages(after * sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < before; i++)
		if (map->slots[i].key != 0)
			*slot_in(slots, after - 1, map->slots[i].key) = map->slots[i];
	walk_pages_free(map->slots, before * sizeof(*slots));
	map->slots = slots;
	map->mask = after - 1;
	return true;
}

uint64_t *walk_map_put(struct walk_map *map, uintptr_t key)
{
	struct walk_slot *slot;

	if ((map->slots == NULL || 4 * map->count >= 3 * map->mask) && !map->full && !grow_map(map))
		map->full = true;
	if (map->slots == NULL)
		return NULL;
	slot = slot_in(map->slots, map->mask, key);
	if (slot->key == 0) {
		if (map->full)
			return NULL;
		slot->key = key;
		map->count++;
	}
	return &slot->value;
}

uint64_t *walk_map_find(const struct walk_map *map, uintptr_t key)
{
	struct walk_slot *slot;

	if (map->slots == NULL)
		return NULL;
	slot = slot_in(map->slots, map->mask, key);
	return slot->key == 0 ? NULL : &slot->value;
}

void walk_map_free(struct walk_map *map)
{
	if (map->slots != NULL)
		walk_pages_free(map->slots, (map->mask + 1) * sizeof(*map->slots));
	*map = (struct walk_map){0};
}

/* --- rows ------------------------------------------------------------------ */

void *walk_row_add(struct walk_row *row, size_t size)
{
	if (row->count == row->capacity) {
		const size_t bytes = row->capacity == 0 ? 4 * PAGE_BYTES : 2 * row->capacity * size;
		char *items = walk_pages(bytes);

		if (items == NULL)
			return NULL;
		if (row->items != NULL)
			memcpy(items, row->items, row->count * size);
		walk_pages_free(row->items, row->capacity * size);
		row->items = items;
		row->capacity = bytes / size;
	}
	return row->items + row->count++ * size;
}

void walk_row_free(struct walk_row *row, size_t size)
{
	walk_pages_free(row->items, row->capacity * size);
	*row = (struct walk_row){0};
}
