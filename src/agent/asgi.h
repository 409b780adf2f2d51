/* ASGI: one await of an application for an http scope is a unit of work.
 *
 * The hook stands on the coroutine method that every request of a framework
 * passes and no server inspects (servers ask whether the application's own
 * __call__ is a coroutine function, so that one must stay). It gives back an
 * awaitable that steps the framework's coroutine and so knows, exactly, when it
 * ran and when it was suspended (steps.h).
 *
 * The unit ends with the application, or when that is suspended after it sent
 * the last byte: background tasks are not time that a client waits.
 *
 * Websockets and lifespans are no units: a connection that stays open is never
 * one long request (fact agent.websocket says so). A stream of events
 * (text/event-stream) is a unit of a kind of its own, UNIT_STREAM.
 */
#ifndef UNSLOW_AGENT_ASGI_H
#define UNSLOW_AGENT_ASGI_H

#include "agent/descriptor.h"

extern struct hook_row asgi_hooks[]; /* end: module NULL */

/* Makes the types. False: could not. GIL held. */
bool asgi_prepare(void);

#endif
