/* What counting lines costs, measured at the start with functions of our own.
 *
 * They run with the engine in place and without it, as in calls_cost.h; the difference is shared
 * out to the kinds of events that each has: lines that follow one another, iterations on one, calls
 * of C, of chosen code (the middle of a loop that calls it and of a function that calls itself
 * twice) and of other code, resumes of chosen code; from 3.12 on what an event costs more whose
 * line or offset is past the small numbers (calls_monitoring.c). Other code's part that lies in its
 * own time is that time, less half of what the call takes without the engine. calls_lines.c adds up
 * what all events cost, so a line's times can be corrected by those in it alone. Their lines are
 * counted in memory that is thrown away. An engine that counts calls is in place in both: what that
 * costs is not in it. In an app with more in the cache each costs more.
 */
#ifndef UNSLOW_AGENT_CALLS_LINES_COST_H
#define UNSLOW_AGENT_CALLS_LINES_COST_H

#include <stdbool.h>
#include <stdint.h>

/* Before the engine is put in place, then after: lines_cost. GIL held, no exception set or left. */
void calls_lines_cost_without(void);
void calls_lines_cost_with(void);
/* Is that one of the functions whose lines are counted for it? They are chosen whatever the
 * patterns say. */
bool calls_lines_cost_has(uintptr_t code);

#endif
