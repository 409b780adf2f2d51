/* The native stack of some samples: registers and stack as far as unwinding needs them, into the
 * ring of the heap file (heap_file.h, struct heap_native). Who reads the file unwinds it.
 *
 * Of sites with a native caller only: large blocks, and small ones of C code; the first of each,
 * then ever fewer, and no more than the rings keep, small blocks never in the place of large ones.
 * No malloc, no lock, no library
 * call. Memory past the stack's end is not touched: the thread's own block, or the main stack's
 * end, is where it ends, and each page is asked for before it is read (guarded.h).
 */
#ifndef UNSLOW_AGENT_HEAP_NATIVE_H
#define UNSLOW_AGENT_HEAP_NATIVE_H

#include <stddef.h>
#include <stdint.h>

/* Before the first. GIL held. */
void heap_native_prepare(void);
/* Inside the gate, on the stack that came to the allocator. */
void heap_native_look(uint32_t site, size_t size, uint64_t now_ns);
/* The child's sites count from 0. */
void heap_native_after_fork(void);

#endif
