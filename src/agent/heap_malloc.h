/* The malloc family's hooks: what a slot that was patched leads to.
 *
 * A hook counts down and jumps on; only a sample, or a free that may be of one, goes another way.
 * Not hooked, as it comes to these by the C library's own slots: strdup, getline, reallocarray,
 * asprintf … Not seen: valloc, pvalloc, sbrk, allocators that are linked in statically, and calls
 * through pointers that were taken by dlsym() before.
 */
#ifndef UNSLOW_AGENT_HEAP_MALLOC_H
#define UNSLOW_AGENT_HEAP_MALLOC_H

#include <stdbool.h>
#include <stddef.h>

struct heap_malloc_row {
	const char *name;
	void *hook;
	void **real; /* found by heap_malloc_prepare(); */
	void **stub; /* likewise, what leads to the program's own slot; NULL: none */
};
extern const struct heap_malloc_row heap_malloc_rows[]; /* end: name NULL */

/* Finds the functions that the hooks jump to: those that the program's own calls are bound to, of
 * another allocator if one is preloaded. Not under the loader's lock. False: not all are there. */
bool heap_malloc_prepare(void);
/* Every allocation becomes a sample, or not. */
void heap_malloc_exact(bool exact);

#endif
