/* aiohttp.web: one request that a connection's handler takes up is a unit of work.
 *
 * The hook stands on RequestHandler._handle_request, whose coroutine aiohttp
 * makes a task of: handler, middlewares and the writing of the response. Its unit
 * begins when that is made, so that the wait for the loop until its first step
 * counts. What the response is shows when it is prepared. Route: the resource's
 * canonical path; a handler of web.Server, which has no routes, is named itself.
 *
 * A request for a websocket is no unit (asgi.h says why).
 */
#ifndef UNSLOW_AGENT_AIOHTTP_H
#define UNSLOW_AGENT_AIOHTTP_H

#include "agent/descriptor.h"

extern struct hook_row aiohttp_hooks[]; /* end: module NULL */

#endif
