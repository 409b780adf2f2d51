/* Work for a unit in threads of a pool: whose it is, and its CPU time.
 *
 * An asynchronous unit hands what would block to a thread and waits, suspended,
 * meanwhile: that time belongs to the work. Hooks:
 *   _WorkItem.__init__ and run (concurrent.futures: run_in_executor, to_thread,
 *       asgiref's sync_to_async): an item belongs to the unit that submits it.
 *       It carries the unit's id in an attribute, and the context of the thread
 *       names the unit while the item runs.
 *   anyio.to_thread.run_sync (Starlette, FastAPI): its function, which anyio
 *       calls in the unit's context, is given inside an object that times it.
 * The time of each is one RECORD_UNIT_WORK, written by the thread that did it.
 */
#ifndef UNSLOW_AGENT_WORK_H
#define UNSLOW_AGENT_WORK_H

#include "agent/descriptor.h"

extern struct hook_row work_hooks[]; /* end: module NULL */

/* Makes the type. False: could not. GIL held. */
bool work_prepare(void);

#endif
