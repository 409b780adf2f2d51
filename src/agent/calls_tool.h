/* A tool of sys.monitoring (PEP 669, 3.12+): its id, its callbacks in C, events of single code
 * objects.
 *
 * An id is taken of those that are given to nobody (3, 4), then that of an optimizer (5); never one
 * that another tool has. All with the GIL held; no exception is left set.
 */
#ifndef UNSLOW_AGENT_CALLS_TOOL_H
#define UNSLOW_AGENT_CALLS_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/abi.h"

#define TOOL_ROWS_MAX 16

struct tool_row {
	const char *name; /* of sys.monitoring.events; an event that a version lacks is left out */
	void *callback;   /* (self, values, count): as METH_FASTCALL; of count, tool_count() */
};

struct tool {
	long id; /* -1: none */
	py_object monitoring,
		disable; /* the module, and what a callback returns to be left alone */
	py_object codes; /* list of those with events of their own */
	size_t count;
	long bits[TOOL_ROWS_MAX];
	struct py_method_def definitions[TOOL_ROWS_MAX];
};
#define TOOL_NONE \
	{ \
		.id = -1 \
	}

/* How many values a callback has. */
static inline size_t tool_count(py_ssize count)
{
	return (size_t)count & (SIZE_MAX >> 1);
}

/* Takes an id, registers the callbacks. False: `reason` says who is in the way. */
bool tool_take(struct tool *tool, const struct tool_row *rows, size_t count, char *reason,
	       size_t reason_size);
/* No events any more, nowhere; the id is free. */
void tool_give_back(struct tool *tool);

/* `events`: bits 1 << row. Of all code; of one code object, which is kept until tool_give_back().
 */
bool tool_set(struct tool *tool, uint32_t events);
bool tool_set_local(struct tool *tool, uintptr_t code, uint32_t events);
/* Given and taken at once. */
bool tool_set_once(struct tool *tool, uintptr_t code, uint32_t events);
/* The same of all those that are kept. */
void tool_set_kept(struct tool *tool, uint32_t events);
/* The same, each what `events` says of it. */
void tool_set_kept_by(struct tool *tool, uint32_t (*events)(uintptr_t code));
/* What callbacks have left alone comes again (of all tools: sys.monitoring has no other way). */
void tool_restart(struct tool *tool);

#endif
