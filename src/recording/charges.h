/* A unit's measured sums, exclusive of one another: who owned its time.
 *
 * Calls under 20 µs count as CPU; of longer ones the part that was not CPU is
 * blocked time of its kind (for libsqlite3 the whole call is the database's,
 * its CPU kept apart). Nested calls are detail. A synchronous unit owns the
 * calls of its own thread only: what other threads do for it passes while it
 * waits for them. An asynchronous unit waits suspended: statements open in that
 * time, and database calls in other threads, are db_await_ns (the union of
 * their intervals); then come waits of its tasks for locks of asyncio (the union, too), then
 * other calls in other threads, and the CPU time of the work there outside databases, each
 * charged up to the time that is left.
 */
#ifndef UNSLOW_RECORDING_CHARGES_H
#define UNSLOW_RECORDING_CHARGES_H

#include <stdint.h>

#include "recording/names.h"

struct unit;

struct charges {
	uint64_t db_ns, db_cpu_ns, db_await_ns;
	uint64_t net_ns, file_ns, lock_ns, pool_ns, sleep_ns, gil_ns, gc_ns;
	uint64_t
		work_cpu_ns; /* asynchronous: CPU of its work in other threads, part of gc_ns too */
	uint64_t calls;
};

struct charges charges_of(const struct names *names, struct unit *unit);

#endif
