/* What counting one call costs, measured at the start with functions of our own.
 *
 * An empty function is called in a loop, with the engine in place and without it; the difference is
 * the cost of a call, begin and end. What of it the tree charged to the function itself (inside) is
 * its own time there, less half of what the call takes without the engine; the rest (outside) is
 * the caller's. The same of a C function. These calls are counted in a tree that is thrown away. In
 * a server each costs more (measured: 14–17 ns here, 20–36 in Flask, for an empty callback): what
 * they cost there, windows with and without hooks tell (struct calls_window).
 */
#ifndef UNSLOW_AGENT_CALLS_COST_H
#define UNSLOW_AGENT_CALLS_COST_H

#include <stdbool.h>
#include <stdint.h>

/* Before the engine is put in place, then after: the page's four numbers. `c_calls`: those of C
 * functions, too. GIL held, no exception set or left. */
void calls_cost_without(void);
void calls_cost_with(bool c_calls);
/* What was measured last, into a page: also into that of a fork's child, which measures nothing. */
struct calls_process;
void calls_cost_write(struct calls_process *page);
/* The code of the empty function: chosen whatever the patterns say. 0: none. */
extern uintptr_t calls_cost_code;

#endif
