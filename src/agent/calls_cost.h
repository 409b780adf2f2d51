/* What counting costs, measured at the start with functions of our own.
 *
 * They are called with the engine in place and without it; the difference is the cost of a call,
 * begin and end. What of it the tree charged to the function itself (inside) is its own time there,
 * less half of what the call takes without the engine; the rest (outside) is the caller's. A call
 * is one of a function that calls itself twice, whose branches no processor learns by heart; a
 * resume (with the suspension that ends it) one turn of a generator below another that only hands
 * on; their parts are as those of a loop that calls an empty function, and of a generator alone.
 * One of a coroutine, whose waiting is remembered, apart; the same of a C function. These calls are
 * counted in a tree that is thrown away.
 *
 * Where a program runs each costs more: caches are full of other things, branches go otherwise. So
 * from 3.12 on one event in some (calls_tree.h) is timed from its clock reading to its end, in the
 * trials and in the program; by as much as that is longer there, an event is taken to cost more.
 * From 3.12 on CPython makes an int for an event past the first 256 bytes of code, and throws it
 * away (calls_monitoring.c): half as much again as the rest, and more where the allocator's pools
 * are of a program (283 instructions in json for 213 in a loop). So one such event in some makes
 * another one, which is timed. What else lies before the clock reading is not seen so: windows with
 * and without hooks tell the whole (struct calls_window).
 */
#ifndef UNSLOW_AGENT_CALLS_COST_H
#define UNSLOW_AGENT_CALLS_COST_H

#include <stdbool.h>
#include <stdint.h>

/* Before the engine is put in place, then after: the page's numbers. `c_calls`: those of C
 * functions, too. GIL held, no exception set or left. */
void calls_cost_without(void);
void calls_cost_with(bool c_calls);
/* What was measured last, and what the program has shown since, into a page: now and then, and into
 * that of a fork's child, which measures nothing. Any thread. */
struct calls_process;
void calls_cost_write(struct calls_process *page);
/* Is that one of the functions that are called? They are chosen whatever the patterns say. */
bool calls_cost_has(uintptr_t code);

#endif
