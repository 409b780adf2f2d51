/* The child that walks: a frozen copy of the process, with one thread and nobody's locks.
 *
 * It is made by the bare system call: no handler of pthread_atfork runs, in it or in the process,
 * so locks of the C library and of extension modules may be held for ever in it. It takes none: no
 * malloc, no stdio stream, no Python function, no hook of ours (agent_awake is off in it). A
 * type's tp_traverse that takes a lock may hang; then its time ends it.
 *
 * It gives up what it has in common with the process before it begins: descriptors are closed (a
 * listening socket that it kept would hold the port), signals are blocked or do what they do by
 * default, it is the first to go when memory runs out, dumps no core, and goes when the process
 * goes.
 */
#ifndef UNSLOW_AGENT_WALK_CHILD_H
#define UNSLOW_AGENT_WALK_CHILD_H

#include <stdint.h>

#include "agent/walk_file.h"

struct walk_order {
	struct walk_file *page;
	long parent;           /* process id */
	uint64_t memory_bytes; /* that it may use for itself */
};

/* In the child, at once. Ends it. */
_Noreturn void walk_child(const struct walk_order *order);

#endif
