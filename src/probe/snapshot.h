/* One process's Python threads and asyncio tasks at one instant (python/snapshot.h).
 *
 * A first, unstill look learns the code objects; the still one (still.h) then reads frames and
 * little else, which keeps a stop short. Tasks beyond a time are left out and counted where a
 * thread is stopped for the look.
 */
#ifndef UNSLOW_PROBE_SNAPSHOT_H
#define UNSLOW_PROBE_SNAPSHOT_H

#include "base/arena.h"
#include "base/err.h"
#include "probe/python_process.h"
#include "probe/still.h"
#include "python/snapshot.h"

/* Of a process that was checked; all texts go to `arena`. */
MUST_CHECK enum err_kind snapshot_take(struct python_process *process, struct still *still,
				       struct arena *arena, struct snapshot_process *out,
				       struct err *e);

#endif
