/* The live samples by address: a table without locks, its entries in shared memory.
 *
 * Buckets of 16 places; a private tag a place (a line of cache a bucket) says which may hold an
 * address. A full bucket overflows into the next ones, and counts what passed it, so that a search
 * ends at the first that nothing passed. An address is put in by who allocated it and taken out by
 * who frees it, never both at once, as nobody else has it in between; only heap_live_hold() may
 * meet a free: then the last of the two takes it out.
 *
 * No lock, no wait: safe in any thread, and in a signal handler.
 */
#ifndef UNSLOW_AGENT_HEAP_LIVE_H
#define UNSLOW_AGENT_HEAP_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "agent/heap_file.h"

#define HEAP_LIVE_CAPACITY 32768u /* 2 MiB of entries */
#define HEAP_LIVE_BUCKET 16u
#define HEAP_LIVE_BUCKETS (HEAP_LIVE_CAPACITY / HEAP_LIVE_BUCKET)

struct heap_live_table {
	struct heap_live *entries; /* HEAP_LIVE_CAPACITY; not ours */
	_Atomic uint32_t count;
	_Atomic uint32_t tags[HEAP_LIVE_CAPACITY] __attribute__((aligned(64)));
	_Atomic uint32_t passed[HEAP_LIVE_BUCKETS];
};

/* False: there is no room near its place. */
bool heap_live_put(struct heap_live_table *table, const struct heap_live *sample);
/* Copies it and takes it out. False: it is not there, or is left to who holds it. */
bool heap_live_take(struct heap_live_table *table, uintptr_t address, struct heap_live *taken);

/* Holds an entry so that it can be changed: its address, or 0: there is none at that place, or
 * another has it. */
uintptr_t heap_live_hold(struct heap_live_table *table, uint32_t index);
/* The place of an address, held. False: it is not there. */
bool heap_live_find(struct heap_live_table *table, uintptr_t address, uint32_t *index);
/* Ends it. False: the entry is gone (`keep` was false, or its block was freed meanwhile). */
bool heap_live_let_go(struct heap_live_table *table, uint32_t index, bool keep);

/* For entries that move to other memory; nobody else is at it. Does the place's tag name this
 * sample? (The copy of a place whose entry another process may have changed.) */
bool heap_live_fits(const struct heap_live_table *table, uint32_t index, struct heap_live *sample);
/* Writes the entry of a place that has a tag; or gives the place up. */
void heap_live_write(struct heap_live_table *table, uint32_t index, const struct heap_live *sample);
void heap_live_drop(struct heap_live_table *table, uint32_t index);
/* The same by address, as long as the entries are another process's, which are only looked at. */
void heap_live_forget(struct heap_live_table *table, uintptr_t address);
/* The site of an address, without holding it: what is seen may be gone at once. False: it is not
 * there. */
bool heap_live_site(const struct heap_live_table *table, uintptr_t address, uint32_t *site);
/* Likewise, the size of its block; 0: it is not there. */
uint64_t heap_live_size(const struct heap_live_table *table, uintptr_t address);
/* Could the address be in it? Private memory only: no gate, and no line of the entries. */
bool heap_live_may_have(const struct heap_live_table *table, uintptr_t address);

/* Empty, over other entries. Nobody else is at it. */
void heap_live_reset(struct heap_live_table *table, struct heap_live *entries);

#endif
