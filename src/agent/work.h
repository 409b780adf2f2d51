/* Work for a unit in threads of a pool: whose it is, and its CPU time.
 *
 * An asynchronous unit hands what would block to a thread and waits, suspended,
 * meanwhile: that time belongs to the work. Hooks:
 *   _WorkItem.__init__ and run (concurrent.futures: run_in_executor, to_thread,
 *       asgiref's sync_to_async): an item belongs to the unit that submits it.
 *       It carries whose it is in an attribute.
 *   anyio.to_thread.run_sync (Starlette, FastAPI), aiosqlite's _execute: the
 *       function is given to the thread inside an object that times it.
 * The context of the thread names the unit while it does the work. The time of each is one
 * RECORD_UNIT_WORK, written by the thread that did it; where an event loop handed it over, a span
 * "thread.hop" says from which line, and how long it waited until its thread ran, and a span
 * "thread.back", of no length, how long from its end until the unit ran on; of work that ended
 * at once, the last.
 */
#ifndef UNSLOW_AGENT_WORK_H
#define UNSLOW_AGENT_WORK_H

#include "agent/descriptor.h"
#include "agent/units.h"

extern struct hook_row work_hooks[]; /* end: module NULL */

/* The unit runs on, after work of it ended in a thread (hop_end_ns). GIL held. */
void work_resumed(struct unit *unit, uint64_t now_ns);

/* Makes the type. False: could not. GIL held. */
bool work_prepare(void);

#endif
