/* Python-level spans: methods of drivers and pools worth a name of their own.
 *
 * A span around the making or closing of a connection holds what the driver's
 * and the pool's own Python costs, beside the calls recorded inside it; its
 * record names the handle opened or closed last inside (RECORD_OPENS,
 * RECORD_CLOSES). What the hooks of those calls took is not in it: inside a span
 * each one is timed. Spans of a library's own work name no handle. A new one is a
 * row in spans.c.
 */
#ifndef UNSLOW_AGENT_SPANS_H
#define UNSLOW_AGENT_SPANS_H

#include "agent/descriptor.h"

extern struct hook_row span_hooks[]; /* end: module NULL */

#endif
