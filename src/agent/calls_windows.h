/* Hooks on and off by turns, to see what they cost where they run (CALLS_DUTY).
 *
 * An event costs more in a server than in a loop: caches are full, and what the interpreter had
 * specialized for a call site is lost. So while the program asks for it, the engine of calls, or
 * where lines alone are counted that of lines, is taken out for a part of each period, and the CPU
 * of the units of work that ended with it and without it is summed beside their events (struct
 * calls_window). Units are requests; where there are none, and calls are counted, calls of a
 * function that the program calls again and again (calls_repeats.h). The turn changes at the begin
 * of a unit, so a process that has none has its hooks on all the time and no windows. A unit that
 * saw both counts in neither, nor do the first ones of a turn, in which CPython patches code again.
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

/* A unit of work begins; the turn may change. Gives the turn that it is of; 0: it counts in none.
 */
uint32_t calls_windows_enter(void);
/* It ended, with that wall and CPU time, and so many events. */
void calls_windows_leave(uint32_t turn, uint64_t wall_ns, uint64_t cpu_ns, uint64_t events);

/* The same of a request: it is the process's unit from now on. */
void calls_windows_unit_begin(struct unit *unit);
void calls_windows_unit_end(struct unit *unit, uint64_t wall_ns, uint64_t cpu_ns);

/* A function has been found whose calls are the units from now on, and the only ones that are
 * summed. Given up once none has come for too long. */
void calls_windows_await_repeats(void);

/* The turn should have changed, and no call of the repeated function has come since. Any thread. */
bool calls_windows_are_overdue(void);
/* Hooks are on after it, and another function is looked for. */
void calls_windows_end_overdue(void);

#endif
