/* Requests that their client sent late, because all of its connections waited for answers.
 *
 * A client that was busy itself was late by itself, and would be in front of any server. One that
 * may have so many connections at once and has none free waits for the server: its queue has gone
 * on in the client. Such a request is replayed as arriving when it was due.
 */
#ifndef UNSLOW_MODEL_WHAT_IF_LATE_H
#define UNSLOW_MODEL_WHAT_IF_LATE_H

#include "model/what_if.h"

/* Of the units of w, whose arrivals ascend before and after. `connections`: that the client had at
 * most; `seen`: part of its requests that are units. */
void what_if_late(struct what_if *w, double connections, double seen);

#endif
