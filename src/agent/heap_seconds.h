/* Once a second, while the heap is sampled: what the process takes of the machine, beside what of
 * it is known (struct heap_second).
 *
 * Written by the sampling thread, or by whoever waits next where there is none. What is dear to
 * read is read at longer distances: /proc/self/smaps_rollup walks all page tables, mallinfo2() all
 * free blocks under the allocator's locks; each may take 1/500 of the time, and 5 s pass at least.
 * The latter only where a unit begins: there the thread is certain to hold none of those locks.
 */
#ifndef UNSLOW_AGENT_HEAP_SECONDS_H
#define UNSLOW_AGENT_HEAP_SECONDS_H

#include <stdint.h>

/* Hooks are about to be in. GIL held. */
void heap_seconds_begin(void);
/* The child knows nothing of itself yet. */
void heap_seconds_after_fork(void);
/* Writes a row if it is time. Any thread, in no allocator. */
void heap_seconds_look(uint64_t now_ns);
/* A unit begins. GIL held. */
void heap_seconds_with_gil(void);

#endif
