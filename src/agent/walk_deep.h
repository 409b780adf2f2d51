/* How large an object is with all that it keeps: what can be reached from it, each part once; and
 * how much of that would stay without it.
 *
 * Not followed are modules, classes, caches, the names of a module or a class, and frames that run:
 * from each of them the whole program can be reached, and none of it goes when the object does; nor
 * is code that anything else refers to, too. The object that it begins at is followed if it is no
 * module and no class.
 *
 * What others share with it counts all the same, so sums over objects may be more than there is. It
 * is known from the counts of references: a part to which more of them are counted than were found
 * among the parts stays, with all that can be reached from it.
 */
#ifndef UNSLOW_AGENT_WALK_DEEP_H
#define UNSLOW_AGENT_WALK_DEEP_H

#include "agent/walk_census.h"
#include "agent/walk_holders.h"

#define DEEP_UNKNOWN UINT64_MAX

struct deep_size {
	uint64_t bytes;  /* DEEP_UNKNOWN: time or memory was over; then the other one is, too */
	uint64_t shared; /* of them: would stay */
};
/* `holders`: of the same walk; they know whose names a dict has, and which frames run. */
struct deep_size deep_size(struct census *census, const struct holders *holders, uintptr_t object);
/* Bytes of all instances of a type together. */
uint64_t deep_size_of_type(struct census *census, const struct holders *holders, uintptr_t type);

#endif
