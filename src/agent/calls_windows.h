/* Hooks on and off by turns, to see what they cost where they run (CALLS_DUTY).
 *
 * An event costs more in a server than in a loop: caches are full, and what the interpreter had
 * specialized for a call site is lost. So while the program asks for it, the engine is taken out
 * for a part of each period, and the CPU of the requests that ended with it and without it is
 * summed beside their events (struct calls_window). The turn changes at the begin of a request, so
 * a process that serves none has its hooks on all the time and no windows. A request that saw both
 * counts in neither, nor do the first ones of a turn, in which CPython patches code again.
 * GIL held.
 */
#ifndef UNSLOW_AGENT_CALLS_WINDOWS_H
#define UNSLOW_AGENT_CALLS_WINDOWS_H

#include <stdbool.h>
#include <stdint.h>

struct unit;

/* The engine has just been put in place: a turn with hooks begins. Periods of 0 ms: no turns. */
void calls_windows_begin(uint32_t on_ms, uint32_t period_ms);
void calls_windows_end(void);

/* A unit begins; it ended, with that wall and CPU time. */
void calls_windows_unit_begin(struct unit *unit);
void calls_windows_unit_end(struct unit *unit, uint64_t wall_ns, uint64_t cpu_ns);

#endif
