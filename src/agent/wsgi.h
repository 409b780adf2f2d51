/* WSGI: a call of an application is a unit of work.
 *
 * It begins at the outermost application object we know (a framework's class,
 * or whatever callable gunicorn loaded). It ends when the application returns,
 * or, if what it returned runs code of the application while it is sent (a
 * generator, an object with close(): wsgi_body.h), when the server closes that:
 * the sending of such a response, and what a framework does in close(), belong
 * to the request; the sending of a list is the server's. An application called
 * by another one, inside its unit, is part of that unit.
 */
#ifndef UNSLOW_AGENT_WSGI_H
#define UNSLOW_AGENT_WSGI_H

#include "agent/descriptor.h"

extern struct hook_row wsgi_hooks[]; /* end: module NULL */

/* Makes the types. False: could not; nothing may be installed. GIL held. */
bool wsgi_prepare(void);

/* One call of an application by (environ, start_response). `callable` is called
 * with `self` first, if that is not NULL; `framework`: it sets the route itself. */
py_object wsgi_serve(py_object callable, py_object self, const py_object *values, py_ssize count,
		     py_object keywords, bool framework);

#endif
