/* How one object holds another.
 *
 * An object that holds another through a dict, a tuple or a cell of its own does so in two or three
 * references; a step is all of them. So a step is described from a row of objects, each of which
 * refers to the next.
 */
#ifndef UNSLOW_AGENT_WALK_EDGES_H
#define UNSLOW_AGENT_WALK_EDGES_H

#include "agent/walk_file.h"
#include "agent/walk_objects.h"

/* `path`: objects, each refers to the next, the last one is held; at least two. Describes how the
 * first one holds what comes `*taken` references later. `edge->holder` is left alone. */
struct walk_edge walk_edge_of(const uintptr_t *path, size_t count, size_t *taken);
/* How the dict of a module's or a class's names holds it. */
struct walk_edge walk_edge_of_variable(uintptr_t dict, uintptr_t held);
/* As walk_edge_of(); path[0] is a thread's state. */
struct walk_edge walk_edge_of_state(const uintptr_t *path, size_t count, size_t *taken);
/* How a frame that runs holds it: a frame object (3.8–3.10) or an interpreter frame. */
struct walk_edge walk_edge_of_frame(uintptr_t frame, uintptr_t held);

#endif
