/* Code of a WSGI application runs inside its unit: the application itself, or a
 * part of the response that it returned.
 *
 * Most servers do nothing else between these runs: the unit is current, and what
 * the server calls (sends) is the unit's. A server with a loop of its own below
 * WSGI (bjoern; facts.h) serves others between them on the same thread. The runs
 * of its units are counted as steps (steps.h), and no unit is current between them.
 */
#ifndef UNSLOW_AGENT_WSGI_RUN_H
#define UNSLOW_AGENT_WSGI_RUN_H

#include "agent/agent.h"
#include "agent/units.h"

/* Lies on the C stack of the call; greenlets may copy it. */
struct wsgi_run {
	struct agent_thread *thread; /* NULL: no slot */
	uintptr_t base_before;       /* unit_base_frame to be put back */
};

/* The unit is current already. GIL held; no exception is set or left. */
struct wsgi_run wsgi_run_enter(struct unit *unit);
/* An exception that is set stays set. */
void wsgi_run_leave(struct unit *unit, struct wsgi_run run);

#endif
