/* The iterable that the server gets, where sending it runs code of the
 * application: an iterator (a generator, Werkzeug's ClosingIterator) or an
 * object with close() (Django's HttpResponse, a file).
 *
 * It counts bytes and ends the unit: at close(), at the end of an iterator that
 * has no close(), or when it is dropped. It can do what the application's can,
 * by the same special methods, and is the application's otherwise (delegate.h).
 * Lists, tuples, None, str, bytes and every other object reach the server as
 * they are: nothing of the application runs in them.
 */
#ifndef UNSLOW_AGENT_WSGI_BODY_H
#define UNSLOW_AGENT_WSGI_BODY_H

#include "agent/units.h"

/* Makes the names it asks for. False: could not. */
bool wsgi_body_prepare(void);

/* Is it such an object? Its class is asked, none of its code runs. */
bool wsgi_body_wraps(py_object iterable);

/* New reference, or NULL, possibly with an exception set: the iterable must be
 * passed on as it is. Takes over the reference to it if it succeeds. */
py_object wsgi_body_new(struct unit *unit, py_object iterable);

#endif
