/* The start_response that the application gets: reads the status, counts what
 * is written by the write() it gives back; both are the server's otherwise.
 */
#ifndef UNSLOW_AGENT_WSGI_RESPONSE_H
#define UNSLOW_AGENT_WSGI_RESPONSE_H

#include "agent/units.h"

/* Makes the types. False: could not. */
bool wsgi_response_prepare(void);

/* New reference, or NULL with an exception set. `start` is kept. */
py_object wsgi_start_new(struct unit *unit, py_object start);

#endif
