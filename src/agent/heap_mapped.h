/* Anonymous memory that is mapped directly, by others than the allocators: mmap, munmap and mremap
 * by slots, sampled as blocks are (HEAP_MAPPED).
 *
 * What Python maps for pymalloc's arenas, and what the C library or another malloc maps, is memory
 * from which blocks are made that are counted already: calls from those objects pass. A mapping
 * that is given back in part is gone as a whole, here.
 */
#ifndef UNSLOW_AGENT_HEAP_MAPPED_H
#define UNSLOW_AGENT_HEAP_MAPPED_H

#include <stdbool.h>

#include "agent/heap_malloc.h"

extern const struct heap_malloc_row heap_mapped_rows[]; /* end: name NULL */

/* As heap_malloc_prepare(), after it. */
bool heap_mapped_prepare(void);

#endif
