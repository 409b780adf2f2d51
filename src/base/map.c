#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/vec.h"

enum { MAP_FIRST_SLOTS = 16 };

void map_free(struct map *m)
{
	free(m->slots);
	*m = (struct map){0};
}

static size_t home_of(const struct map *m, uint64_t key)
{
	return (size_t)hash_mix64(key) & (m->capacity - 1);
}

/* The slot of key, or the free one where it belongs. capacity > 0. */
static size_t slot_of(const struct map *m, uint64_t key)
{
	const size_t mask = m->capacity - 1;
	size_t i = home_of(m, key);
	while (m->slots[i].used && m->slots[i].key != key)
		i = (i + 1) & mask;
	return i;
}

uint64_t *map_find(const struct map *m, uint64_t key)
{
	if (m->capacity == 0)
		return NULL;
	struct map_slot *slot = &m->slots[slot_of(m, key)];
	return slot->used ? &slot->value : NULL;
}

static void widen(struct map *m)
{
	struct map wider = {.count = m->count,
			    .capacity = m->capacity ? m->capacity * 2 : MAP_FIRST_SLOTS};
	wider.slots = mem_alloc(wider.capacity * sizeof *wider.slots);
	for (size_t i = 0; i < m->capacity; i++)
		if (m->slots[i].used)
			wider.slots[slot_of(&wider, m->slots[i].key)] = m->slots[i];
	free(m->slots);
	*m = wider;
}

uint64_t *map_put(struct map *m, uint64_t key, bool *is_new)
{
	/* At most three quarters full. */
	if (m->count + 1 > m->capacity - m->capacity / 4)
		widen(m);
	struct map_slot *slot = &m->slots[slot_of(m, key)];
	if (is_new)
		*is_new = !slot->used;
	if (!slot->used) {
		*slot = (struct map_slot){.key = key, .used = true};
		m->count++;
	}
	return &slot->value;
}

bool map_remove(struct map *m, uint64_t key)
{
	if (m->capacity == 0)
		return false;
	const size_t mask = m->capacity - 1;
	size_t hole = slot_of(m, key);
	if (!m->slots[hole].used)
		return false;
	/* Backward shift (Knuth, volume 3, 6.4, algorithm R): no tombstones. */
	for (size_t i = (hole + 1) & mask; m->slots[i].used; i = (i + 1) & mask) {
		const size_t home = home_of(m, m->slots[i].key);
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole] = (struct map_slot){0};
	m->count--;
	return true;
}

bool map_next(const struct map *m, size_t *cursor, uint64_t *key, uint64_t *value)
{
	while (*cursor < m->capacity) {
		const struct map_slot *slot = &m->slots[(*cursor)++];
		if (!slot->used)
			continue;
		*key = slot->key;
		*value = slot->value;
		return true;
	}
	return false;
}

struct intern_entry {
	const char *text; /* in the arena */
	size_t length;
	uint32_t next; /* id of the next text with the same hash, or 0 */
};

struct intern {
	struct arena *arena;
	struct map first_by_hash;         /* hash to the id seen first */
	VEC(struct intern_entry) entries; /* id - 1 */
};

struct intern *intern_new(void)
{
	struct intern *in = mem_alloc(sizeof *in);
	in->arena = arena_new();
	return in;
}

void intern_free(struct intern *in)
{
	if (!in)
		return;
	arena_free(in->arena);
	map_free(&in->first_by_hash);
	vec_free(&in->entries);
	free(in);
}

uint32_t intern_id(struct intern *in, const char *bytes, size_t length, bool *is_new)
{
	uint64_t *first = map_put(&in->first_by_hash, hash_bytes(bytes, length), NULL);
	for (uint32_t id = (uint32_t)*first; id; id = in->entries.items[id - 1].next) {
		const struct intern_entry *entry = &in->entries.items[id - 1];
		if (entry->length == length &&
		    (length == 0 || memcmp(entry->text, bytes, length) == 0)) {
			if (is_new)
				*is_new = false;
			return id;
		}
	}
	struct intern_entry *entry = vec_push(&in->entries);
	entry->text = arena_copy(in->arena, bytes, length);
	entry->length = length;
	entry->next = (uint32_t)*first;
	*first = in->entries.count;
	if (is_new)
		*is_new = true;
	return (uint32_t)in->entries.count;
}

const char *intern_text(const struct intern *in, uint32_t id, size_t *length)
{
	if (id == 0 || id > in->entries.count)
		return NULL;
	const struct intern_entry *entry = &in->entries.items[id - 1];
	if (length)
		*length = entry->length;
	return entry->text;
}

uint32_t intern_count(const struct intern *in)
{
	return (uint32_t)in->entries.count;
}
