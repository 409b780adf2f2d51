#include "agent/ptr_table.h"

#include <stdint.h>
#include <string.h>

#include "base/hash.h"

typedef _Atomic(void *) key_member;

/* Place `step` of a key whose hash is `hash`. */
static inline key_member *place(const struct ptr_table *table, uint64_t hash, size_t step)
{
	size_t index = (hash + step) & (table->count - 1);
	return (key_member *)((char *)table->entries + index * table->stride);
}

static size_t window(const struct ptr_table *table)
{
	return table->count < PTR_TABLE_WINDOW ? table->count : PTR_TABLE_WINDOW;
}

void *ptr_table_find(const struct ptr_table *table, const void *key)
{
	uint64_t hash = hash_mix64((uintptr_t)key);
	size_t count = window(table);
	for (size_t i = 0; i < count; i++) {
		key_member *k = place(table, hash, i);
		if (atomic_load_explicit(k, memory_order_acquire) == key)
			return key ? k : NULL;
	}
	return NULL;
}

static void *clean(const struct ptr_table *table, key_member *k)
{
	memset((char *)k + sizeof *k, 0, table->stride - sizeof *k);
	return k;
}

void *ptr_table_claim(const struct ptr_table *table, void *key)
{
	if (!key)
		return NULL;
	key_member *held = ptr_table_find(table, key);
	if (held)
		return clean(table, held);
	uint64_t hash = hash_mix64((uintptr_t)key);
	for (size_t i = 0; i < window(table); i++) {
		key_member *k = place(table, hash, i);
		void *nobody = NULL;
		if (atomic_compare_exchange_strong_explicit(k, &nobody, key, memory_order_acq_rel,
							    memory_order_relaxed))
			return clean(table, k);
	}
	return NULL;
}

void ptr_table_release(void *entry)
{
	atomic_store_explicit((key_member *)entry, NULL, memory_order_release);
}

void ptr_table_clear(const struct ptr_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		key_member *k = (key_member *)((char *)table->entries + i * table->stride);
		if (atomic_load_explicit(k, memory_order_relaxed)) /* untouched pages stay so */
			ptr_table_release(k);
	}
}
