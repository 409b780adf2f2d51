/* Below which root a thread's calls are counted: the route of the unit that it works for, or the
 * caller on another thread that it works for.
 *
 * A unit's route shows only while its request is handled (a router finds it): what is on the stack
 * by then moves below the route's root, with its counts; what had ended before stays below the root
 * without a route. GIL held, no exception needed.
 */
#ifndef UNSLOW_AGENT_CALLS_ROOTS_H
#define UNSLOW_AGENT_CALLS_ROOTS_H

#include "agent/calls_tree.h"
#include "agent/units.h"

/* Code of the unit begins and ceases to run on the calling thread; these do not nest. */
void calls_unit_enter(struct unit *unit);
void calls_unit_leave(struct unit *unit);
/* Events of its threads' trees, or where lines alone are counted, of their lines, while its code
 * ran there. */
uint64_t calls_unit_events(const struct unit *unit);
/* It has ended, on the calling thread; nothing else ran there since it was entered. */
void calls_unit_ended(struct unit *unit, uint64_t wall_ns);
/* Its route has just become known, or another one. */
void calls_unit_routed(struct unit *unit);

/* Who hands over work now: the calling thread's top of the stack; area 0: calls are not counted. */
struct calls_place {
	uint32_t area, node;
};
struct calls_place calls_place_now(void);
/* That work begins on the calling thread; the end takes what the begin gave. */
uint32_t calls_work_enter(struct calls_place from);
void calls_work_leave(uint32_t entered);

#endif
