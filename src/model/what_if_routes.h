/* Units of a what-if, route by route. */
#ifndef UNSLOW_MODEL_WHAT_IF_ROUTES_H
#define UNSLOW_MODEL_WHAT_IF_ROUTES_H

#include "model/what_if.h"

/* Of one route, in no order; the array is the caller's of this, what it points to is changed at
 * will but for the routes. */
typedef void what_if_route(struct what_if_unit *const *units, size_t count, void *context);

/* Calls `each` for every route that units have. */
void what_if_by_route(struct what_if_unit *units, size_t count, what_if_route *each, void *context);

#endif
