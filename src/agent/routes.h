/* Route templates: which handler a request went to, never its path.
 *
 * Frameworks match the path to a rule object; hooks at the place of matching
 * read it and hand it over here. What a rule object says (template, first line
 * of its handler) is worked out once and kept with the object, which is held.
 */
#ifndef UNSLOW_AGENT_ROUTES_H
#define UNSLOW_AGENT_ROUTES_H

#include "agent/descriptor.h"
#include "agent/units.h"

/* Text id of "(unmatched)": a framework had the request and no rule matched. */
uint32_t route_unmatched_id(void);

/* The stack id that stands for a function's first line; 0: not a Python function. */
uint32_t route_handler_stack(py_object function);

/* Unit of a plain callable that no framework of the table serves: its route is
 * the callable's qualified name, its handler the function. */
void route_from_callable(struct unit *unit, py_object callable);
/* After a WSGI entry: Bottle leaves its route in the environ. */
void route_from_environ(struct unit *unit, py_object environ);
/* After an ASGI entry: Starlette and FastAPI leave "route" and "endpoint" in the scope. */
void route_from_scope(struct unit *unit, py_object scope);

/* A handler whose methods are named as HTTP's (Tornado): its class is the route. */
void route_from_view(struct unit *unit, py_object view);
/* After an aiohttp.web request: what its match_info says. */
void route_from_aiohttp(struct unit *unit, py_object request);

extern struct hook_row route_hooks[]; /* end: module NULL */

#endif
