/* The collector's lists of a Python that is read from outside while it runs.
 *
 * Nothing stands still. A list is followed link by link, and a link counts only if what it leads to
 * leads back. One that does not was changed while it was read: what is cached is given up, and the
 * walk goes on from the last object that is still in its place; where there is none, or nothing
 * helps, the list is begun again, a few times. So it is where the collector has taken it apart and
 * was done before the end of it was reached, by what the collector counts: its links fit then, too.
 * Older generations are read first: what the collector moves meanwhile is missed rather than
 * counted twice, so that what is told is "at least".
 *
 * Of the main interpreter, by its layout's row (heap.h), which the lists themselves must bear out.
 * All bytes are hostile: each step is bounded, a circle is noticed, time is the caller's.
 */
#ifndef UNSLOW_PYTHON_REMOTE_HEAP_H
#define UNSLOW_PYTHON_REMOTE_HEAP_H

#include "python/heap.h"
#include "python/remote.h"

#define REMOTE_GC_HEADER 16u /* PyGC_Head, 3.8–3.13 */

struct remote_heap {
	const struct remote *remote; /* the caller's; it must stay where it is */
	struct py_heap layout;
	uintptr_t collector; /* its state */
};

/* Who walks. After `is_late` said so nothing is called but `tried` and `list`. */
struct remote_heap_walker {
	void *context;
	/* One object that is in a list. */
	void (*object)(void *context, uintptr_t object);
	/* A try of a list is over. `counts`: what was told in it, in place of what tries before
	 * told of this list; else it is forgotten. */
	void (*tried)(void *context, bool counts);
	/* A list is over; what counts of it stands. */
	void (*list)(void *context);
	/* What was read before is to be read anew. `later`: what is waited for is under way, and a
	 * moment should pass. */
	void (*forget)(void *context, bool later);
	bool (*is_late)(void *context);
};

struct remote_heap_told {
	uint64_t links_changed; /* seen to be changed while they were read */
	uint64_t lists_spliced; /* tries in which the collector took a list apart */
	bool is_cut;            /* a part of the lists was not read: no time, or no way */
};

/* Finds the collector's state; nothing of the lists is looked at. ERR_UNSUPPORTED: this version's
 * heap is not known. */
MUST_CHECK enum err_kind remote_heap_open(const struct remote *remote, struct remote_heap *heap,
					  struct err *e);

/* All lists: what gc.freeze() put aside, then the generations, the oldest first. ERR_INVALID: the
 * lists are not where the layout has them, or the collector was at work all the time. */
MUST_CHECK enum err_kind remote_heap_walk(const struct remote_heap *heap,
					  const struct remote_heap_walker *walker,
					  struct remote_heap_told *told, struct err *e);

#endif
