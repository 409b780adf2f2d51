/* Headers of requests and responses that are objects of a framework, aiohttp's and Tornado's:
 * mappings whose get() takes a name in any case. Nothing of them is kept but the trace's number.
 */
#ifndef UNSLOW_AGENT_HEADERS_H
#define UNSLOW_AGENT_HEADERS_H

#include "agent/units.h"

/* A header's value: new reference or NULL, no exception set. NULL headers have none. */
py_object header_in(py_object headers, const char *name);
/* The same, of what has the attribute `headers`. */
py_object header_of(py_object message, const char *name);
/* The unit's method and trace, as the request says. */
void headers_note_request(struct unit *unit, py_object request);

#endif
