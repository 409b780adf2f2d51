/* Is there room for what a fork may cost?
 *
 * Nothing is copied by a fork but page tables; a page is, when the process writes to it while the
 * child lives. At worst that is all that it has for itself, once. So there must be as much left in
 * each control group it is in and on the host: a process that is near its limit is not forked.
 * Workers are forked at once, and none sees what the forks of the others will cost: to each belongs
 * an equal part of what is left. That the child is the first to go when memory runs out is not
 * enough: where a group has memory.oom.group (Kubernetes sets it), all of it goes.
 */
#ifndef UNSLOW_AGENT_WALK_ROOM_H
#define UNSLOW_AGENT_WALK_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#define WALK_ROOM_MARGIN_BYTES (UINT64_C(32) << 20) /* what must be left besides */
#define WALK_ROOM_LEAST_BYTES (UINT64_C(32) << 20)  /* of the child's own tables */

struct walk_room {
	uint64_t anonymous_bytes; /* resident, of the process alone */
	uint64_t free_bytes;      /* what its groups and the host have left, the least of them;
				     pages of files that are not used count as free */
};
/* No lock, no memory but the stack's. False: /proc does not say. */
bool walk_room_look(struct walk_room *room);
/* Bytes that the child may use for tables of its own if `sharers` processes (0: one) are forked at
 * once; below WALK_ROOM_LEAST_BYTES there is no room. */
uint64_t walk_room_left(const struct walk_room *room, uint32_t sharers);

/* A part of it, for tests. Path of the memory group in the text of /proc/self/cgroup: of version 2,
 * *is_v2, else of 1. NULL: there is none. Ends at the line's end. */
const char *walk_room_group(const char *text, bool *is_v2);

#endif
