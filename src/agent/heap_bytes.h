/* What each thread allocated less what it freed, exact: for lines of code that want to know
 * (calls_lines_memory.h), while every allocation is looked at (heap_exact.h).
 *
 * Each block's size is kept from its allocation to its free, apart from the live samples, whose
 * table has room for some thousands: a table by page of 4 KiB, with a word for each 16 bytes of it,
 * so that neighbours lie together. It takes a quarter of the memory that small blocks take, in
 * address space reserved once; it is emptied by a new round. A block that was made before the round
 * began is not known and counts neither way. When the table is full counting stops: from then on
 * differences would be wrong.
 *
 * Threads count for themselves: a block that one thread makes and another frees is the one's gain
 * and the other's loss. No lock; any thread, in a hook. Bytes are those that were asked for.
 */
#ifndef UNSLOW_AGENT_HEAP_BYTES_H
#define UNSLOW_AGENT_HEAP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent.h"

/* Grows with each round; 0: nothing is counted. */
extern __attribute__((visibility("hidden"))) _Atomic uint32_t heap_bytes_round;
/* The calling thread's, since it began; and the most of it since who reads it set it last. */
extern AGENT_TLS int64_t heap_bytes_mine, heap_bytes_high;

/* A round begins, with no block known. False: there is no address space for it. GIL held. */
bool heap_bytes_begin(void);
void heap_bytes_end(void);
/* Nothing is counted any more, as the table is full: who sees it says so and ends the round. */
bool heap_bytes_are_full(void);

/* Of all blocks that are known; a little off while threads count. */
int64_t heap_bytes_all(void);
/* Of a block that lives; 0: it is not known. */
size_t heap_bytes_of(const void *block);

/* The two below when a round is on. */
void heap_bytes_put(const void *block, size_t size);
size_t heap_bytes_take(const void *block);

static inline bool heap_bytes_are_counted(void)
{
	return UNLIKELY(atomic_load_explicit(&heap_bytes_round, memory_order_relaxed) != 0);
}

/* After the allocation, before anybody else has the block. */
static inline void heap_bytes_made(const void *block, size_t size)
{
	if (heap_bytes_are_counted())
		heap_bytes_put(block, size);
}

/* Before it is given back. Returns its size, should it stay after all (heap_bytes_made()); 0: it is
 * not known. */
static inline size_t heap_bytes_freed(const void *block)
{
	return heap_bytes_are_counted() ? heap_bytes_take(block) : 0;
}

#endif
