/* Tornado: one run of a RequestHandler's method is a unit of work.
 *
 * The hook stands on RequestHandler._execute, whose coroutine Tornado makes a task
 * of: prepare(), the method, the writing of the response. Tornado's handlers do not
 * know the pattern that led to them: the route is the handler's class.
 *
 * A WebSocketHandler's is no unit (asgi.h says why).
 */
#ifndef UNSLOW_AGENT_TORNADO_H
#define UNSLOW_AGENT_TORNADO_H

#include "agent/descriptor.h"

extern struct hook_row tornado_hooks[]; /* end: module NULL */

#endif
