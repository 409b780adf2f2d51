/* Is there room for what a fork may cost?
 *
 * Nothing is copied by a fork but page tables; a page is, when the process writes to it while the
 * child lives. At worst that is all that it has for itself, once. So there must be as much left in
 * each control group it is in and on the host: a process that is near its limit is not forked.
 */
#ifndef UNSLOW_AGENT_WALK_ROOM_H
#define UNSLOW_AGENT_WALK_ROOM_H

#include <stdbool.h>
#include <stdint.h>

struct walk_room {
	uint64_t anonymous_bytes; /* resident, of the process alone */
	uint64_t free_bytes;      /* what its groups and the host have left, the least of them;
				     pages of files that are not used count as free */
};
/* No lock, no memory but the stack's. False: /proc does not say. */
bool walk_room_look(struct walk_room *room);

/* A part of it, for tests. Path of the memory group in the text of /proc/self/cgroup: of version 2,
 * *is_v2, else of 1. NULL: there is none. Ends at the line's end. */
const char *walk_room_group(const char *text, bool *is_v2);

#endif
