/* The line engine of 3.12 and later: local events of sys.monitoring on chosen code.
 *
 * Every code object is looked at once, when it first starts: one that is not chosen answers DISABLE
 * and runs without events from then on. Chosen code has its lines, its begin and end, its jumps
 * where they make loops on one line (calls_loops.h; others are disabled where they stand), and its
 * calls: what Python function it calls by name, and what Python calls for it at that moment (an
 * operator, a property), gets events at its begin and end, so that its time is no own time of the
 * line. Such a function that had answered DISABLE before is asked for again, at most every
 * RESTART_NS, as that costs each code object one event.
 */
#ifndef UNSLOW_AGENT_CALLS_LINE_EVENTS_H
#define UNSLOW_AGENT_CALLS_LINE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

bool calls_line_events_install(char *reason, size_t reason_size);
/* Those of the code that it watches off, then on again; begins of that come all the same, and those
 * of all code cannot be had back without its being instrumented anew. */
void calls_line_events_pause(bool off);
void calls_line_events_remove(void);

#endif
