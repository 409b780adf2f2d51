/* A block that is a sample: made, freed, recycled. The slow half of the hooks.
 *
 * No malloc, no lock that blocks, no Python call; errno stays. What the agent itself allocates, in
 * its hooks or in a signal handler that interrupted one, is not sampled (lost_samples).
 */
#ifndef UNSLOW_AGENT_HEAP_SAMPLE_H
#define UNSLOW_AGENT_HEAP_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/heap_file.h"

#define HEAP_SLOW __attribute__((noinline, cold))

/* A hook's countdown ended within `size` bytes (heap_left <= size): the next distance is drawn. 0:
 * no sample (it was the thread's first draw, or nothing is sampled); else the interval that the
 * block stands for. */
uint32_t heap_count_down(size_t size);

/* After the allocation, before anybody else has the block. `interval` from heap_count_down();
 * `caller`: return address into who called the allocator, NULL: not known. */
void heap_sample_made(void *block, size_t size, enum heap_domain domain, uint32_t interval,
		      const void *caller);

/* Before the block is given back: takes its sample out, if it has one. `kept` (may be NULL) is for
 * heap_sample_back(), should it stay after all: address 0 where there was none. */
void heap_sample_freed(const void *block, struct heap_live *kept);
void heap_sample_back(const struct heap_live *kept);

/* Size of the block's sample; 0: it has none. */
uint64_t heap_sample_size(const void *block);
/* A block that was taken out as above has this size now, at this address. True: it is put in again
 * as it was; false: it is to be made anew (heap_sample_made()). For those that are samples at any
 * rate, and grow by many small steps: a text to which is added. */
bool heap_sample_moved(const struct heap_live *kept, const void *block, size_t size);

/* The block came from a free list of Python's: it is made here and now. GIL held. */
void heap_sample_recycled(uintptr_t block);

/* Mean distance of samples from now on. */
void heap_sample_every(uint32_t interval);
/* Every allocation is counted by the exact hooks instead, until exact_until_ns. */
void heap_sample_exact(bool exact);
bool heap_sample_is_exact(void);
/* Numbers that are summed privately are written to the file. Inside the gate. */
void heap_sample_publish(void);

#endif
