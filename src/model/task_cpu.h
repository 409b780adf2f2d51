/*
 * CPU of tasks that no unit's running time has. Under uvloop only steps of a unit's own coroutine
 * are seen (agent/loop.h): what a task computes that it made and waits for (asyncio.create_task,
 * every StreamingResponse of Starlette) is awaited, by the clock. Samples do have it. Where those
 * of units, on the threads that they run on, hold at least twice the CPU that the ledger has, and
 * the rest is a tenth of all time or more, that rest is moved from what units await to Python, to
 * each its part.
 */
#ifndef UNSLOW_MODEL_TASK_CPU_H
#define UNSLOW_MODEL_TASK_CPU_H

#include <sqlite3.h>

#include "base/err.h"

/* Makes temp.task_cpu: a row with what was moved (ns, over all units of the basis), or none. After
 * basis, basis_total and looked. */
enum err_kind task_cpu_move(sqlite3 *db, struct err *e);

#endif
