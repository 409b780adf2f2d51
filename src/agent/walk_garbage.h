/* Garbage that the collector has not come to yet: objects that only each other hold.
 *
 * The collector's own arithmetic, in memory of the child's own and without calling Python
 * (update_refs, subtract_refs, move_unreachable: Modules/gcmodule.c, 3.13 Python/gc.c): the
 * references to each object in its lists, as they are counted, less those that tp_traverse of the
 * others in them visits. Where some are left, something else holds it: a frame that runs, code in
 * C, a type that does not say what it holds. What can be reached from such objects is live, too;
 * what cannot is garbage. All generations are looked at, and what gc.freeze() put aside, which the
 * collector passes over.
 *
 * Nothing that is live is among it, since the collector would free it: a reference that is not seen
 * keeps. So the numbers are "at least". That of objects is what gc.collect() would say, if no
 * finalizer brings one back and none is frozen. Bytes are with what is in no list (texts, numbers,
 * tuples of them) and is referred to by garbage alone.
 */
#ifndef UNSLOW_AGENT_WALK_GARBAGE_H
#define UNSLOW_AGENT_WALK_GARBAGE_H

#include "agent/walk_census.h"

struct walk_garbage {
	uint64_t objects, bytes; /* WALK_UNKNOWN: time or memory was over */
};

/* Also counted by type: census_type.garbage_count and garbage_bytes. After census_take(). */
/* `among`: of each of the `count` asked for, is it garbage? False where it was not worked out. */
struct walk_garbage walk_garbage_find(struct census *census, const uintptr_t *asked, size_t count,
				      bool *among);

#endif
