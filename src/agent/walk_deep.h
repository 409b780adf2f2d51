/* How large an object is with all that it keeps: what can be reached from it, each part once.
 *
 * Not followed are modules, classes, functions, frames and caches: from each of them the whole
 * program can be reached, and none of it goes when the object does. What others share with it
 * counts all the same, so sums over objects may be more than there is.
 */
#ifndef UNSLOW_AGENT_WALK_DEEP_H
#define UNSLOW_AGENT_WALK_DEEP_H

#include "agent/walk_census.h"

#define DEEP_UNKNOWN UINT64_MAX

/* Bytes; DEEP_UNKNOWN: time or memory was over. */
uint64_t deep_size(struct census *census, uintptr_t object);
/* Of all instances of a type together. */
uint64_t deep_size_of_type(struct census *census, uintptr_t type);

#endif
