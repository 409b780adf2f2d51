/* Is a block that is given back likely a sample? Asked at every free, so it is one bit.
 *
 * 65,536 bits (8 KiB, they stay in the first cache) by a hash of the address; behind each a count
 * of the samples that share it, which only samples touch. With 800 live samples one free in 80
 * looks further for nothing.
 */
#ifndef UNSLOW_AGENT_HEAP_FILTER_H
#define UNSLOW_AGENT_HEAP_FILTER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HEAP_FILTER_BITS 16

extern __attribute__((
	visibility("hidden"))) _Atomic uint32_t heap_filter[(1u << HEAP_FILTER_BITS) / 32];

static inline uint32_t heap_filter_place(uintptr_t address)
{
	/* blocks are 16-aligned (malloc, pymalloc of 3.8+); 2^32 by the golden ratio */
	return (uint32_t)(address >> 4) * 0x9e3779b1u >> (32 - HEAP_FILTER_BITS);
}

static inline bool heap_filter_has(const void *block)
{
	uint32_t at = heap_filter_place((uintptr_t)block);

	return atomic_load_explicit(&heap_filter[at / 32], memory_order_relaxed) >> (at % 32) & 1;
}

void heap_filter_add(uintptr_t address);
void heap_filter_drop(uintptr_t address);
/* Nobody else is at it. */
void heap_filter_clear(void);

#endif
