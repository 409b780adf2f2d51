/* The two objects a WSGI unit puts between server and application.
 *
 * wsgi_start: the start_response that the application gets; reads the status.
 * wsgi_body: the iterable that the server gets; counts bytes, ends the unit
 * when it is closed. It has a length if the application's has one, and every
 * other attribute of it.
 */
#ifndef UNSLOW_AGENT_WSGI_RESPONSE_H
#define UNSLOW_AGENT_WSGI_RESPONSE_H

#include "agent/units.h"

/* Makes the types. False: could not. */
bool wsgi_response_prepare(void);

/* New reference, or NULL with an exception set. `start` is kept. */
py_object wsgi_start_new(struct unit *unit, py_object start);
/* The same; takes over the reference to `iterable` if it succeeds. */
py_object wsgi_body_new(struct unit *unit, py_object iterable);

/* An exception leaves application code: written as one, once a unit, and kept
 * in the unit. The exception stays set. */
void wsgi_note_exception(struct unit *unit);

#endif
