/* The trace a request belongs to, as its caller says: the header traceparent (W3C Trace Context,
 * recommendation of 2021-11-23, section 3.2). Only the trace's number is taken: it joins what a
 * client measured with what was seen here, and says nothing of the request.
 */
#ifndef UNSLOW_AGENT_TRACE_CONTEXT_H
#define UNSLOW_AGENT_TRACE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/units.h"

struct trace_id {
	uint64_t high, low; /* not both 0 */
};

/* False: it is none, or of a version that may mean anything. */
bool trace_context_parse(const char *text, size_t length, struct trace_id *id);
/* Writes the unit's trace, if `text` is one. NULL is fine. */
void trace_context_note(const struct unit *unit, const char *text, size_t length);

#endif
