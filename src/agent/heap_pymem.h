/* PyMem's MEM and OBJ domains: hooks around the allocators that Python has.
 *
 * An allocator is four functions and a context (PyMemAllocatorEx, Include/cpython/pymem.h, the same
 * since 3.5); ours stands in front of the one that is there and jumps to it. The RAW domain is the
 * malloc family's.
 *
 * What pymalloc does not serve itself it asks of malloc, where it is counted already: so only
 * blocks up to a size are counted here. That size is measured (heap_pymem_install): 512 for
 * pymalloc, less below its debug hooks, none where small blocks come from malloc
 * (PYTHONMALLOC=malloc), and no limit where large ones do not (mimalloc).
 *
 * Never a second time in one chain: where another tool stands in front of ours, ours is left where
 * it is and only lets pass; found again when asked for again.
 */
#ifndef UNSLOW_AGENT_HEAP_PYMEM_H
#define UNSLOW_AGENT_HEAP_PYMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Both with the GIL held, the malloc family's slots patched (`malloc_is_hooked`) or not, and the
 * gate shut. Returns which are in place (enum heap_hook); what is not, `reason` says. */
uint32_t heap_pymem_install(bool malloc_is_hooked, char *reason, size_t reason_size);
void heap_pymem_remove(void);
/* Every allocation becomes a sample, or not. GIL held, or in a hook. */
void heap_pymem_exact(bool exact);

#endif
