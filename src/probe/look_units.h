/* Which unit of work a thread is in, read from outside as the agent reads it inside.
 *
 * The agent says in its channel where it keeps that (struct channel_units): a variable in the
 * thread's current context, which greenlets and tasks switch with the frames, so a look that is
 * true of the frames is true of the unit. What the process says is checked: an id is of its own
 * units or it is none. Nothing is kept.
 */
#ifndef UNSLOW_PROBE_LOOK_UNITS_H
#define UNSLOW_PROBE_LOOK_UNITS_H

#include <stdint.h>

#include "agent/channel.h"
#include "python/remote.h"
#include "target/memory.h"

struct look_units {
	struct channel_units at; /* a copy; variable 0: nobody follows units in this process */
	uint32_t serial;         /* of the process in its channel: the upper part of its ids */
};

/* Of the thread whose state that is, while it stands; 0: none, or it cannot be read. */
uint64_t look_units_of(const struct look_units *units, const struct remote *remote,
		       uintptr_t tstate);
/* The run that is open now, which a thread in no unit works for; 0: none. Read past the cache. */
uint64_t look_units_run(const struct look_units *units, struct memory *memory);

#endif
