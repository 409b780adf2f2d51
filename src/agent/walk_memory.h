/* Memory of the child that walks: whole pages from the kernel, given back by its end.
 *
 * It may not use malloc: another thread of the process may have held its lock when the child was
 * forked off, and nobody gives that back. What is taken is bounded; past that, or where the kernel
 * refuses, tables stop to grow and say so, and what was counted until then is written.
 */
#ifndef UNSLOW_AGENT_WALK_MEMORY_H
#define UNSLOW_AGENT_WALK_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that may be taken in all from here on. */
void walk_memory_begin(uint64_t limit);
/* Zeroed, whole pages; NULL: no more. */
void *walk_pages(size_t bytes);
void walk_pages_free(void *pages, size_t bytes);

/* Addresses, each once. Starts as zeros. */
struct walk_set {
	uintptr_t *slots; /* 0: free */
	size_t mask, count;
	bool full; /* once true, nothing new is put in */
};
/* True: it is new. False: it was there, or there is no room. */
bool walk_set_add(struct walk_set *set, uintptr_t address);
bool walk_set_has(const struct walk_set *set, uintptr_t address);
void walk_set_free(struct walk_set *set); /* it is empty then; so are the others */

/* From addresses to numbers. Starts as zeros. */
struct walk_map {
	struct walk_slot {
		uintptr_t key; /* 0: free */
		uint64_t value;
	} * slots;
	size_t mask, count;
	bool full;
};
/* Its value, made 0 if it is new; NULL: no room. Until the next put. */
uint64_t *walk_map_put(struct walk_map *map, uintptr_t key);
/* Likewise; NULL: it is not in it. */
uint64_t *walk_map_find(const struct walk_map *map, uintptr_t key);
void walk_map_free(struct walk_map *map);

/* A row that grows. Starts as zeros. */
struct walk_row {
	char *items;
	size_t count, capacity; /* items of `size` bytes, the same at each call */
};
/* Room for one more, zeroed; NULL: none. Until the next one. */
void *walk_row_add(struct walk_row *row, size_t size);
void walk_row_free(struct walk_row *row, size_t size);

#endif
