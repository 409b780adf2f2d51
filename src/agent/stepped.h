/* A unit's coroutine, stepped: an awaitable in its place that knows, exactly, when
 * it ran and when it was suspended (steps.h), and ends the unit with it.
 *
 * It is what Python takes for a coroutine (send, throw, close and __await__, as
 * collections.abc.Coroutine asks), so that a task can be made of it; attributes
 * of a coroutine that it has not (cr_frame, __qualname__) are the coroutine's own.
 * A unit may begin before it, and is current then, or with its first step, in
 * the context of the task that makes that step. Holds the unit.
 */
#ifndef UNSLOW_AGENT_STEPPED_H
#define UNSLOW_AGENT_STEPPED_H

#include "agent/units.h"

struct stepped {
	struct py_head head;
	py_object coroutine; /* first field: who looks from outside follows it
			      * (python/remote_tasks.c) */
	py_object iterator;  /* coroutine.__await__(), from the first step on */
	py_object about;     /* what the unit is for: a scope, a request */
	struct unit *unit;   /* NULL: not begun, or nothing is recorded */
	/* Before the unit ends, no exception set. `returned`: not by an exception. */
	void (*finish)(struct unit *unit, py_object about, bool returned);
	/* At the first step, which may be long after it was made. NULL: it has its unit. */
	struct unit *(*begin)(py_object about, uint64_t made_ns);
	uint64_t made_ns;
	/* Once, when the coroutine has ended, whatever it is of; an exception may be set and stays.
	 */
	void (*over)(const struct stepped *call);
	uint64_t waiting_unit; /* for `over`: what waits, and where it began to */
	uint32_t waiting_stack;
	uint32_t waiting_type; /* the name of its type, of asyncio's; 0: a pool */
	uint64_t waiting_lock; /* lock_name() of what it waits for; 0: no lock */
	bool inner;            /* a part of the unit in a task of its own: only steps are counted */
	bool has_value;        /* what it returns is asked for */
	bool raised;           /* for `over`: it ended by an exception */
};

/* Makes the type. False: could not. GIL held, as for all below. */
bool stepped_prepare(void);

/* New reference without a coroutine yet; NULL: exception set. `unit`, `about` and
 * `finish` may be NULL; unit and about are kept. */
struct stepped *stepped_new(struct unit *unit, py_object about,
			    void (*finish)(struct unit *, py_object, bool));

/* The unit ends now, if this is not inside it: by return, exception or being
 * closed. An exception that is set stays set. */
void stepped_end(struct stepped *call);

/* The coroutine in `object`, if it is one of these; else itself. Borrowed. */
py_object stepped_target(py_object object);

#endif
